using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Timing;

/// <summary>
/// Each input frame gives 2, 4 or 8 output frames, evenly up to the next one, and each field half as many: with n of them the output counts n-ths
/// of the timestamps' ticks, frame k of the pair t0, t1 stands at n·t0 + k·(t1 − t0). Exact for constant and variable rates.
/// </summary>
public sealed class MultipliedSchedule : FrameSchedule
{
    private readonly int _factor;

    // Output ticks to a tick of the input.
    private readonly int _ticks;

    /// <summary>A schedule for a video.</summary>
    /// <param name="timeBase">Seconds per tick of the input's times.</param>
    /// <param name="rate">Nominal frames per second of the input, positive.</param>
    /// <param name="factor">2, 4 or 8.</param>
    /// <param name="slow">Whether the output runs at the input's rate, so that it lasts longer by the factor.</param>
    /// <param name="ticksAreHalves">Whether the input's ticks are half of its timestamps'.</param>
    public MultipliedSchedule(Rational timeBase, Rational rate, int factor, bool slow, bool ticksAreHalves = false)
        : base(
            timeBase * new Rational(ticksAreHalves ? 2 : 1, slow ? 1 : factor),
            slow ? rate : rate * new Rational(factor, 1),
            Rational.Rescale(1, rate.Inverse, timeBase))
    {
        if (factor is not (2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Rates are multiplied by 2, 4 or 8.");
        }

        _factor = factor;
        _ticks = ticksAreHalves ? factor / 2 : factor;
    }

    /// <inheritdoc/>
    public override long Start(long firstTick) => _ticks * firstTick;

    /// <inheritdoc/>
    public override void Between(long tick, long nextTick, List<FrameSlot> slots, bool isField = false) => Add(tick, nextTick - tick, 1, slots, isField);

    /// <inheritdoc/>
    public override void Last(long tick, long duration, List<FrameSlot> slots, bool isField = false) =>
        Add(tick, StandingTime(duration, isField), 0, slots, isField);

    /// <inheritdoc/>
    public override long Expected(long inputFrames) => inputFrames * _factor;

    private void Add(long tick, long interval, int step, List<FrameSlot> slots, bool isField)
    {
        slots.Clear();
        int parts = isField ? _factor / 2 : _factor;
        for (int k = 0; k < parts; k++)
        {
            long start = k * interval * _ticks / parts, end = (k + 1) * interval * _ticks / parts;
            slots.Add(new(Rational.Fraction(k * step, parts), new((_ticks * tick) + start, end - start)));
        }
    }
}
