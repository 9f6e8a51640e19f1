using System.Collections.Concurrent;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Empty frames for reuse, shared by the stages. It owns all of them, wherever they are: frames in queues go with it when work is aborted.</summary>
internal sealed class FramePool : IDisposable
{
    private readonly ConcurrentQueue<VideoFrame> _empty = new();
    private readonly ConcurrentDictionary<VideoFrame, bool> _lent = new(ReferenceEqualityComparer.Instance);

    /// <summary>An empty frame.</summary>
    public VideoFrame Rent()
    {
        VideoFrame frame = _empty.TryDequeue(out VideoFrame? empty) ? empty : new();
        _lent[frame] = true;
        return frame;
    }

    /// <summary>Takes a frame back and lets go of its picture.</summary>
    public void Return(VideoFrame frame)
    {
        frame.Clear();
        if (_lent.TryRemove(frame, out _))
        {
            _empty.Enqueue(frame);
        }
    }

    /// <summary>Leaves a frame to its user, who disposes of it.</summary>
    public void Release(VideoFrame frame) => _lent.TryRemove(frame, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (VideoFrame frame in _empty.Concat(_lent.Keys))
        {
            frame.Dispose();
        }
    }
}
