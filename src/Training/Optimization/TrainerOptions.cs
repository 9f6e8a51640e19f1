namespace AdaConv.Training.Optimization;

/// <summary>Where a run lies and how it is watched; nothing that changes its result.</summary>
public sealed record TrainerOptions
{
    /// <summary>The run's folder; a checkpoint in it is gone on from.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Folder of the decoded clips.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Folder of the Middlebury examination; null = none.</summary>
    public string? Middlebury { get; init; }

    /// <summary>Folder of validation clips; null = none.</summary>
    public string? Validation { get; init; }

    /// <summary>Threads; 0 = one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Time between checkpoints.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Time between examinations.</summary>
    public TimeSpan ExaminationInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time between progress lines.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Receives progress, a line at a time.</summary>
    public Action<string> Report { get; init; } = _ => { };
}
