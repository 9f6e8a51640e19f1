using AdaConv.FrameFilter.Media;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>
/// Predicts the frames of some phases between two frames by halving: phase 4 of both frames, then 2 and 6 of these, then the odd ones. Only
/// what is wanted, or needed for that, is predicted, each once; the frames come in the order of time.
/// </summary>
internal sealed class PairPredictor : IDisposable
{
    private readonly FramePlanes _planes;
    private readonly PicturePool _pictures = new();

    // Planes that hold nothing at present: at most 3 beside those of the two frames, one for each halving.
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
        _first = _planes.CreatePlanes();
        _second = _planes.CreatePlanes();
    }

    /// <summary>Predicts.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="slots">What is wanted, in the order of time; those of phase 0 are passed over.</param>
    /// <param name="interpolator">Finds the middle of two frames.</param>
    /// <param name="emit">Takes each slot's picture, which stays the predictor's: keep a reference only.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Predict(
        in SourceFrame first,
        in SourceFrame second,
        IReadOnlyList<FrameSlot> slots,
        IFrameInterpolator interpolator,
        Action<FrameSlot, VideoFrame> emit,
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
        Halve(new(slots, interpolator, emit, first.Frame, cancellation), _first, _second, 0, FrameSchedule.Phases);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _planes.Dispose();
        _pictures.Dispose();
        _first.Dispose();
        _second.Dispose();
        foreach (PlanarFrame planes in _free)
        {
            planes.Dispose();
        }
    }

    private void Halve(in Wish wish, PlanarFrame low, PlanarFrame high, int lowPhase, int highPhase)
    {
        if (!wish.IsWanted(lowPhase, highPhase))
        {
            return;
        }

        int middlePhase = (lowPhase + highPhase) / 2;
        PlanarFrame middle = _free.TryPop(out PlanarFrame? planes) ? planes : _planes.CreatePlanes();
        wish.Interpolator.Interpolate(low, high, middle, wish.Cancellation);
        if (wish.IsWanted(lowPhase, middlePhase) || wish.IsWanted(middlePhase, highPhase))
        {
            _planes.FillColours(middle);
        }

        Halve(wish, low, middle, lowPhase, middlePhase);
        Emit(wish, middle, middlePhase);
        Halve(wish, middle, high, middlePhase, highPhase);
        _free.Push(middle);
    }

    private void Emit(in Wish wish, PlanarFrame planes, int phase)
    {
        VideoFrame? picture = null;
        foreach (FrameSlot slot in wish.Slots)
        {
            if (slot.Phase == phase)
            {
                if (picture is null)
                {
                    picture = _pictures.Rent(wish.Sample.Width, wish.Sample.Height, wish.Sample.Format);
                    _planes.Write(planes, picture);
                }

                wish.Emit(slot, picture);
            }
        }
    }

    private readonly record struct Wish(
        IReadOnlyList<FrameSlot> Slots,
        IFrameInterpolator Interpolator,
        Action<FrameSlot, VideoFrame> Emit,
        VideoFrame Sample,
        CancellationToken Cancellation)
    {
        /// <summary>Whether a frame between two phases, both excluded, is wanted.</summary>
        public bool IsWanted(int low, int high)
        {
            foreach (FrameSlot slot in Slots)
            {
                if (slot.Phase > low && slot.Phase < high)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
