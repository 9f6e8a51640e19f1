using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// The stretch of the output that one part of a conversion makes. Where the input is read from a key frame in its midst, it also tells whether the
/// frames that come are those of a reading from the beginning.
/// </summary>
/// <param name="from">The first time of the output, in its ticks.</param>
/// <param name="until">The first time behind it; <see cref="long.MaxValue"/>: the end.</param>
/// <param name="fromTick">The input's tick at <paramref name="from"/>; <see cref="long.MinValue"/>: the beginning.</param>
/// <param name="untilTick">The input's tick at <paramref name="until"/>.</param>
/// <param name="settledTick">Before this tick, what is known of frames before must decide nothing any more.</param>
/// <param name="expected">Frames that another reading, from a later key frame, gave; null where the input is read from the beginning.</param>
internal sealed class FrameSpan(long from, long until, long fromTick, long untilTick, long settledTick, IReadOnlyList<FrameMark>? expected)
{
    private int _checked;

    /// <summary>The first time of the output, in its ticks.</summary>
    public long From => from;

    /// <summary>The first time behind it.</summary>
    public long Until => until;

    /// <summary>Whether the input is read from a key frame in its midst.</summary>
    public bool IsSought => expected is not null;

    /// <summary>Frames of the output in it, about; null where that is not known.</summary>
    public long? FramesExpected { get; init; }

    /// <summary>The first frame of the input at or behind the beginning; null where the span begins with the input, or behind its end.</summary>
    public FrameMark? First { get; private set; }

    /// <summary>The first frame of the input at or behind the end; null where there is none.</summary>
    public FrameMark? Behind { get; private set; }

    /// <summary>Frames of the input in the span.</summary>
    public long Frames { get; private set; }

    /// <summary>Looks at a frame as it was decoded.</summary>
    /// <exception cref="SeekingException">It is not the one that the other reading gave.</exception>
    public void Check(VideoFrame decoded)
    {
        if (expected is null || _checked == expected.Count || decoded.Timestamp < expected[_checked].Tick)
        {
            return;
        }

        if (FrameMark.Of(decoded) != expected[_checked])
        {
            throw new SeekingException("two readings from different key frames gave different pictures or times");
        }

        _checked++;
    }

    /// <summary>Looks at a frame with its place in time, before it is used.</summary>
    /// <param name="tick">Its time.</param>
    /// <param name="frame">The picture.</param>
    /// <param name="isSettled">Whether what comes next is independent of frames before the reading began.</param>
    /// <exception cref="SeekingException">It is too early for that.</exception>
    public void Pass(long tick, VideoFrame frame, bool isSettled)
    {
        if (IsSought && tick >= settledTick && (!isSettled || _checked < expected!.Count))
        {
            throw new SeekingException("the frames just before the part do not show where scenes are cut");
        }

        if (First is null && fromTick > long.MinValue && tick >= fromTick)
        {
            First = new(tick, PixelLayout.Of(frame.Format)!.Hash(frame));
        }

        if (Behind is null && tick >= untilTick)
        {
            Behind = new(tick, PixelLayout.Of(frame.Format)!.Hash(frame));
        }

        Frames += tick >= fromTick && tick < untilTick ? 1 : 0;
    }
}

/// <summary>A frame of the input, known by its time and content.</summary>
/// <param name="Tick">Its time.</param>
/// <param name="Hash">Its samples, hashed.</param>
internal sealed record FrameMark(long Tick, string Hash)
{
    /// <summary>The mark of a decoded frame.</summary>
    /// <exception cref="SeekingException">It has no time, or samples of a kind that cannot be compared.</exception>
    public static FrameMark Of(VideoFrame frame) =>
        frame.Timestamp is { } time && PixelLayout.Of(frame.Format) is { } layout
            ? new(time, layout.Hash(frame))
            : throw new SeekingException("its frames have no times, or samples that cannot be compared");
}

/// <summary>A reading from a key frame does not give, for certain, the frames of a reading from the beginning.</summary>
/// <param name="reason">Why.</param>
internal sealed class SeekingException(string reason) : Exception(reason);
