using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Two frames and a time → the frame between them at that time.</summary>
public interface IFrameInterpolator
{
    /// <summary>
    /// Predicts the sample planes of a frame between two frames. A device may still be computing afterwards: then all three frames stay as they are until
    /// what is returned has been called, and <paramref name="between"/> is filled. Frames are finished in the order they were begun.
    /// </summary>
    /// <param name="first">The earlier frame: both its colour planes and its samples are read.</param>
    /// <param name="second">The later frame, of the same size and number of samples.</param>
    /// <param name="time">Where the frame lies between both: more than 0 (the earlier one), less than 1 (the later one).</param>
    /// <param name="between">Receives the samples [P, H, W]; its colour planes are left alone unless they are the samples.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Finishes the frame; null: it is finished.</returns>
    /// <exception cref="ArgumentException">Sizes or sample counts differ, or the time lies outside.</exception>
    Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default);

    /// <summary>The time at which a frame is predicted in place of one at <paramref name="time"/>; 0 and 1 stand for the frames themselves.</summary>
    double Nearest(double time) => time;

    /// <summary>Whether a pair's frames are better where that pair and the ones before and after it were looked at first.</summary>
    bool LooksAhead => false;

    /// <summary>Shows a pair: its motion may bear on the frames of its neighbours. Pairs are shown in the order of time.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="cancellation">Ends the work.</param>
    void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default)
    {
    }

    /// <summary>Sets the receiver of notes for the user: it gets the notes so far, then each further one.</summary>
    void Listen(Action<string> message)
    {
    }

    /// <summary>What predicting frames of a size takes; null where there is no memory limit that it keeps.</summary>
    PredictionMemory? MemoryFor(int width, int height, int samples) => null;

    /// <summary>Tells how much of the memory limit the caller takes itself, before the first frame; without it that is estimated.</summary>
    /// <param name="bytes">Frames as planes, and what decoder, queues and encoder hold.</param>
    void LeaveRoom(long bytes)
    {
    }
}

/// <summary>What all interpolators can do.</summary>
public static class FrameInterpolation
{
    /// <summary>The same as <see cref="IFrameInterpolator.Begin"/>, and waits for the frame.</summary>
    public static void Interpolate(
        this IFrameInterpolator interpolator, PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(interpolator);
        interpolator.Begin(first, second, time, between, cancellation)?.Invoke();
    }

    /// <summary>Checks what an interpolator is given.</summary>
    /// <exception cref="ArgumentException">Sizes or sample counts differ, or the time lies outside.</exception>
    internal static void Check(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(between);
        if (!(time > 0 && time < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, "A frame between two lies at a time between 0 and 1.");
        }

        RequireAlike(first, second);
        RequireAlike(first, between);
    }

    private static void RequireAlike(PlanarFrame first, PlanarFrame other)
    {
        if ((other.Width, other.Height, other.SampleCount) != (first.Width, first.Height, first.SampleCount))
        {
            throw new ArgumentException(
                $"Frames of {first.Width}x{first.Height} with {first.SampleCount} planes and of {other.Width}x{other.Height} with "
                + $"{other.SampleCount} planes do not go together.");
        }
    }
}
