using System.Runtime.InteropServices;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Timing;

/// <summary>The output frames of the interval between two distinct input frames, of which one or more of the schedule's intervals are part.</summary>
/// <param name="schedule">Which frames there are.</param>
internal sealed class IntervalSlots(FrameSchedule schedule)
{
    // The slots of one interval of the schedule, and to which of them each of all belongs.
    private readonly List<FrameSlot> _part = [];
    private readonly List<FrameSlot> _slots = [];
    private readonly List<(long Tick, long Next)> _intervals = [];

    /// <summary>The slots, in the order of time; valid until one is added or all are forgotten.</summary>
    public ReadOnlySpan<FrameSlot> Slots => CollectionsMarshal.AsSpan(_slots);

    /// <summary>Adds those from one input frame's time up to the next one's.</summary>
    /// <param name="tick">The earlier frame's time, in input ticks.</param>
    /// <param name="nextTick">The later one's.</param>
    /// <param name="isField">Whether the earlier frame is a field's.</param>
    public void Add(long tick, long nextTick, bool isField)
    {
        schedule.Between(tick, nextTick, _part, isField);
        foreach (FrameSlot slot in _part)
        {
            _slots.Add(slot);
            _intervals.Add((tick, nextTick));
        }
    }

    /// <summary>Adds those before the first input frame's time.</summary>
    public void AddLead()
    {
        schedule.Lead(_part);
        _slots.AddRange(_part);
    }

    /// <summary>Adds those of the last input frame's own time.</summary>
    /// <param name="tick">Its time, in input ticks.</param>
    /// <param name="duration">How long it is shown, in input ticks; where not positive, one nominal interval.</param>
    /// <param name="isField">Whether it is a field's.</param>
    public void AddLast(long tick, long duration, bool isField)
    {
        schedule.Last(tick, duration, _part, isField);
        _slots.AddRange(_part);
    }

    /// <summary>When a frame ends that no other follows, in input ticks; parameters as for <see cref="AddLast"/>.</summary>
    public long EndOf(long tick, long duration, bool isField) => tick + schedule.StandingTime(duration, isField);

    /// <summary>Makes the slots of several intervals those of one: each at its place on the whole way.</summary>
    /// <param name="tick">The beginning of the first, in input ticks.</param>
    /// <param name="nextTick">The end of the last.</param>
    public void Spread(long tick, long nextTick)
    {
        for (int i = 0; i < _slots.Count; i++)
        {
            Rational way = _slots[i].Way;
            var (from, to) = _intervals[i];
            Int128 place = ((Int128)(from - tick) * way.Denominator) + ((Int128)(to - from) * way.Numerator); // in denominators of a tick
            _slots[i] = _slots[i] with { Way = Rational.Fraction(place, (Int128)(nextTick - tick) * way.Denominator) };
        }
    }

    /// <summary>Forgets all, for the next interval.</summary>
    public void Clear()
    {
        _slots.Clear();
        _intervals.Clear();
    }
}
