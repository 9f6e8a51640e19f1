namespace AdaConv.FrameFilter.Configuration;

/// <summary>What a settings file says after <c>extends</c>.</summary>
/// <param name="NameOrPath">A preset's name, or a path; a relative one starts from the file's folder.</param>
/// <param name="Line">The line it stands in, from 1.</param>
public sealed record BasePreset(string NameOrPath, int Line);
