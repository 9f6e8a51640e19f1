using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>Adam's memory of one parameter.</summary>
/// <param name="First">Running mean of the gradient.</param>
/// <param name="Second">Running mean of its square.</param>
public sealed record AdamMoments(Tensor First, Tensor Second);
