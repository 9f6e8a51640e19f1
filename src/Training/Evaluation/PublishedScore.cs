namespace AdaConv.Training.Evaluation;

/// <summary>A figure that was published for another network.</summary>
/// <param name="Method">The network.</param>
/// <param name="Set">The test set.</param>
/// <param name="Psnr">Mean PSNR in dB; null = not stated there.</param>
/// <param name="Ssim">Mean SSIM; null = not stated there.</param>
/// <param name="MeanAbsoluteError">Mean absolute error in codes (the benchmarks' "IE"); null = not stated there.</param>
/// <param name="Source">Where it stands.</param>
public sealed record PublishedScore(string Method, TestSetKind Set, double? Psnr, double? Ssim, double? MeanAbsoluteError, string Source);
