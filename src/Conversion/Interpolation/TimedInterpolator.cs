using System.Diagnostics;
using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Conversion.Interpolation;

/// <summary>Measures an interpolator at its real work: what is between a prediction's beginning and its end is not its time.</summary>
/// <param name="interpolator">Predicts.</param>
/// <param name="predicted">Told after each frame how many there were.</param>
internal sealed class TimedInterpolator(IFrameInterpolator interpolator, Action<int>? predicted = null) : IFrameInterpolator
{
    private readonly List<TimeSpan> _times = [];

    /// <summary>Time of each prediction; the first one includes the loading of the network.</summary>
    public IReadOnlyList<TimeSpan> Times => _times;

    /// <summary>The middle one of all times but the first; null where there was only one.</summary>
    public TimeSpan? Typical => _times.Count < 2 ? null : _times.Skip(1).Order().ElementAt((_times.Count - 1) / 2);

    public bool LooksAhead => interpolator.LooksAhead;

    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        Action? finish = interpolator.Begin(first, second, time, between, cancellation);
        TimeSpan begun = Stopwatch.GetElapsedTime(start);
        if (finish is null)
        {
            Note(begun);
            return null;
        }

        return () =>
        {
            long resumed = Stopwatch.GetTimestamp();
            finish();
            Note(begun + Stopwatch.GetElapsedTime(resumed));
        };
    }

    public void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default) => interpolator.Look(first, second, cancellation);

    private void Note(TimeSpan time)
    {
        _times.Add(time);
        predicted?.Invoke(_times.Count);
    }

    public double Nearest(double time) => interpolator.Nearest(time);

    public void Listen(Action<string> message) => interpolator.Listen(message);

    public PredictionMemory? MemoryFor(int width, int height, int samples) => interpolator.MemoryFor(width, height, samples);

    public void LeaveRoom(long bytes) => interpolator.LeaveRoom(bytes);
}
