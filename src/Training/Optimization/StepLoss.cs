namespace AdaConv.Training.Optimization;

/// <summary>What a step measured.</summary>
/// <param name="Loss">Loss of the final frame.</param>
/// <param name="Baseline">The same loss of plain averaging, on the same batch.</param>
/// <param name="Norm">Norm of the gradients before clipping.</param>
internal readonly record struct StepLoss(double Loss, double Baseline, double Norm);
