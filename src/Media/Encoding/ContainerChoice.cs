using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Which container an output takes.</summary>
internal static unsafe class ContainerChoice
{
    // libavformat of FFmpeg 7.1, 61.7.
    private const uint FirstWithTurnInMatroska = (61 << 16) | (7 << 8);

    private static readonly string[] OfOneRate =
    [
        "avi", "rm", "yuv4mpegpipe", "mxf", "mxf_d10", "mxf_opatom", "gxf", "dv", "swf", "h264", "hevc", "m4v", "mjpeg", "mpeg1video", "mpeg2video", "rawvideo",
    ];

    private static readonly string[] QuickTimeLike = ["mov", "mp4", "ipod", "3gp", "3g2", "psp", "ismv", "f4v"];

    // Those that are written from front to back.
    private static readonly string[] Pipeable = ["matroska", "webm", "nut", "yuv4mpegpipe", "mpegts"];

    // Those whose clock counts milliseconds, whatever the frames' own is.
    private static readonly string[] OfMilliseconds = ["matroska", "webm", "flv", "asf", "asf_stream"];

    /// <summary>The container by name, or by the output's extension.</summary>
    /// <param name="name">FFmpeg's name or an extension, null for the output's own.</param>
    /// <param name="path">The output.</param>
    /// <exception cref="MediaException">There is none.</exception>
    public static AVOutputFormat* Find(string? name, string path)
    {
        LibavLog.Install();
        // The options speak of y4m and mkv, libav of yuv4mpegpipe and matroska: an extension names a container too.
        AVOutputFormat* format = name is not null ? av_guess_format(name, null, null)
            : path == OutputTarget.StandardOutput ? av_guess_format("matroska", null, null)
            : av_guess_format(null, path, null);
        if (format == null && name is not null)
        {
            format = av_guess_format(null, "x." + name, null);
        }

        if (format != null)
        {
            CheckPlace(format, path);
            CheckVideo(format, path);
        }
        else if (name is null && Directory.Exists(path))
        {
            throw new MediaException("Writing", path, "that is a folder", "Name a file in it.");
        }

        return format != null ? format
            : name is not null
                ? throw new MediaException("Writing", path, $"this FFmpeg has no container {name}", "`ffmpeg -muxers` lists them.")
                : throw new MediaException(
                    "Writing", path, "its extension does not name a container that this FFmpeg can write", "Name it .mp4, .mkv, .mov or .webm.");
    }

    /// <summary>Why a container cannot be written to an output, in plain words without the output's name; null where it can.</summary>
    /// <param name="name">FFmpeg's name or an extension, null for the output's own.</param>
    /// <param name="path">The output; only its name counts.</param>
    /// <exception cref="MediaException">FFmpeg is missing.</exception>
    public static string? WhyNot(string? name, string path)
    {
        LibavLog.Install();
        try
        {
            _ = Find(name, path);
            return null;
        }
        catch (MediaException problem)
        {
            return problem.Problem;
        }
    }

    /// <summary>The extension of an output that is named like its input: the input's own where this FFmpeg writes such files, else <c>.mkv</c>.</summary>
    /// <exception cref="MediaException">FFmpeg is missing.</exception>
    public static string ExtensionFor(string input)
    {
        LibavLog.Install();
        string own = Path.GetExtension(input);
        return own.Length > 1 && av_guess_format(null, "x" + own, null) != null ? own : ".mkv";
    }

    /// <summary>Whether encoders must put their parameter sets into the header of a container.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool WantsGlobalHeader(string container)
    {
        AVOutputFormat* format = av_guess_format(container, null, null);
        return format != null && (format->flags & AVFMT_GLOBALHEADER) != 0;
    }

    /// <summary>Whether a container knows no times, but one rate for all frames from 0 on.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool HasOneRate(string container) => OfOneRate.Contains(container);

    /// <summary>Whether a container is QuickTime's or one of its kin.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool IsQuickTimeLike(string container) => QuickTimeLike.Contains(container);

    /// <summary>Refuses a rate that a container does not know.</summary>
    /// <param name="container">FFmpeg's name.</param>
    /// <param name="rate">Frames per second; null: not known.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="path">The output, for messages.</param>
    /// <exception cref="MediaException">DV's frames are those of television: 25 or 30000/1001 in a second, and of 960×720 twice as many.</exception>
    public static void CheckRate(string container, Rational? rate, int width, int height, string path)
    {
        if (container != "dv" || rate is not { } wanted)
        {
            return;
        }

        int times = (width, height) == (960, 720) ? 2 : 1;
        if (wanted != new Rational(times * 25, 1) && wanted != new Rational(times * 30000, 1001))
        {
            throw new MediaException(
                "Writing",
                path,
                $"DV has {times * 25} or {times * 30000}/1001 frames of {width}×{height} per second, not {wanted}",
                "Name the output .mkv, .mov or .avi.");
        }
    }

    /// <summary>Frames per second beyond which a container's clock gives several frames one time; null where it does not.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static int? MostFramesPerSecond(string container) => OfMilliseconds.Contains(container) ? 1000 : null;

    /// <summary>Whether a container's writer keeps how players turn the picture.</summary>
    /// <param name="container">FFmpeg's name.</param>
    /// <param name="isRightAngle">Whether it is turned by right angles, or mirrored, and nothing else.</param>
    /// <remarks>
    /// Found by writing and reading back, which tests do for each of them; what was not tried counts as no. FFmpeg 5.1 writes nothing into
    /// Matroska; 7.1, 8 and 9 do.
    /// </remarks>
    public static bool KeepsTurn(string container, bool isRightAngle) =>
        IsQuickTimeLike(container)
        || (isRightAngle && container is "matroska" or "webm" && avformat_version() >= FirstWithTurnInMatroska);

    // A container of sound has no usual coding of video, or PNG for its covers.
    private static void CheckVideo(AVOutputFormat* format, string path)
    {
        if (format->video_codec == AVCodecID.AV_CODEC_ID_NONE || avcodec_get_name(format->video_codec) == "png")
        {
            throw new MediaException(
                "Writing", path, $"the container {LibavText.Of(format->name)} is for other things than video", "Name the output .mp4, .mkv, .mov or .webm.");
        }
    }

    private static void CheckPlace(AVOutputFormat* format, string path)
    {
        string name = LibavText.Of(format->name);
        if (path == OutputTarget.StandardOutput && !Pipeable.Contains(name))
        {
            throw new MediaException(
                "Writing",
                path,
                $"the container {name} cannot be written to a pipe",
                $"Choose --container matroska, nut or y4m ({string.Join(", ", Pipeable)}).");
        }

        if ((format->flags & AVFMT_NOFILE) != 0 && name is not ("image2" or "null"))
        {
            throw new MediaException(
                "Writing",
                path,
                $"{name} is not one file but a playlist with many files, which are not written",
                "Name a .mp4 or .mkv, and divide it with another program.");
        }

        if (name == "image2" && ImagePattern.Parse(path) is null)
        {
            throw ImagePattern.HasNumber(path)
                ? new MediaException("Writing", path, "numbered pictures of that kind are not written", $"Name them {ImagePattern.Kinds}.")
                : new MediaException(
                    "Writing", path, "a single picture cannot hold a video", "Number the pictures: frame-%05d.png, or name a .mp4 or .mkv.");
        }
    }
}
