using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// Interlaced frames → whole pictures, by libavfilter. Idle until the first interlaced frame, or for <see cref="InterlacedHandling.Film"/> the
/// first of all; from then on all frames pass through. bwdif leaves those that are not interlaced as they are.
/// </summary>
internal sealed unsafe class Deinterlacer : IDisposable
{
    /// <summary>Frames that are looked at, to tell where the file does not fit its pictures.</summary>
    private const int JudgedFrames = 100;

    private readonly Demuxer _demuxer;
    private readonly InterlacedHandling _handling;
    private readonly FieldOrders _orders;
    private readonly Action<string> _message;
    private readonly PictureTimes _times;
    private readonly bool _isDecimated, _wantsJudge;
    private FilterGraph? _filter;
    private FieldJudge? _judge;
    private int _toJudge = JudgedFrames;
    private VideoFrame? _other;
    private bool _hasBegun, _hasDroppedCaptions, _isSecondField;
    private (int Width, int Height, AVPixelFormat Format) _kind;

    /// <summary>An idle deinterlacer.</summary>
    /// <param name="demuxer">The input, which may say that its video is interlaced where frames do not.</param>
    /// <param name="options">What becomes of interlaced frames.</param>
    /// <param name="message">Told once.</param>
    public Deinterlacer(Demuxer demuxer, ReadingOptions options, Action<string> message)
    {
        (_demuxer, _handling, _message) = (demuxer, options.Interlaced, message);
        _orders = new(demuxer, options.FieldOrder);
        _wantsJudge = _handling == InterlacedHandling.Fields && options.FieldOrder == FieldOrder.Auto;
        Rational rate = demuxer.FrameRate;
        _isDecimated = _handling == InterlacedHandling.Film && rate.IsPositive && rate.IsSameRateByName(new(30, 1));
        _times = _isDecimated ? new FilmTimes(Rational.Rescale(1, rate.Inverse, demuxer.TimeBase)) : new FieldTimes(_handling == InterlacedHandling.Fields);
        TimeBase = demuxer.TimeBase * new Rational(1, _times.Parts);
    }

    /// <summary>Whether an interlaced frame came by, or the container says that they all are.</summary>
    public bool HasMetInterlaced { get; private set; }

    /// <summary>Seconds per tick of the pictures' times: a part of the container's, so that times between its ticks are exact.</summary>
    public Rational TimeBase { get; }

    /// <summary>Nominal frames per second, fields not counted; not positive where it is not known.</summary>
    public Rational FrameRate => _demuxer.FrameRate * FramesPerCoded;

    /// <summary>Frames to expect, fields not counted; null where that is not known.</summary>
    public long? ExpectedFrameCount => _demuxer.ExpectedFrameCount is { } count ? Rational.Rescale(count, FramesPerCoded, new(1, 1)) : null;

    /// <summary>Whether each decoded frame is one field, of half the height, as HEVC codes interlaced video; two become a frame.</summary>
    public bool IsFieldCoded { get; private set; }

    private Rational FramesPerCoded => _isDecimated ? FilmTimes.Share : IsFieldCoded && _filter is not null ? new(1, 2) : new(1, 1);

    /// <summary>Whether a decoded frame must pass through here, like all after it; else it only gets its time in the pictures' ticks.</summary>
    /// <exception cref="MediaException">
    /// It is interlaced and cannot be deinterlaced, or is to be refused and not the first frame, which is for the caller to refuse.
    /// </exception>
    public bool Takes(VideoFrame frame)
    {
        bool isFirst = !_hasBegun, isInterlaced = _orders.Mark(frame);
        _hasBegun = true;
        IsFieldCoded |= isFirst && _orders.AreFramesFields;
        Judge(frame, isFirst);
        if (_filter is not null)
        {
            return true;
        }

        bool isMet = isInterlaced && !HasMetInterlaced;
        HasMetInterlaced |= isInterlaced;
        switch (_handling)
        {
            case InterlacedHandling.Film:
                Begin(frame, "The video is taken for film that was spread over fields; its frames are put together again (fieldmatch)"
                    + (_isDecimated ? ", and every fifth frame, a repetition, is left out (decimate)." : "."));
                return true;
            case InterlacedHandling.Fields when isMet:
                Begin(frame, "The video is interlaced; each field becomes a frame (bwdif).");
                return true;
            case InterlacedHandling.Frames when isMet:
                Begin(frame, "The video is interlaced; each frame is deinterlaced to one picture (bwdif).");
                return true;
            case InterlacedHandling.Refuse when isMet && !isFirst:
                // Where the first frame tells, the conversion's plan refuses it, together with whatever else is wrong.
                throw Refusal(_demuxer.Path);
            case InterlacedHandling.Ignore when isMet:
                _message("The video is interlaced; its frames are treated as whole pictures, so combing stays.");
                break;
        }

        _times.PassBy(frame);
        return false;
    }

    /// <summary>What is said of interlaced video that is to be refused.</summary>
    public static MediaException Refusal(string path) =>
        new("Decoding", path, "the video is interlaced", "Deinterlace it first, or use --interlaced fields.");

    /// <summary>Gives a frame that <see cref="Takes"/> wants, or null at the end; the frame is empty afterwards.</summary>
    public void Send(VideoFrame? frame)
    {
        if (frame is not null && ((frame.Width, frame.Height, frame.Format) != _kind || (WantsRepeats(frame) && _times is FilmTimes { Repeats: false })))
        {
            // Its pictures come when those before it have come.
            _other = new();
            _other.ReferTo(frame);
            frame = null;
        }

        if (frame is null)
        {
            _filter?.Send(null);
            return;
        }

        if (!_isSecondField)
        {
            _times.Send(frame);
        }

        // Fields are woven to frames, which have the first one's time.
        _isSecondField = IsFieldCoded && !_isSecondField;

        // bwdif looks at it, and would leave interlaced frames beside a longer one as they are.
        if (_times is not FilmTimes { Repeats: true })
        {
            frame.Pointer->repeat_pict = 0;
        }

        _filter!.Send(frame.Pointer);
    }

    /// <summary>Takes the next picture; false where there is none yet or, at the end, none any more.</summary>
    public bool Receive(VideoFrame frame)
    {
        if (_filter?.Receive(frame.Pointer) == true)
        {
            _times.Receive(frame);
            if (_isDecimated)
            {
                DropCaptions(frame);
            }

            return true;
        }

        if (_other is null)
        {
            return false;
        }

        using VideoFrame next = _other;
        _other = null;
        _filter!.Dispose();
        _times.Clear();
        _filter = CreateFilter(next);
        Send(next);
        return Receive(frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _filter?.Dispose();
        _other?.Dispose();
        _judge?.Dispose();
    }

    private void Judge(VideoFrame frame, bool isFirst)
    {
        _judge ??= isFirst && _wantsJudge && !IsFieldCoded ? FieldJudge.Of(frame, _demuxer.Path, converting: false) : null;
        if (_judge is null || (_judge.Look(frame) && --_toJudge > 0))
        {
            return;
        }

        if (_judge.Facts is { Frames: JudgedFrames, Advice: { } advice } facts)
        {
            _message($"Fields: {facts.Words}; {advice}.");
        }

        _judge.Dispose();
        _judge = null;
    }

    private void Begin(VideoFrame frame, string message)
    {
        _filter = CreateFilter(frame);
        _message(message);
    }

    // A fifth of them goes with the frames that are left out, and what is left of the words would be unreadable.
    private void DropCaptions(VideoFrame frame)
    {
        if (!_hasDroppedCaptions && av_frame_get_side_data(frame.Pointer, AVFrameSideDataType.AV_FRAME_DATA_A53_CC) != null)
        {
            _hasDroppedCaptions = true;
            _message("The pictures' closed captions are dropped, as a part of them goes with the frames that are left out.");
        }

        frame.DropOneTimeSideData();
    }

    // Film on DVD is whole, and its frames are marked to be shown for three fields and two: first it is spread over fields, as the rest may be.
    private static bool WantsRepeats(VideoFrame frame) => frame.Pointer->repeat_pict > 0 && !FrameFields.IsInterlaced(frame.Pointer);

    // The same samples in planes, as the filters want them; null where they are so.
    private static string? PlanarOf(AVPixelFormat format) => av_get_pix_fmt_name(format) switch
    {
        "uyvy422" or "yuyv422" or "yvyu422" => "yuv422p",
        "rgb24" or "bgr24" or "rgb0" or "bgr0" or "0rgb" or "0bgr" => "gbrp",
        "rgba" or "bgra" or "argb" or "abgr" => "gbrap",
        "nv12" or "nv21" => "yuv420p",
        _ => null,
    };

    private FilterGraph CreateFilter(VideoFrame frame)
    {
        string? planar = PlanarOf(frame.Format);
        string weaving = IsFieldCoded ? $"weave=first_field={(_orders.IsTopFirst(frame) ? "top" : "bottom")}," : "";
        if (_times is FilmTimes film)
        {
            film.Repeats |= WantsRepeats(frame);
        }

        string chain = (_times is FilmTimes { Repeats: true } ? "repeatfields," : "") + (planar is null ? "" : $"format={planar},") + weaving + _handling switch
        {
            InterlacedHandling.Fields => "bwdif=mode=send_field:parity=auto:deint=interlaced",
            InterlacedHandling.Frames => "bwdif=mode=send_frame:parity=auto:deint=interlaced",
            _ => $"fieldmatch=order={(_orders.IsTopFirst(frame) ? "tff" : "bff")}:combmatch=full,"
                + $"bwdif=mode=send_frame:parity=auto:deint=interlaced{(_isDecimated ? ",decimate" : "")}",
        };
        FilterGraph filter = FilterGraph.Of(
            frame, _demuxer.TimeBase, chain, "Deinterlacing", _demuxer.Path, _isDecimated ? new(30000, 1001) : null);
        if (av_get_pix_fmt_name(filter.PixelFormat) == (planar ?? av_get_pix_fmt_name(frame.Format)))
        {
            _kind = (frame.Width, frame.Height, frame.Format);
            return filter;
        }

        // libavfilter would convert in passing, and untouched pixels would not stay so.
        filter.Dispose();
        throw new MediaException(
            "Deinterlacing",
            _demuxer.Path,
            $"{(_handling == InterlacedHandling.Film ? "fieldmatch" : "bwdif")} does not support the pixel format {av_get_pix_fmt_name(frame.Format)}",
            "Deinterlace it first, or leave it as it is with --interlaced ignore.");
    }
}

/// <summary>What becomes of interlaced video, whose frames hold two fields of different times.</summary>
public enum InterlacedHandling
{
    /// <summary>Each field becomes a picture of its own time, by libavfilter's bwdif: twice as many pictures as frames.</summary>
    Fields,

    /// <summary>Each frame becomes one picture of one time, by libavfilter's bwdif.</summary>
    Frames,

    /// <summary>
    /// Film that was spread over fields for television is put together again, by libavfilter's fieldmatch; of 30 frames a second (30000/1001), every
    /// fifth repeats another and is left out (decimate).
    /// </summary>
    Film,

    /// <summary>An error.</summary>
    Refuse,

    /// <summary>Taken as whole pictures: what moves stays combed.</summary>
    Ignore,
}
