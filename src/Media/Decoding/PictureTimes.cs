using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// The times of the pictures that a filter makes of frames, from the frames' own times. What filters say of times differs between releases of
/// FFmpeg, but they give pictures in order, and a known number of them.
/// </summary>
internal abstract unsafe class PictureTimes
{
    /// <summary>Ticks of the pictures' times in a tick of the container.</summary>
    public abstract int Parts { get; }

    /// <summary>Times, in the container's ticks, of the frames whose pictures are awaited.</summary>
    private protected Queue<SentFrame> Sent { get; } = new();

    /// <summary>Notes a frame that is given to the filter.</summary>
    public virtual void Send(VideoFrame frame)
    {
        Sent.Enqueue(new(frame.Timestamp, FrameFields.GetDuration(frame.Pointer), FrameFields.IsInterlaced(frame.Pointer)));

        // Some filters do not take frames without times; these are looked at no further.
        frame.Pointer->pts = frame.Pointer->best_effort_timestamp;
    }

    /// <summary>Gives a picture that came out of the filter its time.</summary>
    public abstract void Receive(VideoFrame picture);

    /// <summary>Gives a frame that passes the filter by its time in the pictures' ticks.</summary>
    public void PassBy(VideoFrame frame) => Set(frame, Parts * frame.Timestamp, Parts * FrameFields.GetDuration(frame.Pointer));

    /// <summary>Begins anew with another filter.</summary>
    public virtual void Clear() => Sent.Clear();

    private protected static void Set(VideoFrame picture, long? time, long duration)
    {
        picture.Pointer->best_effort_timestamp = time ?? AV_NOPTS_VALUE;
        FrameFields.SetDuration(picture.Pointer, duration);
    }

    /// <summary>A frame that was given to the filter.</summary>
    private protected readonly record struct SentFrame(long? Time, long Duration, bool IsInterlaced);
}

/// <summary>Times of bwdif's pictures: one of each frame, or two of each interlaced one.</summary>
/// <param name="fields">Whether each field becomes a picture.</param>
internal sealed class FieldTimes(bool fields) : PictureTimes
{
    // The frame of whose fields the first came; from the frame before it to it, in the container's ticks.
    private SentFrame? _half;
    private long? _interval;

    /// <inheritdoc/>
    public override int Parts => fields ? 2 : 1;

    /// <inheritdoc/>
    public override void Receive(VideoFrame picture)
    {
        if (_half is { } frame)
        {
            _half = null;
            picture.DropOneTimeSideData();
            Set(picture, 2 * frame.Time + HalfOf(frame), frame.Duration);
            picture.IsField = true;
            return;
        }

        frame = Sent.Dequeue();
        bool isField = fields && frame.IsInterlaced;
        _half = isField ? frame : null;
        Set(picture, Parts * frame.Time, frame.Duration * (isField ? 1 : Parts));
        picture.IsField = isField;
        _interval = !isField ? Interval(frame) ?? _interval : _interval;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        (_half, _interval) = (null, null);
    }

    private long? Interval(SentFrame frame) => Sent.TryPeek(out SentFrame next) && next.Time - frame.Time is > 0 and var interval ? interval : null;

    // From a frame's first field to its second, in half ticks: half of the way to the next frame. Behind a gap, where frames are missing, it is
    // half of what it was before.
    private long? HalfOf(SentFrame frame)
    {
        long? usual = _interval, interval = Interval(frame);
        _interval = interval ?? usual;
        return interval is { } here && (usual is not { } before || 2 * here <= 3 * before) ? here : usual ?? (frame.Duration > 0 ? frame.Duration : null);
    }
}

/// <summary>
/// Times of the film frames behind a pulldown: of five frames four are left, which stand for as long as the five did, evenly.
/// </summary>
/// <param name="frame">A frame's time at the nominal rate, in the container's ticks.</param>
internal sealed unsafe class FilmTimes(long frame) : PictureTimes
{
    private const int Cycle = 5, Left = Cycle - 1;

    private int _place;
    private (long Start, long Length)? _cycle;

    /// <summary>Whether repeatfields comes first, which makes frames of the fields that a frame is marked to be shown for.</summary>
    public bool Repeats { get; set; }

    /// <summary>Film frames to a frame.</summary>
    public static Rational Share => new(Left, Cycle);

    /// <inheritdoc/>
    public override int Parts => Left;

    /// <inheritdoc/>
    public override void Send(VideoFrame picture)
    {
        AVFrame* native = picture.Pointer;
        if (!Repeats)
        {
            base.Send(picture);
            return;
        }

        // As repeatfields does: between two frames, the first made of this one takes a field of the one before, and begins half a frame earlier.
        bool isBetween = !FrameFields.IsTopFieldFirst(native);
        Sent.Enqueue(new(picture.Timestamp - (isBetween ? frame / 2 : 0), 0, IsInterlaced: false));
        if (native->repeat_pict > 0 && isBetween)
        {
            Sent.Enqueue(new(picture.Timestamp + (frame / 2), 0, IsInterlaced: false));
        }

        native->pts = native->best_effort_timestamp;
    }

    /// <inheritdoc/>
    public override void Receive(VideoFrame picture)
    {
        if (_place == 0)
        {
            _cycle = NextCycle();
        }

        Set(picture, _cycle is var (start, length) ? (Left * start) + (_place * length) : null, 0);
        _place = (_place + 1) % Left;
        if (_place == 0)
        {
            for (int i = 0; i < Cycle && Sent.Count > 0; i++)
            {
                Sent.Dequeue();
            }
        }
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        (_place, _cycle) = (0, null);
    }

    // From its first frame to the next cycle's; the last ones may be short.
    private (long, long)? NextCycle()
    {
        SentFrame[] frames = [.. Sent.Take(Cycle + 1)];
        if (frames.Length == 0 || frames[0].Time is not { } start)
        {
            return null;
        }

        return frames[^1].Time is { } end && end > start ? (start, (end - start) * Cycle / (frames.Length - 1))
            : _cycle is var (_, length) ? (start, length) : null;
    }
}
