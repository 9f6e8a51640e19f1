using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>Two frames and the true one between them, of one size.</summary>
/// <param name="First">The earlier frame.</param>
/// <param name="Truth">The frame to predict.</param>
/// <param name="Second">The later frame.</param>
/// <param name="Time">When the true one was taken: more than 0 (the earlier frame), less than 1 (the later one).</param>
public sealed record FrameTriplet(PlanarFrame First, PlanarFrame Truth, PlanarFrame Second, double Time = 0.5) : IDisposable
{
    /// <summary>The frame that follows <see cref="Second"/>, as far from it; null: there is none, or it is not known.</summary>
    public PlanarFrame? After { get; init; }

    /// <summary>Predicts the frame between.</summary>
    /// <returns>A frame of the caller's.</returns>
    public PlanarFrame Predict(IFrameInterpolator interpolator)
    {
        ArgumentNullException.ThrowIfNull(interpolator);
        var between = new PlanarFrame(Truth.Width, Truth.Height, 3, samplesAreRgb: true);
        if (interpolator.LooksAhead)
        {
            interpolator.Look(First, Second);
            if (After is not null)
            {
                interpolator.Look(Second, After);
            }
        }

        interpolator.Interpolate(First, Second, Time, between);
        return between;
    }

    /// <summary>Predicts the frame between and scores it.</summary>
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
