using AdaConv.Engine;
using AdaConv.Engine.Fit;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>By what flows change so that both warped frames agree better; no gradient passes.</summary>
internal static unsafe class FittedFlows
{
    private static readonly Scalar Damping = FlowFit.Damping.ToScalar(), LeastDeterminant = (FlowFit.Damping * FlowFit.Damping).ToScalar();
    private static readonly Scalar Longest = FlowFit.Longest.ToScalar(), Sharpness = (1 / (FlowFit.Doubt * FlowFit.Doubt)).ToScalar();

    /// <summary>Fits the middle planes: see <see cref="FlowFit"/>.</summary>
    /// <param name="warped">[N, 2P, H, W] float32.</param>
    /// <param name="time">[N, 1, 1, 1]: when each frame between lies; null: in the middle.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, 5, H/4, W/4].</returns>
    public static Tensor Of(Tensor warped, Tensor? time, EngineOptions options)
    {
        using IDisposable noGradient = no_grad();
        long batch = warped.shape[0];
        Tensor pair = Green(warped);
        if (!TensorMemory.HasPlaneKernels(pair, options))
        {
            return Compose(pair, time);
        }

        WarpShape shape = new(1, Planes: 1, (int)warped.shape[2], (int)warped.shape[3]);
        int rows = shape.Height / FlowFit.Cell, columns = shape.Width / FlowFit.Cell;
        Tensor change = empty(batch, FlowFit.Planes, rows, columns), scratch = empty(FlowFit.Sums * rows * columns);
        float[] times = time is null ? [.. Enumerable.Repeat(0.5f, (int)batch)] : [.. time.contiguous().data<float>()];
        for (long n = 0; n < batch; n++)
        {
            FlowFit.Apply(
                shape, TensorMemory.Floats(pair) + n * pair.stride(0), times[n], TensorMemory.Floats(change) + n * change.stride(0),
                TensorMemory.Floats(scratch), options);
        }

        return change;
    }

    /// <summary>The middle plane of each frame: [N, 2P, H, W] → [N, 2, H, W], contiguous.</summary>
    internal static Tensor Green(Tensor pair)
    {
        long planes = pair.shape[1] / 2, green = planes / 2;
        return cat([pair.slice(1, green, green + 1, 1), pair.slice(1, planes + green, planes + green + 1, 1)], 1);
    }

    /// <summary>The same by libtorch's operations, over all planes: what the kernel is tested against, and what runs on devices.</summary>
    internal static Tensor Compose(Tensor warped, Tensor? time)
    {
        long planes = warped.shape[1] / 2, height = warped.shape[2], width = warped.shape[3];
        Tensor first = warped.slice(1, 0, planes, 1), second = warped.slice(1, planes, 2 * planes, 1), e = second - first;
        Tensor late = time is null ? ones(1, 1, 1, 1, device: warped.device).mul(Scalars.Half) : time, early = Scalars.One - late;
        Tensor between = nn.functional.pad(first.mul(late).Plus(second.mul(early)), [1, 1, 1, 1], PaddingModes.Replicate);
        Tensor gx = (between.slice(3, 2, width + 2, 1) - between.slice(3, 0, width, 1)).slice(2, 1, height + 1, 1);
        Tensor gy = (between.slice(2, 2, height + 2, 1) - between.slice(2, 0, height, 1)).slice(3, 1, width + 1, 1);
        Tensor weight = Scalars.One / e.mul(e).mean([1], keepdim: true).mul(Sharpness).add(Scalars.One);
        Tensor means = Windows(cat([Sum(gx * gx), Sum(gx * gy), Sum(gy * gy), Sum(gx * e), Sum(gy * e)], 1).mul(weight));
        Tensor xx = means.slice(1, 0, 1, 1).add(Damping), xy = means.slice(1, 1, 2, 1), yy = means.slice(1, 2, 3, 1).add(Damping);
        Tensor xe = means.slice(1, 3, 4, 1), ye = means.slice(1, 4, 5, 1), determinant = (xx.mul(yy) - xy.mul(xy)).clamp_min(LeastDeterminant);
        Tensor way = cat([yy.mul(xe) - xy.mul(ye), xx.mul(ye) - xy.mul(xe)], 1) / determinant;
        Tensor length = way.mul(way).sum(1, keepdim: true).sqrt().clamp_min(Longest);
        way = way.mul(Longest).div(length).mul(Scalars.Two);
        return cat([way.mul(late), way.mul(early).neg(), zeros_like(length)], 1).contiguous();
    }

    private static Tensor Sum(Tensor planes) => planes.sum(1, keepdim: true);

    // Means over cells, then over 3×3 of them; borders repeat.
    private static Tensor Windows(Tensor planes)
    {
        Tensor cells = nn.functional.avg_pool2d(planes, FlowFit.Cell, FlowFit.Cell);
        return nn.functional.avg_pool2d(nn.functional.pad(cells, [1, 1, 1, 1], PaddingModes.Replicate), 3, 1);
    }
}
