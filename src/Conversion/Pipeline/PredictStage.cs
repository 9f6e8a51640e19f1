using System.Collections.Concurrent;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The second stage: originals pass through untouched, new frames are put behind each as the schedule says.</summary>
internal sealed class PredictStage : IDisposable
{
    private readonly IFrameInterpolator _interpolator;
    private readonly AveragingInterpolator _blender = new();
    private readonly CutHandling _cutHandling;
    private readonly DuplicateHandling _duplicates;
    private readonly FrameSchedule _schedule;
    private readonly long _longestGap;
    private readonly FramePool _pool;
    private readonly PixelLayout _layout;
    private readonly ConversionCounters _counters;
    private readonly List<FrameSlot> _slots = [];

    // The slots of one input interval, the intervals of those of _slots, and what is predicted for them.
    private readonly List<FrameSlot> _part = [];
    private readonly List<(long Tick, long Next)> _intervals = [];
    private readonly List<PredictedSlot> _wanted = [];
    private readonly PairPredictor _predictor;

    // New frames that a device computes while the next pair is read, and the frame before them.
    private (PairPrediction Frames, VideoFrame Properties)? _begun;

    /// <summary>A stage for frames like the given one.</summary>
    /// <param name="interpolator">Predicts.</param>
    /// <param name="cutHandling">The new frames between two scenes.</param>
    /// <param name="duplicates">What becomes of frames that repeat the one before.</param>
    /// <param name="schedule">Which frames there are.</param>
    /// <param name="longestGap">Input ticks that two frames may lie apart.</param>
    /// <param name="pool">Empty frames.</param>
    /// <param name="counters">Told what is done.</param>
    /// <param name="sample">A frame in the encoder's format.</param>
    public PredictStage(
        IFrameInterpolator interpolator,
        CutHandling cutHandling,
        DuplicateHandling duplicates,
        FrameSchedule schedule,
        long longestGap,
        FramePool pool,
        ConversionCounters counters,
        VideoFrame sample)
    {
        _interpolator = interpolator;
        _cutHandling = cutHandling;
        _duplicates = duplicates;
        _schedule = schedule;
        _longestGap = longestGap;
        _pool = pool;
        _counters = counters;
        _layout = PixelLayout.Of(sample.Format)!;
        _predictor = new(sample);
    }

    /// <summary>Before this time, in output ticks, frames were finished by an earlier run: nothing is predicted for them.</summary>
    public long DoneUntil { get; set; } = long.MinValue;

    /// <summary>Runs until the input is complete.</summary>
    public void Run(BlockingCollection<SourceFrame> input, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        SourceFrame? previous = null;

        // The last duplicate of the previous frame, which stands for it in time, and how many there were.
        long lastTick = 0, lastDuration = 0;
        int run = 0;
        foreach (SourceFrame next in input.GetConsumingEnumerable(cancellation))
        {
            if (previous is not { } first)
            {
                (previous, lastTick, lastDuration) = (next, next.Tick, next.Duration);
                continue;
            }

            Collect(lastTick, next.Tick);
            (lastTick, lastDuration) = (next.Tick, next.Duration);
            if (_duplicates == DuplicateHandling.Retime && next.IsDuplicate)
            {
                run++;
                if (run <= DecodeStage.LongestRun)
                {
                    _pool.Return(next.Frame);
                    continue;
                }

                // A still picture: what moves afterwards begins at its end.
                RepeatAll(first.Frame, output, cancellation);
            }
            else
            {
                if (run is > 0 and <= DecodeStage.LongestRun)
                {
                    Spread(first.Tick, next.Tick);
                }

                run = 0;
                Fill(first, next, output, cancellation);
            }

            ClearSlots();
            _pool.Return(first.Frame);
            previous = next;
        }

        if (previous is { } last)
        {
            _schedule.Last(lastTick, lastDuration, _part);
            _slots.AddRange(_part);
            RepeatAll(last.Frame, output, cancellation);
            _pool.Return(last.Frame);
        }

        SendBegun(output, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _predictor.Dispose();

    private void Collect(long tick, long nextTick)
    {
        _schedule.Between(tick, nextTick, _part);
        foreach (FrameSlot slot in _part)
        {
            _slots.Add(slot);
            _intervals.Add((tick, nextTick));
        }
    }

    private void ClearSlots()
    {
        _slots.Clear();
        _intervals.Clear();
    }

    // The slots of several intervals as those of one: each at its place on the whole way.
    private void Spread(long tick, long nextTick)
    {
        for (int i = 0; i < _slots.Count; i++)
        {
            Rational way = _slots[i].Way;
            var (from, to) = _intervals[i];
            Int128 place = ((Int128)(from - tick) * way.Denominator) + ((Int128)(to - from) * way.Numerator); // in denominators of a tick
            _slots[i] = _slots[i] with { Way = Rational.Fraction(place, (Int128)(nextTick - tick) * way.Denominator) };
        }
    }

    private void RepeatAll(VideoFrame frame, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        foreach (FrameSlot slot in _slots)
        {
            Repeat(slot, frame, output, cancellation);
        }
    }

    private void Fill(in SourceFrame first, in SourceFrame second, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        bool still = _layout.HoldsSamePicture(first.Frame, second.Frame);
        bool gap = !still && second.Tick - first.Tick > _longestGap;
        bool cut = !still && !gap && second.CutBefore;
        if (gap)
        {
            _counters.CountGap();
        }
        else if (cut)
        {
            _counters.CountCut();
        }

        if (still || gap)
        {
            RepeatAll(first.Frame, output, cancellation);
        }
        else if (cut && _cutHandling == CutHandling.Repeat)
        {
            foreach (FrameSlot slot in _slots)
            {
                Send(slot, (Int128)2 * slot.Way.Numerator <= slot.Way.Denominator ? first.Frame : second.Frame, null, output, cancellation);
            }
        }
        else
        {
            Predict(first, second, cut, output, cancellation);
        }
    }

    private void Predict(in SourceFrame first, in SourceFrame second, bool cut, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        IFrameInterpolator interpolator = cut ? _blender : _interpolator;
        bool any = false;
        _wanted.Clear();
        foreach (FrameSlot slot in _slots)
        {
            _wanted.Add(new(slot, slot.IsOriginal ? 0 : interpolator.Nearest(slot.Way.ToDouble())));
            any |= _wanted[^1].IsNew;
        }

        if (!any || _slots[^1].Time.Timestamp < DoneUntil)
        {
            SendOriginals(first, second, isSecond: false, output, cancellation);
            SendPlaceholders(first.Frame, cut, output, cancellation);
            SendOriginals(first, second, isSecond: true, output, cancellation);
            return;
        }

        VideoFrame properties = first.Frame;
        PairPrediction prediction;
        if (_begun is null)
        {
            SendOriginals(first, second, isSecond: false, output, cancellation);
            prediction = _predictor.Begin(
                first, second, _wanted, interpolator, (slot, picture) => SendNew(slot, picture, properties, slot == _slots[0], !cut, output, cancellation), cancellation);
        }
        else
        {
            // Before the pair that a device still computes is waited for.
            prediction = _predictor.Begin(first, second, _wanted, interpolator, null, cancellation);
            SendOriginals(first, second, isSecond: false, output, cancellation);
        }

        if (prediction.Frames.Count > 0)
        {
            SendBegun(output, cancellation);
            VideoFrame kept = _pool.Rent();
            kept.ReferTo(first.Frame);
            _begun = (prediction, kept);
        }

        SendOriginals(first, second, isSecond: true, output, cancellation);
    }

    private void SendNew(
        FrameSlot slot, VideoFrame picture, VideoFrame properties, bool isHead, bool isPredicted, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        if (isPredicted)
        {
            _counters.CountInterpolated();
        }

        Send(slot, picture, properties, isHead, output, cancellation);
    }

    // The slots whose picture is that of one of both frames.
    private void SendOriginals(
        in SourceFrame first, in SourceFrame second, bool isSecond, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        foreach (PredictedSlot wanted in _wanted)
        {
            if (!wanted.IsNew && wanted.Time >= 1 == isSecond)
            {
                Send(wanted.Slot, isSecond ? second.Frame : first.Frame, null, output, cancellation);
            }
        }
    }

    // What is sent follows what was begun before it.
    private void SendBegun(BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        if (_begun is not var (prediction, properties))
        {
            return;
        }

        _begun = null;
        FrameSlot head = prediction.Slots[0].Slot;
        bool isPredicted = !ReferenceEquals(prediction.Interpolator, _blender);
        _predictor.Finish(prediction, (slot, picture) => SendNew(slot, picture, properties, slot == head, isPredicted, output, cancellation));
        _pool.Return(properties);
    }

    // Their pictures are not looked at.
    private void SendPlaceholders(VideoFrame frame, bool cut, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        foreach (PredictedSlot wanted in _wanted)
        {
            if (wanted.IsNew)
            {
                if (!cut)
                {
                    _counters.CountInterpolated();
                }

                Send(wanted.Slot, frame, null, output, cancellation);
            }
        }
    }

    private void Repeat(FrameSlot slot, VideoFrame frame, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        if (slot != _slots[0])
        {
            _counters.CountRepeated();
        }

        Send(slot, frame, null, output, cancellation);
    }

    // Captions and time codes go with the first frame that is shown from an original's time on, and with no other.
    private void Send(
        FrameSlot slot, VideoFrame picture, VideoFrame? properties, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        SendBegun(output, cancellation);
        Send(slot, picture, properties, slot == _slots[0], output, cancellation);
    }

    private void Send(
        FrameSlot slot, VideoFrame picture, VideoFrame? properties, bool isHead, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        VideoFrame frame = _pool.Rent();
        frame.ReferTo(picture);
        if (properties is not null)
        {
            frame.CopyPropertiesFrom(properties);
        }

        if (!isHead)
        {
            frame.DropOneTimeSideData();
        }

        output.Add(new(frame, slot.Time, properties is not null), cancellation);
    }
}
