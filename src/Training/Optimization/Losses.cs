using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>Distances between predicted and true frames, each a mean over all values.</summary>
public static class Losses
{
    private static readonly Scalar CharbonnierFoot = 1e-6f.ToScalar(); // ε², with ε = 0.001 of the range; kept: see Model/Runtime/Scalars

    /// <summary>The distance of <paramref name="predicted"/> from <paramref name="truth"/>, both [N, 3, H, W] in 0..1: a scalar.</summary>
    public static Tensor Of(LossKind kind, Tensor predicted, Tensor truth)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        Tensor difference = predicted - truth;
        return kind switch
        {
            LossKind.L1 => difference.abs().mean(),
            LossKind.L2 => difference.square().mean(),
            LossKind.Charbonnier => difference.square().add(CharbonnierFoot).sqrt().mean(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
