namespace FFmpeg.AutoGen;

/// <summary>A graph of filters.</summary>
public struct AVFilterGraph;
