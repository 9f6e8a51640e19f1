namespace FFmpeg.AutoGen;

/// <summary>What a context says of itself; never looked into here.</summary>
public struct AVClass;
