using System.Globalization;

namespace AdaConv.Training.Optimization;

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
