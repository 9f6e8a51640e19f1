using System.Diagnostics;
using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Training.Evaluation;

/// <summary>Times another interpolator; its first frame, which warms up, is left out.</summary>
internal sealed class TimedInterpolator(IFrameInterpolator inner) : IFrameInterpolator
{
    private readonly Stopwatch _watch = new();
    private long _frames, _pixels;

    /// <summary>Seconds for a million pixels; null before the second frame.</summary>
    public double? SecondsPerMegapixel => _pixels > 0 ? _watch.Elapsed.TotalSeconds / (_pixels / 1e6) : null;

    /// <inheritdoc/>
    public bool LooksAhead => inner.LooksAhead;

    /// <inheritdoc/>
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        bool counts = _frames++ > 0;
        _pixels += counts ? between.PlaneLength : 0;
        Action? finish = null;
        Measure(counts, () => finish = inner.Begin(first, second, time, between, cancellation));
        return finish is null ? null : () => Measure(counts, finish);
    }

    /// <inheritdoc/>
    public void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default) =>
        Measure(_frames > 1, () => inner.Look(first, second, cancellation));

    /// <inheritdoc/>
    public double Nearest(double time) => inner.Nearest(time);

    private void Measure(bool counts, Action work)
    {
        if (!counts)
        {
            work();
            return;
        }

        _watch.Start();
        work();
        _watch.Stop();
    }
}
