using System.Numerics.Tensors;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>The plain average of the two frames: the baseline that every network must beat.</summary>
public sealed class AveragingInterpolator : IFrameInterpolator
{
    /// <inheritdoc/>
    public void Interpolate(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(between);
        for (int plane = 0; plane < between.SampleCount; plane++)
        {
            Span<float> output = between.SamplePlane(plane);
            TensorPrimitives.Add(first.SamplePlane(plane), second.SamplePlane(plane), output);
            TensorPrimitives.Multiply(output, 0.5f, output);
        }
    }
}
