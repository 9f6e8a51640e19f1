using System.Globalization;
using AdaConv.Model;
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

    /// <summary>A clip whose held-out frames are examined beside those; null = none.</summary>
    public string? HeldOut { get; init; }

    /// <summary>Time to train for, examinations not counted, if the configured steps take longer; null = as long as they take.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Threads; 0 = one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Where it computes: the processor, a CUDA device, or that where the build and the machine have one.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

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

/// <summary>Where a run stands; means are over the steps since the last such report.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Loss">Mean loss of the final frame.</param>
/// <param name="Baseline">The same of plain averaging, on the same batches.</param>
/// <param name="Norm">Mean norm of the gradients before clipping.</param>
/// <param name="SamplesPerSecond">Speed.</param>
/// <param name="Left">Time left at that speed.</param>
public sealed record TrainingProgress(
    long Step, long Steps, double Loss, double Baseline, double Norm, double SamplesPerSecond, TimeSpan Left)
{
    /// <summary>The state on one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"step {Step}/{Steps}  loss {Loss:F5}  {Loss / Baseline:F3} of averaging's  norm {Norm:F2}  {SamplesPerSecond:F1} samples/s  {Time(Left)} left");

    /// <summary>A time as h:mm:ss.</summary>
    internal static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}");
}
