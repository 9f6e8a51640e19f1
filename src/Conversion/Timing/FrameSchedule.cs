using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Timing;

/// <summary>Which output frames there are and when they are shown, from the input frames' times. Integers and fractions only; see docs/timing.md.</summary>
public abstract class FrameSchedule
{
    private readonly long _nominalInterval;

    private protected FrameSchedule(Rational timeBase, Rational rate, long nominalInterval) =>
        (TimeBase, Rate, _nominalInterval) = (timeBase, rate, Math.Max(1, nominalInterval));

    /// <summary>Seconds per tick of the output's timestamps.</summary>
    public Rational TimeBase { get; }

    /// <summary>Nominal frames per second of the output.</summary>
    public Rational Rate { get; }

    /// <summary>Gaps that one long frame stands through, as they are longer than any that a constant rate is kept through.</summary>
    public long LongGaps { get; private protected set; }

    /// <summary>Whether such gaps are left out, as the output knows no times.</summary>
    public bool LeavesGapsOut { get; private protected init; }

    /// <summary>The schedule that the options ask for.</summary>
    /// <param name="inputTimeBase">Seconds per tick of the input's timestamps.</param>
    /// <param name="inputRate">Nominal frames per second of the input, positive.</param>
    /// <param name="firstTick">The first frame's time, in input ticks.</param>
    /// <param name="options">What is wanted, free of conflicts.</param>
    /// <param name="ticksAreHalves">Whether the input's ticks are half of its timestamps', as fields stand between frames.</param>
    /// <param name="leadFrames">
    /// Output frames at a constant rate that the first input frame stands for before its time, where the output begins at 0; null: times are kept.
    /// </param>
    /// <exception cref="ArgumentException">The target rate is below the input's.</exception>
    public static FrameSchedule Create(
        Rational inputTimeBase, Rational inputRate, long firstTick, TimingOptions options, bool ticksAreHalves = false, int? leadFrames = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Rational multiplied = options.RateOf(inputRate);
        if (options.TargetRate is { } target)
        {
            return !target.IsBelow(inputRate)
                ? new ConstantRateSchedule(inputTimeBase, inputRate, target, firstTick, leadFrames)
                : throw new ArgumentException($"The rate {target} is below the input's, {inputRate}.", nameof(options));
        }

        return options.VariableRate == VariableRate.Keep
            ? new MultipliedSchedule(inputTimeBase, inputRate, options.Multiple, options.SlowMotion is not null, ticksAreHalves)
            : options.SlowMotion is { } stretch
                ? new ConstantRateSchedule(
                    inputTimeBase * new Rational(stretch, 1), inputRate * new Rational(1, stretch), multiplied, firstTick, leadFrames)
                : new ConstantRateSchedule(inputTimeBase, inputRate, multiplied, firstTick, leadFrames);
    }

    /// <summary>Begins amid the video: the next output frames are those from an input frame's time on.</summary>
    /// <param name="tick">Its time, in input ticks.</param>
    public virtual void Skip(long tick)
    {
    }

    /// <summary>The first output frame's time, in output ticks.</summary>
    /// <param name="firstTick">The first input frame's time, in input ticks.</param>
    public abstract long Start(long firstTick);

    /// <summary>The output frames before the first input frame's time, in order, all of the way 0.</summary>
    /// <param name="slots">Receives them; cleared before.</param>
    public virtual void Lead(List<FrameSlot> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        slots.Clear();
    }

    /// <summary>The output frames from one input frame's time up to the next one's, in order.</summary>
    /// <param name="tick">The earlier frame's time, in input ticks.</param>
    /// <param name="nextTick">The later one's.</param>
    /// <param name="slots">Receives them; cleared before.</param>
    /// <param name="isField">Whether the earlier frame is a field's, which stands for half of the time of a frame.</param>
    public abstract void Between(long tick, long nextTick, List<FrameSlot> slots, bool isField = false);

    /// <summary>The output frames of the last input frame's own time, all of the way 0.</summary>
    /// <param name="tick">Its time, in input ticks.</param>
    /// <param name="duration">How long it stood, in input ticks; where not positive, one nominal interval, or half of one for a field.</param>
    /// <param name="slots">Receives them; cleared before.</param>
    /// <param name="isField">Whether it is a field's, which stands for half of the time of a frame.</param>
    public abstract void Last(long tick, long duration, List<FrameSlot> slots, bool isField = false);

    /// <summary>How long a frame stands that no other follows, in input ticks.</summary>
    /// <param name="duration">What the input says of it; not positive where it says nothing.</param>
    /// <param name="isField">Whether it is a field's.</param>
    public long StandingTime(long duration, bool isField) =>
        duration > 0 ? duration : isField ? Math.Max(1, _nominalInterval / 2) : _nominalInterval;

    /// <summary>About how many output frames so many input frames give.</summary>
    public abstract long Expected(long inputFrames);
}

/// <summary>An output frame that is wanted between two input frames.</summary>
/// <param name="Way">Where it stands on the way from the earlier frame (0) to the later one (1, which is the next pair's).</param>
/// <param name="Time">When it is shown, in output ticks.</param>
public readonly record struct FrameSlot(Rational Way, FrameTime Time)
{
    /// <summary>Whether it is the earlier frame itself.</summary>
    public bool IsOriginal => Way.Numerator == 0;
}

/// <summary>When an output frame is shown, in ticks of <see cref="FrameSchedule.TimeBase"/>.</summary>
/// <param name="Timestamp">Presentation time.</param>
/// <param name="Duration">How long it stands, above 0.</param>
public readonly record struct FrameTime(long Timestamp, long Duration);
