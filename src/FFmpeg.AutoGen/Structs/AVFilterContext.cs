namespace FFmpeg.AutoGen;

/// <summary>A filter in a graph.</summary>
public struct AVFilterContext;
