using AdaConv.FrameFilter.Media;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>
/// The times of the output frames, exact for constant and variable rates: the output counts half ticks of the input's time base, an
/// original of tick t stands at 2t, the new frame between t0 and t1 at t0 + t1.
/// </summary>
/// <remarks>
/// Input frames are placed strictly one after the other. A missing timestamp is filled in at the nominal rate; one that repeats or
/// goes back moves its frame half a nominal interval behind the frame before (a whole one for each further such frame), which leaves
/// the next regular frame in its place. See docs/timing.md.
/// </remarks>
public sealed class FrameTimeline
{
    /// <summary>Taken where the input states no rate: frames per second.</summary>
    public static readonly Rational FallbackRate = new(25, 1);

    private readonly Rational _timeBase;
    private readonly Rational _rate;
    private long? _last;
    private long _anchor;
    private long _halfIntervals;

    /// <summary>A timeline that has seen no frame yet.</summary>
    /// <param name="timeBase">Seconds per tick of the input's timestamps.</param>
    /// <param name="rate">Nominal frames per second; where it is not positive, <see cref="FallbackRate"/>.</param>
    /// <exception cref="ArgumentException">The time base is not positive.</exception>
    public FrameTimeline(Rational timeBase, Rational rate)
    {
        if (!timeBase.IsPositive)
        {
            throw new ArgumentException($"A time base must be positive, not {timeBase}.", nameof(timeBase));
        }

        _timeBase = timeBase;
        _rate = rate.IsPositive ? rate : FallbackRate;
    }

    /// <summary>Seconds per tick of the output's timestamps: half of the input's.</summary>
    public Rational OutputTimeBase => _timeBase * new Rational(1, 2);

    /// <summary>Frames per second of the output: twice the input's nominal rate.</summary>
    public Rational OutputRate => _rate.Doubled;

    /// <summary>Frames whose timestamp was missing, repeated or went back.</summary>
    public long Corrections { get; private set; }

    /// <summary>Places the next input frame.</summary>
    /// <param name="timestamp">Its timestamp in input ticks, null where there is none.</param>
    /// <returns>The time it is given in input ticks: later than that of every frame before.</returns>
    public long Place(long? timestamp)
    {
        if (_last is not { } last)
        {
            _last = _anchor = timestamp ?? 0;
            return _anchor;
        }

        if (timestamp is { } usable && usable > last)
        {
            _anchor = usable;
            _halfIntervals = 0;
            _last = usable;
            return usable;
        }

        Corrections++;
        _halfIntervals += timestamp is not null && _halfIntervals == 0 ? 1 : 2;
        long placed = Math.Max(last + 1, _anchor + HalfIntervals(_halfIntervals));
        _last = placed;
        return placed;
    }

    /// <summary>An original frame of which the next one is known; ticks as <see cref="Place"/> gave them.</summary>
    public static FrameTime Original(long tick, long nextTick) => new(2 * tick, nextTick - tick);

    /// <summary>The new frame between two originals.</summary>
    public static FrameTime Between(long tick, long nextTick) => new(tick + nextTick, nextTick - tick);

    /// <summary>The last original frame and its repetition.</summary>
    /// <param name="tick">Its time in input ticks.</param>
    /// <param name="duration">How long it stood in the input, in input ticks; where not positive, a nominal interval.</param>
    public (FrameTime Original, FrameTime Repeated) Last(long tick, long duration)
    {
        long half = duration > 0 ? duration : Math.Max(1, HalfIntervals(2));
        return (new(2 * tick, half), new((2 * tick) + half, half));
    }

    private long HalfIntervals(long count) => Rational.Rescale(count, _rate.Doubled.Inverse, _timeBase);
}
