using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Timing;

/// <summary>Places the input frames strictly one after the other, whatever their timestamps say.</summary>
/// <remarks>
/// Frames whose timestamp repeats or goes back wait for the next later one, and are spread up to it. A missing timestamp is filled in at the nominal
/// rate. See docs/timing.md.
/// </remarks>
public sealed class FrameTimeline
{
    /// <summary>Taken where the input states no rate: frames per second.</summary>
    public static readonly Rational FallbackRate = new(25, 1);

    /// <summary>Frames that wait for a later time at most; a clock that goes back for longer than that has begun anew.</summary>
    public const int MostWaiting = 16;

    private readonly Rational _timeBase;
    private readonly Rational _rate;
    private readonly int _smallestStep;
    private long? _last;
    private long _first;

    // Where frames without a time are counted from, at the nominal rate.
    private long _anchor;
    private long _halfSteps;
    private int _waiting;

    /// <summary>A timeline that has seen no frame yet.</summary>
    /// <param name="timeBase">Seconds per tick of the input's timestamps.</param>
    /// <param name="rate">Nominal frames per second; where it is not positive, <see cref="FallbackRate"/>.</param>
    /// <param name="ticksAreHalves">Whether ticks are half of the timestamps', as fields stand between frames.</param>
    /// <exception cref="ArgumentException">The time base is not positive.</exception>
    public FrameTimeline(Rational timeBase, Rational rate, bool ticksAreHalves = false)
    {
        if (!timeBase.IsPositive)
        {
            throw new ArgumentException($"A time base must be positive, not {timeBase}.", nameof(timeBase));
        }

        _timeBase = timeBase;
        _rate = RateOf(rate);
        _smallestStep = ticksAreHalves ? 2 : 1;
    }

    /// <summary>The rate that a video is taken to have: the one that it states, where that is positive, else <see cref="FallbackRate"/>.</summary>
    public static Rational RateOf(Rational stated) => stated.IsPositive ? stated : FallbackRate;

    /// <summary>From the first frame to the last one's nominal end, in input ticks.</summary>
    public long Length => _last is { } last ? last - _first + NominalInterval : 0;

    /// <summary>From one frame to the next at the nominal rate, in input ticks.</summary>
    public long NominalInterval => Rational.Rescale(1, _rate.Inverse, _timeBase);

    /// <summary>Frames whose timestamp was missing, repeated or went back.</summary>
    public long Corrections { get; private set; }

    /// <summary>Takes the next input frame.</summary>
    /// <param name="timestamp">Its timestamp in input ticks, null where there is none.</param>
    /// <param name="placed">
    /// Receives the times, in input ticks, of the frames that can be placed now, in their order: each is later than that of every frame before.
    /// </param>
    /// <param name="isField">Whether it is the picture of a field, which stands for half of a frame's time.</param>
    public void Place(long? timestamp, List<long> placed, bool isField = false)
    {
        ArgumentNullException.ThrowIfNull(placed);
        if (_last is not { } last)
        {
            _first = timestamp ?? 0;
            PlaceAt(_first, placed);
        }
        else if (timestamp is { } usable && usable > last && usable - last > _smallestStep * _waiting)
        {
            Spread(last, usable - last, placed, isField);
            PlaceAt(usable, placed);
        }
        else
        {
            Corrections++;
            bool isCounting = _waiting == 0 && (timestamp is null || _halfSteps > 0);
            _waiting++;
            if (isCounting || _waiting > MostWaiting)
            {
                Count(placed, isField);
            }
        }
    }

    /// <summary>After the last input frame: places those that wait for a later one.</summary>
    /// <param name="placed">Receives their times.</param>
    public void Finish(List<long> placed) => Count(placed, isField: false);

    private void PlaceAt(long time, List<long> placed)
    {
        _last = _anchor = time;
        _halfSteps = 0;
        placed.Add(time);
    }

    // Evenly, but no further apart than at the nominal rate: behind them may be a pause.
    private void Spread(long last, long distance, List<long> placed, bool isField)
    {
        Rational interval = Interval(isField);
        for (int i = 1; i <= _waiting; i++)
        {
            long even = (long)((Int128)i * distance / (_waiting + 1));
            placed.Add(last + Math.Min(even, Math.Max(_smallestStep * i, Rational.Rescale(i, interval, _timeBase))));
        }

        _waiting = 0;
    }

    private void Count(List<long> placed, bool isField)
    {
        for (; _waiting > 0; _waiting--)
        {
            _halfSteps += isField ? 1 : 2;
            _last = Math.Max(_last!.Value + _smallestStep, _anchor + Rational.Rescale(_halfSteps, Interval(isField: true), _timeBase));
            placed.Add(_last.Value);
        }
    }

    private Rational Interval(bool isField) => (isField ? _rate.Doubled : _rate).Inverse;
}
