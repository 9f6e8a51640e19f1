namespace FFmpeg.AutoGen;

/// <summary>A named option of a context.</summary>
public struct AVOption;
