using System.Collections.Concurrent;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Empty frames for reuse, shared by the stages.</summary>
internal sealed class FramePool : IDisposable
{
    private readonly ConcurrentQueue<VideoFrame> _frames = new();

    /// <summary>An empty frame.</summary>
    public VideoFrame Rent() => _frames.TryDequeue(out VideoFrame? frame) ? frame : new VideoFrame();

    /// <summary>Takes a frame back and releases its picture.</summary>
    public void Return(VideoFrame frame)
    {
        frame.Clear();
        _frames.Enqueue(frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_frames.TryDequeue(out VideoFrame? frame))
        {
            frame.Dispose();
        }
    }
}
