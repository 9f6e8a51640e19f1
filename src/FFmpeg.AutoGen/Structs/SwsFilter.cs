namespace FFmpeg.AutoGen;

/// <summary>Coefficients for a scaler; always null here.</summary>
public struct SwsFilter;
