namespace AdaConv.FrameFilter.Commands;

/// <summary>How progress is told on stderr.</summary>
internal enum ProgressFormat
{
    /// <summary>A bar on a terminal, a line every few seconds elsewhere.</summary>
    Auto,

    /// <summary>One JSON object a line; see docs/progress.md.</summary>
    Json,
}
