using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>Two frames and the true one between them, of one size.</summary>
/// <param name="First">The earlier frame.</param>
/// <param name="Truth">The frame to predict.</param>
/// <param name="Second">The later frame.</param>
public sealed record FrameTriplet(PlanarFrame First, PlanarFrame Truth, PlanarFrame Second) : IDisposable
{
    /// <summary>Predicts the middle frame.</summary>
    /// <returns>A frame of the caller's.</returns>
    public PlanarFrame Predict(IFrameInterpolator interpolator)
    {
        ArgumentNullException.ThrowIfNull(interpolator);
        var between = new PlanarFrame(Truth.Width, Truth.Height, 3, samplesAreRgb: true);
        interpolator.Interpolate(First, Second, between);
        return between;
    }

    /// <summary>Predicts the middle frame and scores it.</summary>
    public FrameScore Score(IFrameInterpolator interpolator)
    {
        using PlanarFrame between = Predict(interpolator);
        return FrameScore.Of(ImageFile.ToImage(between), ImageFile.ToImage(Truth));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        First.Dispose();
        Truth.Dispose();
        Second.Dispose();
    }
}
