using AdaConv.FrameFilter.Configuration;

namespace AdaConv.FrameFilter.Batch;

/// <summary>One line of the log: what happened to one video.</summary>
public sealed record BatchEntry
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>begun, done or failed.</summary>
    public required string Event { get; init; }

    /// <summary>The video, inside the input folder.</summary>
    public required string Input { get; init; }

    /// <summary>The output, inside the output folder.</summary>
    public required string Output { get; init; }

    /// <summary>The video's content.</summary>
    public string? Content { get; init; }

    /// <summary>The settings and weights, hashed.</summary>
    public string? Settings { get; init; }

    /// <summary>The output's length.</summary>
    public long? OutputBytes { get; init; }

    /// <summary>Frames read.</summary>
    public long? FramesIn { get; init; }

    /// <summary>Frames written.</summary>
    public long? FramesOut { get; init; }

    /// <summary>Seconds that it took.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whether the output was verified, as --verify asks.</summary>
    public bool? Verified { get; init; }

    /// <summary>Whether the original was deleted once the output was verified.</summary>
    public bool? OriginalDeleted { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}
