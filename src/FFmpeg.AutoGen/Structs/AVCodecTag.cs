namespace FFmpeg.AutoGen;

/// <summary>A table between codings and their marks in a container.</summary>
public struct AVCodecTag;
