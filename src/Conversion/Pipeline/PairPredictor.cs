using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Predicts the frames that are wanted between two frames, each once, in the order of time.</summary>
internal sealed class PairPredictor : IDisposable
{
    private readonly FramePlanes _planes;
    private readonly PicturePool _pictures = new();
    private readonly (int Width, int Height, AVPixelFormat Format) _kind;

    // All planes, and those that hold nothing at present. Planes of new frames are not used for originals: nobody makes their colours, and memory that
    // is not touched costs nothing.
    private readonly List<PlanarFrame> _all = [];
    private readonly Stack<PlanarFrame> _free = new(), _freeNew = new();

    // The originals that are held, by their ticks (frame objects are used again), in the order of time; and how many hold each.
    private readonly List<(long Tick, PlanarFrame Planes)> _originals = [];
    private readonly Dictionary<PlanarFrame, int> _holders = [];
    private readonly Stack<PairPrediction> _finished = new();

    // What originals show whose planes are read where they are looked at.
    private readonly Dictionary<PlanarFrame, VideoFrame> _shown = [];

    /// <summary>A predictor for frames like the given one.</summary>
    public PairPredictor(VideoFrame sample)
    {
        _planes = FramePlanes.For(sample);
        _kind = (sample.Width, sample.Height, sample.Format);
    }

    /// <summary>Whether of originals only those parts become floats that are looked at.</summary>
    public bool ReadsPartsOnly { get; set; }

    /// <summary>Predicts; a device may still be computing afterwards, and what is missing then comes by <see cref="Finish"/>.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="slots">What is wanted, in the order of time; those that are no new pictures are passed over.</param>
    /// <param name="interpolator">Predicts.</param>
    /// <param name="emit">
    /// Takes each slot's picture as soon as it is finished and nothing before it is missing; the picture stays the predictor's: keep a
    /// reference only. Null: all come by <see cref="Finish"/>.
    /// </param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What <see cref="Finish"/> is to be called with; null where nothing is missing.</returns>
    public PairPrediction? Begin(
        in SourceFrame first,
        in SourceFrame second,
        List<PredictedSlot> slots,
        IFrameInterpolator interpolator,
        Action<FrameSlot, VideoFrame>? emit,
        CancellationToken cancellation)
    {
        while (_originals.Count > 0 && _originals[0].Tick < first.Tick)
        {
            DropOldest();
        }

        PlanarFrame one = PlanesOf(first), other = PlanesOf(second);
        if (!_finished.TryPop(out PairPrediction? prediction))
        {
            prediction = new();
        }

        prediction.Begin(slots, interpolator);
        double last = 0;
        foreach (PredictedSlot slot in slots)
        {
            if (slot.IsNew && slot.Time != last)
            {
                last = slot.Time;
                PlanarFrame planes = Rent(_freeNew);
                Action? finish = interpolator.Begin(one, other, last, planes, cancellation);
                if (finish is null && prediction.Frames.Count == 0 && emit is not null)
                {
                    Emit(slots, planes, last, emit);
                    _freeNew.Push(planes);
                }
                else
                {
                    prediction.Frames.Add((planes, last, finish));
                    if (prediction.Frames.Count == 1)
                    {
                        prediction.Pair = (Hold(one), Hold(other));
                    }
                }
            }
        }

        if (prediction.Frames.Count > 0)
        {
            return prediction;
        }

        _finished.Push(prediction);
        return null;
    }

    /// <summary>Waits for a prediction's frames and hands them out. Predictions are finished in the order they were begun.</summary>
    /// <param name="prediction">What was begun; it is not to be used any more.</param>
    /// <param name="emit">Takes each slot's picture, which stays the predictor's: keep a reference only.</param>
    public void Finish(PairPrediction prediction, Action<FrameSlot, VideoFrame> emit)
    {
        foreach (var (planes, time, finish) in prediction.Frames)
        {
            finish?.Invoke();
            Emit(prediction.Slots, planes, time, emit);
            _freeNew.Push(planes);
        }

        if (prediction.Pair is var (first, second))
        {
            Drop(first);
            Drop(second);
            prediction.Pair = null;
        }

        _finished.Push(prediction);
    }

    /// <summary>Shows the interpolator a pair; the frames of the one before may still be wanted.</summary>
    public void Look(in SourceFrame first, in SourceFrame second, IFrameInterpolator interpolator, CancellationToken cancellation)
    {
        while (_originals.Count > 2)
        {
            DropOldest();
        }

        interpolator.Look(PlanesOf(first), PlanesOf(second), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _planes.Dispose();
        _pictures.Dispose();
        foreach (PlanarFrame planes in _all)
        {
            planes.Dispose();
        }

        foreach (VideoFrame shown in _shown.Values)
        {
            shown.Dispose();
        }
    }

    // An original's planes; where none hold it yet, it is read.
    private PlanarFrame PlanesOf(in SourceFrame frame)
    {
        foreach (var (tick, held) in _originals)
        {
            if (tick == frame.Tick)
            {
                return held;
            }
        }

        PlanarFrame planes = Hold(Rent(_free));
        if (ReadsPartsOnly)
        {
            if (!_shown.TryGetValue(planes, out VideoFrame? shown))
            {
                _shown[planes] = shown = new();
            }

            shown.ReferTo(frame.Frame);
            _planes.Show(shown, planes);
        }
        else
        {
            _planes.Read(frame.Frame, planes);
        }

        planes.Time = frame.Tick;
        _originals.Add((frame.Tick, planes));
        return planes;
    }

    private PlanarFrame Hold(PlanarFrame planes)
    {
        _holders[planes] = _holders.GetValueOrDefault(planes) + 1;
        return planes;
    }

    private void DropOldest()
    {
        Drop(_originals[0].Planes);
        _originals.RemoveAt(0);
    }

    private void Drop(PlanarFrame planes)
    {
        if (--_holders[planes] == 0)
        {
            _free.Push(planes);
            _shown.GetValueOrDefault(planes)?.Clear();
        }
    }

    private void Emit(List<PredictedSlot> slots, PlanarFrame planes, double time, Action<FrameSlot, VideoFrame> emit)
    {
        VideoFrame? picture = null;
        foreach (PredictedSlot slot in slots)
        {
            if (slot.Time == time)
            {
                if (picture is null)
                {
                    picture = _pictures.Rent(_kind.Width, _kind.Height, _kind.Format);
                    _planes.Write(planes, picture);
                }

                emit(slot.Slot, picture);
            }
        }
    }

    private PlanarFrame Rent(Stack<PlanarFrame> free)
    {
        if (!free.TryPop(out PlanarFrame? planes))
        {
            _all.Add(planes = _planes.CreatePlanes());
        }

        return planes;
    }
}

/// <summary>An output frame between two input frames, and the time that its picture is predicted at.</summary>
/// <param name="Slot">What is wanted.</param>
/// <param name="Time">As near as the interpolator can; 0 and 1 stand for the input frames themselves.</param>
internal readonly record struct PredictedSlot(FrameSlot Slot, double Time)
{
    /// <summary>Whether the picture is a new one.</summary>
    public bool IsNew => Time is > 0 and < 1;
}

/// <summary>The new frames between two frames, begun.</summary>
internal sealed class PairPrediction
{
    /// <summary>What is wanted, in the order of time.</summary>
    public List<PredictedSlot> Slots { get; } = [];

    /// <summary>Predicts it.</summary>
    public IFrameInterpolator Interpolator { get; private set; } = null!;

    /// <summary>Both frames' planes, where anything was not emitted; null: nothing was.</summary>
    public (PlanarFrame First, PlanarFrame Second)? Pair { get; set; }

    /// <summary>What was not emitted, in the order of time: the planes, their time, and what finishes them (null: nothing is missing).</summary>
    public List<(PlanarFrame Planes, double Time, Action? Finish)> Frames { get; } = [];

    /// <summary>Another pair's; nothing is computed yet.</summary>
    public void Begin(List<PredictedSlot> slots, IFrameInterpolator interpolator)
    {
        Slots.Clear();
        Slots.AddRange(slots);
        Interpolator = interpolator;
        Frames.Clear();
    }
}
