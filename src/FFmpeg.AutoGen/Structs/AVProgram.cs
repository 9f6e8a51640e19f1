namespace FFmpeg.AutoGen;

/// <summary>A programme of a transport stream; never looked into here.</summary>
public struct AVProgram;
