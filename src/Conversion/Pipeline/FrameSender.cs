using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Sends frames on: each refers to its picture, and has its own properties.</summary>
/// <param name="pool">Empty frames.</param>
internal sealed class FrameSender(FramePool pool)
{
    private BoundedQueue<OutputFrame> _output = null!;
    private CancellationToken _cancellation;

    /// <summary>Says where frames are sent to.</summary>
    public void Open(BoundedQueue<OutputFrame> output, CancellationToken cancellation) => (_output, _cancellation) = (output, cancellation);

    /// <summary>The same frame, as a reference of the caller's, who returns it to the pool.</summary>
    public SourceFrame Refer(in SourceFrame frame)
    {
        VideoFrame kept = pool.Rent();
        kept.ReferTo(frame.Frame);
        return frame with { Frame = kept };
    }

    /// <summary>Sends a frame.</summary>
    /// <param name="slot">When it is shown.</param>
    /// <param name="picture">What it shows.</param>
    /// <param name="properties">The frame whose properties it has, where the picture is a new one; null: the picture's own.</param>
    /// <param name="isHead">
    /// Whether it is the first that is shown from an original's time on: captions and time codes go with that one, and with no other.
    /// </param>
    public void Send(FrameSlot slot, VideoFrame picture, VideoFrame? properties, bool isHead)
    {
        VideoFrame frame = pool.Rent();
        frame.ReferTo(picture);
        if (properties is not null)
        {
            frame.CopyPropertiesFrom(properties);
        }

        if (!isHead)
        {
            frame.DropOneTimeSideData();
        }

        _output.Add(new(frame, slot.Time, properties is not null), _cancellation);
    }
}
