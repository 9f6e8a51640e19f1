using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>
/// How far the true frame lies beside the predicted one, place by place: what moves with acceleration is not halfway, and no pair of frames tells by how
/// much. A network that is not blamed for it need not blur what it cannot know; in conversions the pairs before and after tell (<c>MotionCurve</c>).
/// </summary>
internal static class FittedPlace
{
    private const int Cell = 8, Reach = 2; // windows of (2 · Reach + 1) cells
    private const float Longest = 2;
    private static readonly Scalar Half = 0.5f.ToScalar(), LongestScalar = Longest.ToScalar(), Nothing = 1e-6f.ToScalar();

    // Of squared gradients, what noise alone has: places without texture stay.
    private static readonly Scalar Noise = 2e-5f.ToScalar();

    /// <summary>One step of Lucas and Kanade (1981): c minimizes Σ (T + ∇P · c − P)² over windows of 40 pixels.</summary>
    /// <param name="predicted">P, [N, 3, H, W] in 0..1; no gradient passes.</param>
    /// <param name="truth">T, alike.</param>
    /// <returns>c, [N, 2, H, W]: x and y in pixels by which the true frame lies further on; at most 2 pixels long.</returns>
    public static Tensor Of(Tensor predicted, Tensor truth)
    {
        using IDisposable noGradient = no_grad();
        Tensor p = predicted.detach().mean([1], keepdim: true), e = truth.mean([1], keepdim: true) - p;
        long height = p.shape[2], width = p.shape[3];
        Tensor wide = nn.functional.pad(p, [1, 1, 1, 1], PaddingModes.Replicate);
        Tensor gx = (wide.slice(3, 2, width + 2, 1) - wide.slice(3, 0, width, 1)).slice(2, 1, height + 1, 1).mul(Half);
        Tensor gy = (wide.slice(2, 2, height + 2, 1) - wide.slice(2, 0, height, 1)).slice(3, 1, width + 1, 1).mul(Half);
        Tensor sums = Windows(cat([gx * gx, gx * gy, gy * gy, gx * e, gy * e], 1));
        Tensor xx = sums.slice(1, 0, 1, 1).add(Noise), xy = sums.slice(1, 1, 2, 1), yy = sums.slice(1, 2, 3, 1).add(Noise);
        Tensor xe = sums.slice(1, 3, 4, 1), ye = sums.slice(1, 4, 5, 1), determinant = (xx * yy) - (xy * xy);
        Tensor c = cat([(xy * ye) - (yy * xe), (xy * xe) - (xx * ye)], 1) / determinant;
        Tensor length = (c * c).sum(1, keepdim: true).sqrt();
        c *= length.clamp_max(LongestScalar) / length.clamp_min(Nothing);
        return nn.functional.interpolate(c, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    // Means over cells, then over windows of cells; borders repeat.
    private static Tensor Windows(Tensor planes)
    {
        Tensor cells = nn.functional.avg_pool2d(planes, Cell, Cell);
        return nn.functional.avg_pool2d(nn.functional.pad(cells, [Reach, Reach, Reach, Reach], PaddingModes.Replicate), 2 * Reach + 1, 1);
    }
}
