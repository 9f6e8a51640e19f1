using AdaConv.Model;
using AdaConv.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>Distances between predicted and true frames, each a mean over all values.</summary>
public static class Losses
{
    private const int PyramidLevels = 5, CensusReach = 3;
    private static readonly Scalar CharbonnierFoot = 1e-6f.ToScalar(); // ε², with ε = 0.001 of the range; kept: see Model/Runtime/Scalars
    private static readonly Scalar CensusSlope = (0.81f / (255 * 255)).ToScalar(), CensusFoot = 0.1f.ToScalar();

    /// <summary>The weighted sum of distances of <paramref name="predicted"/> from <paramref name="truth"/>, both [N, 3, H, W] in 0..1: a scalar.</summary>
    public static Tensor Of(LossTerms terms, Tensor predicted, Tensor truth)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Tensor? sum = null;
        foreach (var (kind, weight) in terms.Terms)
        {
            Tensor loss = Of(kind, predicted, truth);
            if (weight != 1)
            {
                using Scalar factor = weight.ToScalar();
                loss = loss.mul(factor);
            }

            sum = sum is null ? loss : sum.Plus(loss);
        }

        return sum!;
    }

    /// <summary>The distance of <paramref name="predicted"/> from <paramref name="truth"/>, both [N, 3, H, W] in 0..1: a scalar.</summary>
    public static Tensor Of(LossKind kind, Tensor predicted, Tensor truth)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        Tensor difference = predicted - truth;
        return kind switch
        {
            LossKind.L1 => difference.abs().mean(),
            LossKind.L2 => (difference * difference).mean(),
            LossKind.Charbonnier => (difference * difference).add(CharbonnierFoot).sqrt().mean(),
            LossKind.Laplacian => PyramidNorm(difference),
            LossKind.Census => CensusDistance(predicted, truth),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    // The pyramid is linear: the pyramid of the difference is the difference of the pyramids. Σ 2ˡ mean |Lˡ|.
    private static Tensor PyramidNorm(Tensor difference)
    {
        long planes = difference.shape[0] * difference.shape[1];
        Tensor level = difference.reshape(planes, 1, difference.shape[2], difference.shape[3]);
        Tensor row = tensor([1f / 16, 4f / 16, 6f / 16, 4f / 16, 1f / 16]);
        Tensor kernel = outer(row, row).view(1, 1, 5, 5).to(difference.dtype).to(difference.device);
        Tensor sum = zeros([], dtype: difference.dtype, device: difference.device);
        for (int i = 0; i < PyramidLevels; i++)
        {
            bool last = i == PyramidLevels - 1 || Math.Min(level.shape[2], level.shape[3]) < 4;
            Tensor rest = level;
            if (!last)
            {
                Tensor blurred = nn.functional.conv2d(nn.functional.pad(level, [2, 2, 2, 2], PaddingModes.Replicate), kernel);
                Tensor smaller = nn.functional.avg_pool2d(blurred, 2, 2);
                rest = level - nn.functional.interpolate(
                    smaller, size: [level.shape[2], level.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
                level = smaller;
            }

            using Scalar weight = ((double)(1 << i)).ToScalar();
            sum = sum.Plus(rest.abs().mean().mul(weight));
            if (last)
            {
                break;
            }
        }

        return sum;
    }

    // As in UnFlow: differences to 48 neighbours, d / √(0.81 + d²) on the scale 0..255; then e² / (0.1 + e²) of both transforms' difference.
    private static Tensor CensusDistance(Tensor predicted, Tensor truth)
    {
        Tensor difference = CensusTransform(predicted) - CensusTransform(truth), square = difference * difference;
        return (square / square.add(CensusFoot)).mean();
    }

    // [N, 3, H, W] → [N, 49, H − 6, W − 6].
    private static Tensor CensusTransform(Tensor frames)
    {
        const int size = 2 * CensusReach + 1;
        Tensor grey = (frames * tensor([0.299f, 0.587f, 0.114f]).view(1, 3, 1, 1).to(frames.dtype).to(frames.device)).sum(1, keepdim: true);
        Tensor neighbours = nn.functional.conv2d(grey, eye(size * size, dtype: grey.dtype, device: grey.device).view(size * size, 1, size, size));
        Tensor centre = grey.slice(2, CensusReach, grey.shape[2] - CensusReach, 1).slice(3, CensusReach, grey.shape[3] - CensusReach, 1);
        Tensor difference = neighbours - centre;
        return difference / (difference * difference).add(CensusSlope).sqrt();
    }
}
