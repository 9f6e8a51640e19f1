using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Fine detail that a blend of two frames has lost, put back: <see cref="FrameDetail"/> by libtorch's operations, on any device.</summary>
internal static class FrameDetails
{
    /// <summary>The energy of both frames' detail: [N, 2P, H, W] → [N, 2, H/4, W/4] float32.</summary>
    public static Tensor EnergyOf(Tensor frames)
    {
        long planes = frames.shape[1] / 2;
        Tensor detail = Of(frames.to(ScalarType.Float32)), energy = detail * detail;
        Tensor sums = cat([energy.slice(1, 0, planes, 1).sum(1, keepdim: true), energy.slice(1, planes, 2 * planes, 1).sum(1, keepdim: true)], 1);
        return nn.functional.avg_pool2d(sums, FrameDetail.Cell, FrameDetail.Cell);
    }

    /// <summary>A blend with the frames' detail.</summary>
    /// <param name="blend">[N, P, H, W].</param>
    /// <param name="logits">[N, ≥1, H, W]; the last is the first frame's share before the sigmoid.</param>
    /// <param name="energy">[N, 2, H/4, W/4].</param>
    /// <param name="motion">[N, ≥4, H, W]: flows in pixels.</param>
    public static Tensor Keep(Tensor blend, Tensor logits, Tensor energy, Tensor motion)
    {
        Tensor whole = blend.to(ScalarType.Float32), detail = Of(whole);
        Tensor first = Read(energy, motion, 0), second = Read(energy, motion, 1);
        Tensor target = second.Plus(sigmoid(logits.slice(1, logits.shape[1] - 1, logits.shape[1], 1)) * (first - second));
        Tensor around = nn.functional.avg_pool2d(Framed((detail * detail).sum(1, keepdim: true), FrameDetail.Reach), 2 * FrameDetail.Reach + 1, 1);
        using Scalar least = ((double)FrameDetail.LeastEnergy).ToScalar(), most = ((double)FrameDetail.LargestFactor).ToScalar(),
            strength = ((double)FrameDetail.Strength).ToScalar(), mostAdded = ((double)FrameDetail.MostAdded).ToScalar();
        Tensor known = around.clamp_min(least), limit = known.rsqrt().mul(mostAdded);
        Tensor factor = minimum((target / known).sqrt().clamp(Scalars.One, most).sub(Scalars.One).mul(strength), limit);
        return whole.Plus(factor * detail);
    }

    // What a binomial filter of 3×3 takes away: twice the mean over 2×2.
    private static Tensor Of(Tensor planes) => planes - nn.functional.avg_pool2d(nn.functional.avg_pool2d(Framed(planes, 1), 2, 1), 2, 1);

    private static Tensor Framed(Tensor planes, long margin) =>
        nn.functional.pad(planes, [margin, margin, margin, margin], PaddingModes.Replicate);

    // The energy of a frame's detail where its flow points.
    private static Tensor Read(Tensor energy, Tensor motion, long frame)
    {
        long height = motion.shape[2], width = motion.shape[3];
        Tensor places = stack([Place(2 * frame, width, [1, 1, width]), Place(2 * frame + 1, height, [1, height, 1])], 3); // [N, H, W, 2]
        return nn.functional.grid_sample(
            energy.slice(1, frame, frame + 1, 1), places, mode: GridSampleMode.Bilinear, padding_mode: GridSamplePaddingMode.Border, align_corners: false);

        // From −1, the first pixel's outer edge, to 1, the last one's: the same for cells as for pixels.
        Tensor Place(long flow, long length, long[] shape)
        {
            using Scalar share = (2.0 / length).ToScalar();
            Tensor pixels = tensor([.. Enumerable.Range(0, (int)length).Select(i => (float)i)], device: motion.device).view(shape);
            return motion.slice(1, flow, flow + 1, 1).squeeze(1).Plus(pixels).add(Scalars.Half).mul(share).sub(Scalars.One);
        }
    }
}
