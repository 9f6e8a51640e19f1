using AdaConv.Conversion.Options;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The second stage: originals pass through untouched, new frames are put behind each as the schedule says.</summary>
internal sealed class PredictStage : IDisposable
{
    /// <summary>The longest run of duplicates that is animation: each picture four times. A longer one is a still picture.</summary>
    public const int LongestRun = 3;

    private readonly IFrameInterpolator _interpolator;
    private readonly AveragingInterpolator _blender = new();
    private readonly CutHandling _cutHandling;
    private readonly DuplicateHandling _duplicates;
    private readonly bool _isLoop;
    private readonly long _longestGap;
    private readonly FramePool _pool;
    private readonly PixelLayout _layout;
    private readonly ConversionCounters _counters;
    private readonly FrameSchedule _schedule;
    private readonly IntervalSlots _interval;
    private List<PredictedSlot> _wanted = [];
    private readonly PairPredictor _predictor;
    private readonly Action<FrameSlot, VideoFrame> _sendNew;
    private readonly FrameSender _sender;
    private CancellationToken _cancellation;

    // Of the new frames that are being sent: the frame before them, the slot that shows it, and whether their pictures are predicted.
    private (VideoFrame Properties, FrameSlot Head, bool IsPredicted) _new;

    // New frames that wait for a device, and the frame before them.
    private (PairPrediction Frames, VideoFrame Properties)? _begun;

    // A pair whose frames wait until the next pair has been looked at; the stage refers to its frames.
    private (SourceFrame First, SourceFrame Second)? _waiting;
    private List<PredictedSlot> _waitingSlots = [];

    // The first frame of the pair before, where nothing was predicted for it but its motion may bear on the next pair's frames.
    private SourceFrame? _passed;

    /// <summary>A stage for frames like the given one.</summary>
    /// <param name="interpolator">Predicts.</param>
    /// <param name="cutHandling">The new frames between two scenes.</param>
    /// <param name="duplicates">What becomes of frames that repeat the one before.</param>
    /// <param name="isLoop">Whether the first frame follows the last one.</param>
    /// <param name="schedule">Which frames there are.</param>
    /// <param name="longestGap">Input ticks that two frames may lie apart.</param>
    /// <param name="pool">Empty frames.</param>
    /// <param name="counters">Told what is done.</param>
    /// <param name="sample">A frame in the encoder's format.</param>
    public PredictStage(
        IFrameInterpolator interpolator,
        CutHandling cutHandling,
        DuplicateHandling duplicates,
        bool isLoop,
        FrameSchedule schedule,
        long longestGap,
        FramePool pool,
        ConversionCounters counters,
        VideoFrame sample)
    {
        (_interpolator, _cutHandling, _duplicates, _isLoop) = (interpolator, cutHandling, duplicates, isLoop);
        _schedule = schedule;
        _interval = new(schedule);
        _longestGap = longestGap;
        _pool = pool;
        _sender = new(pool);
        _counters = counters;
        _layout = PixelLayout.Of(sample.Format)!;
        _predictor = new(sample);
        _sendNew = SendNew;
    }

    /// <summary>Before this time, in output ticks, frames were finished by an earlier run: nothing is predicted for them.</summary>
    public long DoneUntil { get; set; } = long.MinValue;

    /// <summary>From this time on, in output ticks, frames are another's.</summary>
    public long WantedUntil { get; init; } = long.MaxValue;

    /// <summary>Before this time, in output ticks, frames are another's and are not counted.</summary>
    public long CountedFrom { get; init; } = long.MinValue;

    /// <summary>Whether of originals only those parts become floats that are looked at.</summary>
    public bool ReadsPartsOnly { init => _predictor.ReadsPartsOnly = value; }

    /// <summary>Whether the first frame that comes is not the video's first one.</summary>
    public bool BeginsAmid { get; init; }

    private ReadOnlySpan<FrameSlot> Slots => _interval.Slots;

    /// <summary>Runs until the input is complete.</summary>
    public void Run(BoundedQueue<SourceFrame> input, BoundedQueue<OutputFrame> output, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _sender.Open(output, cancellation);
        SourceFrame? previous = null;
        VideoFrame? beginning = _isLoop ? _pool.Rent() : null;

        // The last duplicate of the previous frame, which stands for it in time, and how many there were.
        SourceFrame last = default;
        int run = 0;
        foreach (SourceFrame next in input.Take(cancellation))
        {
            if (previous is not { } first)
            {
                previous = last = next;
                beginning?.ReferTo(next.Frame);
                if (BeginsAmid)
                {
                    _schedule.Skip(next.Tick);
                    continue;
                }

                _interval.AddLead();
                RepeatAll(next.Frame);
                _interval.Clear();
                continue;
            }

            _interval.Add(last.Tick, next.Tick, last.IsField);
            last = next;
            if (_duplicates == DuplicateHandling.Retime && next.IsDuplicate)
            {
                run++;
                if (run <= LongestRun)
                {
                    _pool.Return(next.Frame);
                    continue;
                }

                // A still picture: what moves afterwards begins at its end.
                RepeatAll(first.Frame);
            }
            else
            {
                if (run is > 0 and <= LongestRun)
                {
                    _interval.Spread(first.Tick, next.Tick);
                }

                run = 0;
                Fill(first, next);
            }

            _interval.Clear();
            _pool.Return(first.Frame);
            previous = next;
        }

        if (previous is { } shown)
        {
            End(shown, last, run, beginning);
        }

        SendBefore();
    }

    /// <inheritdoc/>
    public void Dispose() => _predictor.Dispose();

    // The last frame stands to the end or, in a loop, leads to the first one again.
    private void End(in SourceFrame shown, in SourceFrame last, int run, VideoFrame? beginning)
    {
        if (beginning is null)
        {
            _interval.AddLast(last.Tick, last.Duration, last.IsField);
            RepeatAll(shown.Frame);
        }
        else
        {
            long end = _interval.EndOf(last.Tick, last.Duration, last.IsField);
            _interval.Add(last.Tick, end, last.IsField);
            if (run is > 0 and <= LongestRun)
            {
                _interval.Spread(shown.Tick, end);
            }

            Fill(shown, last with { Frame = beginning, Tick = end, CutBefore = false });
            _pool.Return(beginning);
        }

        _pool.Return(shown.Frame);
    }

    private bool IsCounted(FrameSlot slot) => slot.Time.Timestamp >= CountedFrom && slot.Time.Timestamp < WantedUntil;

    private void RepeatAll(VideoFrame frame)
    {
        foreach (FrameSlot slot in Slots)
        {
            if (slot != Slots[0] && IsCounted(slot))
            {
                _counters.CountRepeated();
            }

            Send(slot, frame);
        }
    }

    private void Fill(in SourceFrame first, in SourceFrame second)
    {
        SourceFrame? passed = _passed;
        _passed = null;
        bool still = _layout.HoldsSamePicture(first.Frame, second.Frame);
        bool gap = !still && second.Tick - first.Tick > _longestGap;
        bool cut = !still && !gap && second.CutBefore;
        bool isCounted = !Slots.IsEmpty && IsCounted(Slots[0]);
        if (gap && isCounted)
        {
            _counters.CountGap();
        }
        else if (cut && isCounted)
        {
            _counters.CountCut();
        }

        if (still || gap)
        {
            RepeatAll(first.Frame);
        }
        else if (cut && _cutHandling == CutHandling.Repeat)
        {
            foreach (FrameSlot slot in Slots)
            {
                Send(slot, (Int128)2 * slot.Way.Numerator <= slot.Way.Denominator ? first.Frame : second.Frame);
            }
        }
        else
        {
            Predict(cut ? null : passed, first, second, cut);
        }

        if (passed is { } before)
        {
            _pool.Return(before.Frame);
        }
    }

    private void Predict(SourceFrame? passed, in SourceFrame first, in SourceFrame second, bool cut)
    {
        IFrameInterpolator interpolator = cut ? _blender : _interpolator;
        bool any = false;
        _wanted.Clear();
        foreach (FrameSlot slot in Slots)
        {
            _wanted.Add(new(slot, slot.IsOriginal ? 0 : interpolator.Nearest(slot.Way.ToDouble())));
            any |= _wanted[^1].IsNew && slot.Time.Timestamp >= DoneUntil && slot.Time.Timestamp < WantedUntil;
        }

        if (!any)
        {
            if (!cut)
            {
                Pass(first, second);
            }

            SendOriginals(_wanted, first, second, isSecond: false);
            SendPlaceholders(first.Frame, cut);
            SendOriginals(_wanted, first, second, isSecond: true);
            return;
        }

        if (!interpolator.LooksAhead)
        {
            StartWaiting();
            Start(first, second, _wanted, interpolator);
            return;
        }

        if (passed is { } before)
        {
            _predictor.Look(before, first, interpolator, _cancellation);
        }

        _predictor.Look(first, second, interpolator, _cancellation);
        StartWaiting();
        _waiting = (_sender.Refer(first), _sender.Refer(second));
        (_wanted, _waitingSlots) = (_waitingSlots, _wanted);
    }

    private void Start(in SourceFrame first, in SourceFrame second, List<PredictedSlot> slots, IFrameInterpolator interpolator)
    {
        PairPrediction? prediction;
        if (_begun is null)
        {
            SendOriginals(slots, first, second, isSecond: false);
            _new = (first.Frame, slots[0].Slot, !ReferenceEquals(interpolator, _blender));
            prediction = _predictor.Begin(first, second, slots, interpolator, _sendNew, _cancellation);
        }
        else
        {
            // Before the pair that is not finished is waited for.
            prediction = _predictor.Begin(first, second, slots, interpolator, null, _cancellation);
            SendOriginals(slots, first, second, isSecond: false);
        }

        if (prediction is not null)
        {
            SendBegun();
            _begun = (prediction, _sender.Refer(first).Frame);
        }

        SendOriginals(slots, first, second, isSecond: true);
    }

    // What waits for the next pair is predicted by what is known.
    private void StartWaiting()
    {
        if (_waiting is var (first, second))
        {
            _waiting = null;
            Start(first, second, _waitingSlots, _interpolator);
            _pool.Return(first.Frame);
            _pool.Return(second.Frame);
        }
    }

    // Nothing is wanted of this pair. The one before it may wait for its motion; else it is looked at when the one after it is predicted.
    private void Pass(in SourceFrame first, in SourceFrame second)
    {
        if (_waiting is null)
        {
            _passed = _interpolator.LooksAhead ? _sender.Refer(first) : null;
            return;
        }

        _predictor.Look(first, second, _interpolator, _cancellation);
        StartWaiting();
    }

    private void SendNew(FrameSlot slot, VideoFrame picture)
    {
        if (_new.IsPredicted && IsCounted(slot))
        {
            _counters.CountInterpolated();
        }

        _sender.Send(slot, picture, _new.Properties, slot == _new.Head);
    }

    // The slots whose picture is that of one of both frames.
    private void SendOriginals(List<PredictedSlot> slots, in SourceFrame first, in SourceFrame second, bool isSecond)
    {
        foreach (PredictedSlot wanted in slots)
        {
            if (!wanted.IsNew && wanted.Time >= 1 == isSecond)
            {
                SendBefore();
                _sender.Send(wanted.Slot, isSecond ? second.Frame : first.Frame, null, wanted.Slot == slots[0].Slot);
            }
        }
    }

    // What is sent follows all that was wanted before it.
    private void SendBefore()
    {
        StartWaiting();
        SendBegun();
    }

    private void SendBegun()
    {
        if (_begun is not var (prediction, properties))
        {
            return;
        }

        _begun = null;
        _new = (properties, prediction.Slots[0].Slot, !ReferenceEquals(prediction.Interpolator, _blender));
        _predictor.Finish(prediction, _sendNew);
        _pool.Return(properties);
    }

    // Their pictures are not looked at.
    private void SendPlaceholders(VideoFrame frame, bool cut)
    {
        foreach (PredictedSlot wanted in _wanted)
        {
            if (wanted.IsNew)
            {
                if (!cut && IsCounted(wanted.Slot))
                {
                    _counters.CountInterpolated();
                }

                Send(wanted.Slot, frame);
            }
        }
    }

    private void Send(FrameSlot slot, VideoFrame picture)
    {
        SendBefore();
        _sender.Send(slot, picture, null, slot == Slots[0]);
    }
}
