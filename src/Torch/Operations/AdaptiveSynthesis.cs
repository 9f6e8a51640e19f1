using AdaConv.Engine;
using AdaConv.Model;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>The middle frame from a prediction: warp where there is motion, convolve, and bring both frames together.</summary>
public static class AdaptiveSynthesis
{
    /// <summary>Synthesises planes of the middle frame.</summary>
    /// <param name="prediction">What the network says of the pair.</param>
    /// <param name="frames">
    /// [N, 2P, H, W] float32, contiguous: P planes of the first frame, P of the second, in any affine scale; null = the colour planes that the
    /// network saw, already warped.
    /// </param>
    /// <param name="options">How the kernels run.</param>
    /// <param name="synthesis">Whether the taps are applied.</param>
    /// <returns>[N, P, H, W] float32.</returns>
    public static Tensor Apply(NetworkPrediction prediction, Tensor? frames, EngineOptions options, Synthesis synthesis = Synthesis.Convolution)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        Tensor aligned = frames is null
            ? prediction.Warped ?? throw new ArgumentNullException(nameof(frames))
            : prediction.Flows is { } flows ? PairWarp.Apply(frames.to(prediction.Taps.dtype), flows, options) : frames;
        if (synthesis == Synthesis.Warping && prediction.MaskLogit is { } mask)
        {
            return MaskedBlend.Apply(aligned, mask, options);
        }

        bool ownNorm = prediction.MaskLogit is not null;
        Tensor convolved = PairConvolution.Apply(
            aligned.to(prediction.Taps.dtype), prediction.Taps, prediction.KernelSize, prediction.TapScale, ownNorm, options); // [N, 2P, H, W]
        if (prediction.MaskLogit is { } logit)
        {
            return MaskedBlend.Apply(convolved, logit, options);
        }

        long planes = convolved.shape[1] / 2;
        return convolved.slice(1, 0, planes, 1).Plus(convolved.slice(1, planes, 2 * planes, 1)) / KernelSum(prediction);
    }

    // Sum over both frames of (Σ vertical)(Σ horizontal): [N, 1, H, W]. Only for taps at full resolution.
    private static Tensor KernelSum(NetworkPrediction prediction)
    {
        long k = prediction.KernelSize, batch = prediction.Taps.shape[0], h = prediction.Taps.shape[2], w = prediction.Taps.shape[3];
        Tensor sums = prediction.Taps.slice(1, 0, 4 * k, 1).view(batch, 4, k, h, w).sum(2, type: ScalarType.Float32);
        Tensor norm = (sums.slice(1, 0, 1, 1) * sums.slice(1, 1, 2, 1)).Plus(sums.slice(1, 2, 3, 1) * sums.slice(1, 3, 4, 1));

        // As in revisiting-sepconv: a sum within a hundredth of zero counts as one.
        return where(norm.abs().lt(Scalars.Hundredth), ones_like(norm), norm);
    }
}
