using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Empty frames for reuse, shared by the stages. It owns all of them, wherever they are: frames in queues go with it when work is aborted.</summary>
internal sealed class FramePool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<VideoFrame> _empty = new();
    private readonly HashSet<VideoFrame> _lent = new(ReferenceEqualityComparer.Instance);

    /// <summary>An empty frame.</summary>
    public VideoFrame Rent()
    {
        lock (_gate)
        {
            VideoFrame frame = _empty.TryPop(out VideoFrame? empty) ? empty : new();
            _lent.Add(frame);
            return frame;
        }
    }

    /// <summary>Takes a frame back and lets go of its picture.</summary>
    public void Return(VideoFrame frame)
    {
        frame.Clear();
        lock (_gate)
        {
            if (_lent.Remove(frame))
            {
                _empty.Push(frame);
            }
        }
    }

    /// <summary>Leaves a frame to its user, who disposes of it.</summary>
    public void Release(VideoFrame frame)
    {
        lock (_gate)
        {
            _lent.Remove(frame);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (VideoFrame frame in _empty.Concat(_lent))
        {
            frame.Dispose();
        }
    }
}

/// <summary>A decoded frame on its way to the prediction.</summary>
/// <param name="Frame">The picture, in the encoder's pixel format.</param>
/// <param name="Tick">Its time in input ticks, after that of the frame before.</param>
/// <param name="Duration">How long it stands in the input in input ticks, 0 where not known.</param>
/// <param name="CutBefore">Whether a scene cut lies between the frame before and this one.</param>
/// <param name="IsDuplicate">Whether it shows the frame before once more.</param>
/// <param name="IsField">Whether it is the picture of a field, which stands for half of a frame's time.</param>
internal readonly record struct SourceFrame(VideoFrame Frame, long Tick, long Duration, bool CutBefore, bool IsDuplicate, bool IsField);

/// <summary>A frame on its way to the encoder.</summary>
/// <param name="Frame">The picture.</param>
/// <param name="Time">When it is shown.</param>
/// <param name="IsPredicted">Whether its picture is new: predicted, or mixed at a cut.</param>
internal readonly record struct OutputFrame(VideoFrame Frame, FrameTime Time, bool IsPredicted);
