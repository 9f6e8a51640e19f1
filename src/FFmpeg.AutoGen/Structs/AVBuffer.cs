namespace FFmpeg.AutoGen;

/// <summary>Counted memory behind an AVBufferRef.</summary>
public struct AVBuffer;
