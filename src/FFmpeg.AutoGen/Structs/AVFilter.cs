namespace FFmpeg.AutoGen;

/// <summary>A filter's description.</summary>
public struct AVFilter;
