using System.Numerics.Tensors;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>The plain average of the two frames, weighted by time: the baseline that every network must beat.</summary>
public sealed class AveragingInterpolator : IFrameInterpolator
{
    // On a clock that rounds, an original's own time is a little beside it: as with a network, it stays untouched then.
    private const double NearOriginal = 1.0 / 16;

    /// <inheritdoc/>
    public double Nearest(double time) => time < NearOriginal ? 0 : time > 1 - NearOriginal ? 1 : time;

    /// <inheritdoc/>
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        FrameInterpolation.Check(first, second, time, between);
        for (int plane = 0; plane < between.SampleCount; plane++)
        {
            TensorPrimitives.Lerp(first.SamplePlane(plane), second.SamplePlane(plane), (float)time, between.SamplePlane(plane));
        }

        return null;
    }
}
