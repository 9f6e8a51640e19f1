using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Timing;

/// <summary>Places the input frames strictly one after the other, whatever their timestamps say.</summary>
/// <remarks>
/// A missing timestamp is filled in at the nominal rate; one that repeats or goes back moves its frame half a nominal interval behind
/// the frame before (a whole one for each further such frame), which leaves the next regular frame in its place. See docs/timing.md.
/// </remarks>
public sealed class FrameTimeline
{
    /// <summary>Taken where the input states no rate: frames per second.</summary>
    public static readonly Rational FallbackRate = new(25, 1);

    private readonly Rational _timeBase;
    private readonly Rational _rate;
    private long? _last;
    private long _first;
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
        _rate = RateOf(rate);
    }

    /// <summary>The rate that a video is taken to have: the one that it states, where that is positive, else <see cref="FallbackRate"/>.</summary>
    public static Rational RateOf(Rational stated) => stated.IsPositive ? stated : FallbackRate;

    /// <summary>From the first frame to the last one's nominal end, in input ticks.</summary>
    public long Length => _last is { } last ? last - _first + NominalInterval : 0;

    /// <summary>From one frame to the next at the nominal rate, in input ticks.</summary>
    public long NominalInterval => Rational.Rescale(1, _rate.Inverse, _timeBase);

    /// <summary>Frames whose timestamp was missing, repeated or went back.</summary>
    public long Corrections { get; private set; }

    /// <summary>Places the next input frame.</summary>
    /// <param name="timestamp">Its timestamp in input ticks, null where there is none.</param>
    /// <returns>The time it is given in input ticks: later than that of every frame before.</returns>
    public long Place(long? timestamp)
    {
        if (_last is not { } last)
        {
            _last = _anchor = _first = timestamp ?? 0;
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
        long placed = Math.Max(last + 1, _anchor + Rational.Rescale(_halfIntervals, _rate.Doubled.Inverse, _timeBase));
        _last = placed;
        return placed;
    }
}
