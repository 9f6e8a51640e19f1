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
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        if (_frames++ == 0)
        {
            inner.Interpolate(first, second, time, between, cancellation);
            return null;
        }

        _watch.Start();
        inner.Interpolate(first, second, time, between, cancellation);
        _watch.Stop();
        _pixels += between.PlaneLength;
        return null;
    }

    /// <inheritdoc/>
    public double Nearest(double time) => inner.Nearest(time);
}
