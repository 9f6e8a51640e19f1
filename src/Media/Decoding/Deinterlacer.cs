using System.Globalization;
using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// Interlaced frames → whole pictures, as many as before and at the same times. Idle until the first interlaced frame; from then on frames
/// pass through libavfilter's bwdif, which leaves those that are not interlaced as they are.
/// </summary>
internal sealed unsafe class Deinterlacer : IDisposable
{
    private readonly Demuxer _demuxer;
    private readonly InterlacedHandling _handling;
    private readonly Action<string> _message;
    private FilterGraph? _filter;
    private bool _hasBegun;
    private (int Width, int Height, AVPixelFormat Format) _kind;

    /// <summary>An idle deinterlacer.</summary>
    /// <param name="demuxer">The input, which may say that its video is interlaced where frames do not.</param>
    /// <param name="handling">What becomes of interlaced frames.</param>
    /// <param name="message">Told once.</param>
    public Deinterlacer(Demuxer demuxer, InterlacedHandling handling, Action<string> message) =>
        (_demuxer, _handling, _message) = (demuxer, handling, message);

    /// <summary>Whether an interlaced frame came by, or the container says that they all are.</summary>
    public bool HasMetInterlaced { get; private set; }

    /// <summary>Whether a decoded frame must pass through here, like all after it.</summary>
    /// <exception cref="MediaException">
    /// It is interlaced and cannot be deinterlaced, or is to be refused and not the first frame, which is for the caller to refuse.
    /// </exception>
    public bool Takes(VideoFrame frame)
    {
        if (_filter is not null)
        {
            return true;
        }

        bool isFirst = !_hasBegun;
        _hasBegun = true;
        bool flagged = FrameFields.IsInterlaced(frame.Pointer);
        if (HasMetInterlaced || !(flagged || _demuxer.IsInterlaced))
        {
            return false;
        }

        HasMetInterlaced = true;
        switch (_handling)
        {
            case InterlacedHandling.Refuse:
                // Where the first frame tells, the conversion's plan refuses it, together with whatever else is wrong.
                return isFirst ? false : throw Refusal(_demuxer.Path);
            case InterlacedHandling.Ignore:
                _message("The video is interlaced; its frames are treated as whole pictures, so combing stays.");
                return false;
            default:
                _filter = CreateFilter(frame, all: !flagged);
                _message("The video is interlaced; each frame is deinterlaced to one picture (bwdif).");
                return true;
        }
    }

    /// <summary>What is said of interlaced video that is to be refused.</summary>
    public static MediaException Refusal(string path) =>
        new("Decoding", path, "the video is interlaced", "Deinterlace it first, or use --interlaced deinterlace.");

    /// <summary>Gives a frame that <see cref="Takes"/> wants, or null at the end; the frame is empty afterwards.</summary>
    public void Send(VideoFrame? frame)
    {
        if (frame is not null)
        {
            if (_filter is not null && (frame.Width, frame.Height, frame.Format) != _kind)
            {
                throw new MediaException(
                    "Deinterlacing",
                    _demuxer.Path,
                    $"the picture's size or format changes from {_kind.Width}×{_kind.Height} to {frame.Width}×{frame.Height}",
                    "Cut the file there and convert the pieces one by one.");
            }

            frame.Pointer->pts = frame.Pointer->best_effort_timestamp;
        }

        _filter?.Send(frame is null ? null : frame.Pointer);
    }

    /// <summary>Takes the next picture; false where there is none yet or, at the end, none any more.</summary>
    public bool Receive(VideoFrame frame)
    {
        if (_filter?.Receive(frame.Pointer) != true)
        {
            return false;
        }

        // bwdif counts half ticks, and knows no durations.
        AVFrame* picture = frame.Pointer;
        picture->best_effort_timestamp = picture->pts == AV_NOPTS_VALUE
            ? AV_NOPTS_VALUE
            : Rational.Rescale(picture->pts, _filter.TimeBase, _demuxer.TimeBase);
        FrameFields.SetDuration(picture, 0);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _filter?.Dispose();

    private FilterGraph CreateFilter(VideoFrame frame, bool all)
    {
        AVFrame* picture = frame.Pointer;
        string format = av_get_pix_fmt_name(frame.Format);
        AVRational unit = _demuxer.TimeBase.ToLibav();
        string parity = !all ? "auto" : _demuxer.IsTopFieldFirst ? "tff" : "bff";
        FilterGraph filter = new(
            "buffer",
            string.Create(
                CultureInfo.InvariantCulture,
                $"video_size={frame.Width}x{frame.Height}:pix_fmt={format}:time_base={unit.num}/{unit.den}:"
                + $"pixel_aspect={picture->sample_aspect_ratio.num}/{Math.Max(1, picture->sample_aspect_ratio.den)}"),
            $"bwdif=mode=send_frame:parity={parity}:deint={(all ? "all" : "interlaced")}",
            "Deinterlacing",
            _demuxer.Path);
        if (filter.PixelFormat == frame.Format)
        {
            _kind = (frame.Width, frame.Height, frame.Format);
            return filter;
        }

        // libavfilter would convert in passing, and untouched pixels would not stay so.
        filter.Dispose();
        throw new MediaException(
            "Deinterlacing", _demuxer.Path, $"bwdif does not support the pixel format {format}",
            "Deinterlace it first, or leave it as it is with --interlaced ignore.");
    }
}

/// <summary>What becomes of interlaced video, whose frames hold two fields of different times.</summary>
public enum InterlacedHandling
{
    /// <summary>Each frame becomes one picture of one time, by libavfilter's bwdif.</summary>
    Deinterlace,

    /// <summary>An error.</summary>
    Refuse,

    /// <summary>Taken as whole pictures: what moves stays combed.</summary>
    Ignore,
}
