using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Timing;

/// <summary>
/// Output frames at a constant rate, the first one at the first input frame's time, each at its exact place between its two neighbours in the input.
/// </summary>
public sealed class ConstantRateSchedule : FrameSchedule
{
    /// <summary>
    /// Frames between two input frames up to which the rate is constant: more than an hour at 60 a second. A longer gap, as a wrong timestamp
    /// makes it, is one long frame; where the container knows no times, it is left out.
    /// </summary>
    public const int MostFramesOfGap = 250_000;

    // Two years at 60 a second: beyond it, output times could overflow.
    private const long MostFramesAtOnce = 1L << 32;

    // Output frame n stands at _first + n · _stepNumerator/_stepDenominator in input ticks, at _start + n · _step in output ticks.
    private readonly long _first;
    private readonly long _stepNumerator;
    private readonly long _stepDenominator;
    private readonly long _start;
    private readonly long _step;
    private readonly Rational _inputRate;
    private long _next;

    // Frames that were left out of gaps, where the container knows no times and would be filled up with as many.
    private long _left;

    /// <summary>A schedule for a video.</summary>
    /// <param name="timeBase">Seconds per tick of the input's timestamps.</param>
    /// <param name="inputRate">Nominal frames per second of the input, positive.</param>
    /// <param name="rate">Frames per second of the output, positive.</param>
    /// <param name="firstTick">The first frame's time, in input ticks.</param>
    /// <param name="leadFrames">Frames that it stands for before, from 0 on; null: the output begins at the first frame's time.</param>
    public ConstantRateSchedule(Rational timeBase, Rational inputRate, Rational rate, long firstTick, int? leadFrames = null)
        : base(Unit(timeBase, rate, leadFrames is null ? firstTick : 0, out long start, out long step), rate, Rational.Rescale(1, inputRate.Inverse, timeBase))
    {
        _next = -(leadFrames ?? 0);
        Rational ticks = (rate * timeBase).Inverse;
        (_stepNumerator, _stepDenominator) = (ticks.Numerator, ticks.Denominator);
        (_first, _start, _step) = (firstTick, start - (_next * step), step);
        _inputRate = inputRate;
        LeavesGapsOut = leadFrames is not null;
    }

    /// <inheritdoc/>
    public override void Skip(long tick)
    {
        Int128 distance = (Int128)(tick - _first) * _stepDenominator;
        _next = Math.Max(_next, (long)((distance + _stepNumerator - 1) / _stepNumerator));
    }

    /// <inheritdoc/>
    public override long Start(long firstTick) => _start + ((_next - _left) * _step);

    /// <inheritdoc/>
    public override void Lead(List<FrameSlot> slots)
    {
        slots.Clear();
        while (_next < 0)
        {
            slots.Add(new(new(0, 1), Take()));
        }
    }

    /// <inheritdoc/>
    public override void Between(long tick, long nextTick, List<FrameSlot> slots, bool isField = false)
    {
        slots.Clear();
        Int128 interval = (Int128)(nextTick - tick) * _stepDenominator;
        Int128 way = Way(tick);
        if (IsLongGap((interval - way + _stepNumerator - 1) / _stepNumerator, slots))
        {
            return;
        }

        for (; way < interval; way = Way(tick))
        {
            slots.Add(new(Rational.Fraction(way, interval), Take()));
        }
    }

    /// <inheritdoc/>
    public override void Last(long tick, long duration, List<FrameSlot> slots, bool isField = false)
    {
        slots.Clear();
        Int128 interval = (Int128)StandingTime(duration, isField) * _stepDenominator;
        if (IsLongGap((interval - Way(tick)) / _stepNumerator, slots))
        {
            return;
        }

        // A frame that would stand for less than half of its time within the clip is none; a clip has at least one.
        while ((2 * Way(tick)) + _stepNumerator <= 2 * interval || _next == 0)
        {
            slots.Add(new(new(0, 1), Take()));
        }
    }

    /// <inheritdoc/>
    public override long Expected(long inputFrames) => Rational.Rescale(inputFrames, _inputRate.Inverse, Rate.Inverse);

    // From an input time to the next output frame, in input ticks times _stepDenominator.
    private Int128 Way(long tick) => ((Int128)_next * _stepNumerator) - ((Int128)(tick - _first) * _stepDenominator);

    private FrameTime Take(long frames = 1)
    {
        long shown = LeavesGapsOut ? 1 : frames;
        FrameTime time = new(_start + ((_next - _left) * _step), shown * _step);
        _next += frames;
        _left += frames - shown;
        return time;
    }

    private bool IsLongGap(Int128 frames, List<FrameSlot> slots)
    {
        if (frames <= MostFramesOfGap)
        {
            return false;
        }

        LongGaps++;
        slots.Add(new(new(0, 1), Take((long)Int128.Min(frames, MostFramesAtOnce))));
        return true;
    }

    // The largest unit that both the first frame's time and the output's interval are multiples of. A clock whose unit would not fit
    // into libav's fractions has the first frame moved to the nearest thousandth of an interval.
    private static Rational Unit(Rational timeBase, Rational rate, long firstTick, out long start, out long step)
    {
        Rational interval = rate.Inverse;
        Rational unit = firstTick == 0 ? interval : Rational.CommonUnit(timeBase * new Rational(firstTick, 1), interval);
        if (unit.Numerator > int.MaxValue || unit.Denominator > int.MaxValue)
        {
            unit = interval * new Rational(1, 1000);
        }

        start = Rational.Rescale(firstTick, timeBase, unit);
        step = Rational.Rescale(1, interval, unit);
        return unit;
    }
}
