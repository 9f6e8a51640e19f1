namespace AdaConv.FrameFilter.Batch;

/// <summary>How a folder of videos is converted.</summary>
public sealed record BatchOptions
{
    /// <summary>The folder that is read.</summary>
    public required string Input { get; init; }

    /// <summary>The folder that is written to; another one than the input, though it may lie inside it.</summary>
    public required string Output { get; init; }

    /// <summary>Patterns of the files that are taken, such as <c>*.mp4</c> or <c>2024/**</c>; empty: everything named like a video.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns of files that are skipped.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The outputs' extension without its dot; null: each input's own, where FFmpeg writes it, else mkv.</summary>
    public string? Extension { get; init; }

    /// <summary>Whether each original is deleted once its output is verified.</summary>
    public bool DeletesOriginals { get; init; }

    /// <summary>Files at a time; 0: by the rule of <see cref="BatchPace"/>.</summary>
    public int Jobs { get; init; }
}
