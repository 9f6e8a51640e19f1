namespace AdaConv.Training.Evaluation;

/// <summary>A line of a run's log: means since the line before.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Loss of the final frame.</param>
/// <param name="Baseline">The same of plain averaging.</param>
/// <param name="SamplesPerSecond">Speed.</param>
/// <param name="LearningRate">The learning rate of that step.</param>
public sealed record LoggedProgress(long Step, double Loss, double Baseline, double SamplesPerSecond, double LearningRate);
