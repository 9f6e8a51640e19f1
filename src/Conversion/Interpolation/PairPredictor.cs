using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Interpolation;

/// <summary>
/// Predicts the frames of some phases between two frames by halving: phase 4 of both frames, then 2 and 6 of these, then the odd ones. Only
/// what is wanted, or needed for that, is predicted, each once; the frames come in the order of time.
/// </summary>
internal sealed class PairPredictor : IDisposable
{
    private readonly FramePlanes _planes;
    private readonly PicturePool _pictures = new();
    private readonly (int Width, int Height, AVPixelFormat Format) _kind;

    // All planes, and those that hold nothing at present: at most 3 beside those of the two frames, one for each halving; where a device
    // computes meanwhile, one for each new frame of two pairs.
    private readonly List<PlanarFrame> _all = [];
    private readonly Stack<PlanarFrame> _free = new();
    private PlanarFrame _first;
    private PlanarFrame _second;

    // Which frames the planes hold, by their ticks (frame objects are used again).
    private long? _inFirst;
    private long? _inSecond;

    /// <summary>A predictor for frames like the given one.</summary>
    public PairPredictor(VideoFrame sample)
    {
        _planes = FramePlanes.For(sample);
        _kind = (sample.Width, sample.Height, sample.Format);
        _first = Rent();
        _second = Rent();
    }

    /// <summary>Predicts; a device may still be computing afterwards, and what is missing then comes by <see cref="Finish"/>.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="slots">What is wanted, in the order of time; those of phase 0 are passed over.</param>
    /// <param name="interpolator">Finds the middle of two frames.</param>
    /// <param name="emit">
    /// Takes each slot's picture as soon as it is finished and nothing before it is missing; the picture stays the predictor's: keep a
    /// reference only. Null: all come by <see cref="Finish"/>.
    /// </param>
    /// <param name="cancellation">Ends the work.</param>
    public PairPrediction Begin(
        in SourceFrame first,
        in SourceFrame second,
        IReadOnlyList<FrameSlot> slots,
        IFrameInterpolator interpolator,
        Action<FrameSlot, VideoFrame>? emit,
        CancellationToken cancellation)
    {
        if (_inSecond == first.Tick)
        {
            // The second frame of the pair before is the first of this one.
            (_first, _second, _inFirst, _inSecond) = (_second, _first, _inSecond, _inFirst);
        }

        if (_inFirst != first.Tick)
        {
            _planes.Read(first.Frame, _first);
        }

        _planes.Read(second.Frame, _second);
        (_inFirst, _inSecond) = (first.Tick, second.Tick);
        PairPrediction prediction = new([.. slots], interpolator, emit, cancellation);
        Halve(prediction, _first, _second, 0, FrameSchedule.Phases);
        return prediction;
    }

    /// <summary>Waits for a prediction's frames and hands them out. Predictions are finished in the order they were begun.</summary>
    /// <param name="prediction">What was begun.</param>
    /// <param name="emit">Takes each slot's picture, which stays the predictor's: keep a reference only.</param>
    public void Finish(PairPrediction prediction, Action<FrameSlot, VideoFrame> emit)
    {
        foreach (var (planes, phase, finish) in prediction.Frames)
        {
            finish?.Invoke();
            Emit(prediction.Slots, planes, phase, emit);
            _free.Push(planes);
        }
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
    }

    private void Halve(PairPrediction prediction, PlanarFrame low, PlanarFrame high, int lowPhase, int highPhase)
    {
        if (!prediction.IsWanted(lowPhase, highPhase))
        {
            return;
        }

        int middlePhase = (lowPhase + highPhase) / 2;
        PlanarFrame middle = Rent();
        Action? finish = prediction.Interpolator.Begin(low, high, middle, prediction.Cancellation);
        if (prediction.IsWanted(lowPhase, middlePhase) || prediction.IsWanted(middlePhase, highPhase))
        {
            finish?.Invoke();
            finish = null;
            _planes.FillColours(middle);
        }

        Halve(prediction, low, middle, lowPhase, middlePhase);
        bool emitted = finish is null && prediction.Frames.Count == 0 && prediction.Emit is not null;
        if (emitted)
        {
            Emit(prediction.Slots, middle, middlePhase, prediction.Emit!);
        }
        else
        {
            prediction.Frames.Add((middle, middlePhase, finish));
        }

        Halve(prediction, middle, high, middlePhase, highPhase);
        if (emitted)
        {
            _free.Push(middle);
        }
    }

    private void Emit(IReadOnlyList<FrameSlot> slots, PlanarFrame planes, int phase, Action<FrameSlot, VideoFrame> emit)
    {
        VideoFrame? picture = null;
        foreach (FrameSlot slot in slots)
        {
            if (slot.Phase == phase)
            {
                if (picture is null)
                {
                    picture = _pictures.Rent(_kind.Width, _kind.Height, _kind.Format);
                    _planes.Write(planes, picture);
                }

                emit(slot, picture);
            }
        }
    }

    private PlanarFrame Rent()
    {
        if (!_free.TryPop(out PlanarFrame? planes))
        {
            _all.Add(planes = _planes.CreatePlanes());
        }

        return planes;
    }
}
