namespace FFmpeg.AutoGen;

/// <summary>A conversion between sizes and pixel formats.</summary>
public struct SwsContext;
