namespace AdaConv.FrameFilter.Configuration;

/// <summary>A preset that was found.</summary>
/// <param name="Name">Its file's name without the extension.</param>
/// <param name="Path">Its file.</param>
/// <param name="Purpose">When to take it: the file's first line (an editor's hint aside), empty where that is no comment.</param>
public sealed record Preset(string Name, string Path, string Purpose);
