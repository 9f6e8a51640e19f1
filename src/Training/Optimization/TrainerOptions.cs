using AdaConv.Training.Evaluation;

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

    /// <summary>When the run is examined; at its end it always is.</summary>
    public ExaminationSchedule Examinations { get; init; } = ExaminationSchedule.Default;

    /// <summary>Time between progress lines.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Receives what there is to say, a line at a time.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Receives the state of the run, each <see cref="ReportInterval"/>.</summary>
    public Action<TrainingProgress> Progress { get; init; } = _ => { };

    /// <summary>Receives the result of each examination, with the steps done; all files of it are there.</summary>
    public Action<long, ExaminationResult> Examined { get; init; } = (_, _) => { };
}
