using AdaConv.LibAv;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Which encoder and pixel format a conversion takes.</summary>
internal static unsafe class EncoderChoice
{
    // In the order of preference; the first that this FFmpeg has and the container takes.
    private static readonly string[] Usual = ["libx264", "libopenh264", "libx265", "libsvtav1", "libvpx-vp9", "mpeg4"];

    // For more than eight bits, of which few players know H.264's.
    private static readonly string[] UsualDeep = ["libx265", .. Usual];
    private static readonly string[] AtHomeWithHevc = ["mp4", "mov", "ipod", "matroska", "mpegts", "nut"];

    // What players expect of containers that know or can time only some codings.
    private static readonly Dictionary<string, string[]> For = new(StringComparer.Ordinal)
    {
        ["webm"] = ["libvpx-vp9", "libsvtav1", "libaom-av1", "libvpx"],
        ["mpeg"] = ["mpeg2video"],
        ["asf"] = ["wmv2"],
        ["mxf"] = ["mpeg2video"],
    };

    // What yuv4mpegenc.c writes.
    private static readonly string[] Y4mFormats =
    [
        "yuv420p", "yuv422p", "yuv444p", "yuv411p", "gray", "yuv420p9", "yuv422p9", "yuv444p9", "gray9", "yuv420p10", "yuv422p10",
        "yuv444p10", "gray10", "yuv420p12", "yuv422p12", "yuv444p12", "gray12", "yuv420p14", "yuv422p14", "yuv444p14", "yuv420p16",
        "yuv422p16", "yuv444p16", "gray16",
    ];

    private static readonly string[] OtherRawFormats =
    [
        "yuv410p", "yuv440p", "yuva420p", "yuva422p", "yuva444p", "nv12", "nv21", "yuyv422", "uyvy422", "p010", "rgb24", "bgr24", "rgba",
        "bgra", "argb", "abgr", "gbrp", "gbrap", "gbrp10", "gbrp12", "gbrp16", "rgb48", "rgba64", "ya8", "ya16",
    ];

    // What readers know again of uncompressed video, found by writing and reading back: NUT and Matroska say nearly all that there is, others
    // have few names, and what has none is refused by readers, or shown as something else.
    private static readonly string[] NamelessInNut = ["p010", "ya16"];
    private static readonly string[] NamedElsewhere =
        ["yuv420p", "yuv422p", "yuv411p", "gray", "yuv410p", "nv12", "nv21", "yuyv422", "uyvy422", "rgba", "bgra", "abgr"];

    /// <summary>The encoder by name, the best one of a coding, or the best one for a container.</summary>
    /// <param name="name">FFmpeg's name, that of a coding (h264, hevc, av1), or null for the container's usual encoder.</param>
    /// <param name="isDeep">Whether <see cref="IsDeepUnlikeH264"/>: the container's usual encoder is HEVC's then, where it can be.</param>
    /// <param name="acceleration">Whether a coding's encoder on a graphics card is tried first.</param>
    /// <param name="container">The container that is written.</param>
    /// <param name="path">The output, for messages.</param>
    /// <param name="message">Told where a fallback is taken.</param>
    /// <exception cref="MediaException">No such encoder, or the container does not hold what it makes.</exception>
    public static AVCodec* Find(
        string? name, bool isDeep, HardwareAcceleration acceleration, AVOutputFormat* container, string path, Action<string> message)
    {
        string containerName = LibavText.Of(container->name);
        if (name is not null)
        {
            AVCodec* named = Named(name, acceleration, path, message);
            return Takes(named)
                ? named
                : throw new MediaException(
                    "Encoding",
                    path,
                    $"the container {containerName} does not support the encoder {LibavText.Of(named->name)}",
                    "Choose another encoder or another extension; .mkv supports nearly all.");
        }

        AVCodecID fixedCodec = containerName switch
        {
            "yuv4mpegpipe" => container->video_codec, // its muxer takes frames as they are, wrapped
            "nut" when path == OutputTarget.StandardOutput => AVCodecID.AV_CODEC_ID_RAWVIDEO, // a second coding would only cost
            "image2" => av_guess_codec(container, null, path, null, AVMediaType.AVMEDIA_TYPE_VIDEO),
            _ => AVCodecID.AV_CODEC_ID_NONE,
        };
        if (fixedCodec != AVCodecID.AV_CODEC_ID_NONE)
        {
            AVCodec* codec = avcodec_find_encoder(fixedCodec);
            return codec != null ? codec : throw new MediaException(
                "Encoding", path, $"this FFmpeg has no encoder for {avcodec_get_name(fixedCodec)}", "Install a full FFmpeg.");
        }

        string[] candidates = For.GetValueOrDefault(containerName, isDeep && AtHomeWithHevc.Contains(containerName) ? UsualDeep : Usual);
        foreach (string candidate in candidates)
        {
            AVCodec* codec = avcodec_find_encoder_by_name(candidate);
            if (codec == null || !Takes(codec))
            {
                continue;
            }

            if (candidate != candidates[0])
            {
                message($"Encoding with {candidate}: {candidates[0]} is missing in this FFmpeg or does not work in {containerName}.");
            }
            else if (candidates.Length == 1)
            {
                message($"Encoding with {candidate}, the default for {containerName}.");
            }

            return codec;
        }

        AVCodec* last = avcodec_find_encoder(container->video_codec);
        if (last == null)
        {
            throw new MediaException(
                "Encoding", path, $"this FFmpeg has no video encoder for the container {containerName}", "Name the output .mp4 or .mkv.");
        }

        message($"Encoding with {LibavText.Of(last->name)}, the default for {containerName}.");
        return last;

        // A muxer's own coding is one that it holds, whatever its lists say.
        bool Takes(AVCodec* codec) =>
            codec->id == container->video_codec || (containerName != "yuv4mpegpipe" && ContainerSupport.Of(container, codec->id, path) == Support.Whole);
    }

    /// <summary>Why an encoder cannot encode whatever video comes, in plain words; null where it can, as far as that is known without a video.</summary>
    /// <param name="name">FFmpeg's name, or that of a coding.</param>
    /// <param name="acceleration">Whether a coding's encoder on a graphics card is tried first.</param>
    /// <param name="container">The container, by FFmpeg's name or an extension, null for the output's own.</param>
    /// <param name="path">The output, of which only the name counts; null: containers differ, and are not looked at unless one is named.</param>
    /// <exception cref="MediaException">FFmpeg is missing.</exception>
    public static string? WhyNot(string name, HardwareAcceleration acceleration, string? container, string? path)
    {
        LibavLog.Install();
        try
        {
            _ = container is null && path is null
                ? Named(name, acceleration, "", _ => { })
                : Find(name, isDeep: false, acceleration, ContainerChoice.Find(container, path ?? ""), path ?? "", _ => { });
            return null;
        }
        catch (MediaException problem)
        {
            return problem.Problem;
        }
    }

    private static AVCodec* Named(string name, HardwareAcceleration acceleration, string path, Action<string> message)
    {
        name = EncoderFamily.Of(name)?.Choose(acceleration, path, message) ?? name;
        AVCodec* named = avcodec_find_encoder_by_name(name);
        return named != null && named->type == AVMediaType.AVMEDIA_TYPE_VIDEO ? named : throw Missing(name, path);
    }

    /// <summary>Whether a video has Y, U, V of more than eight bits and is not H.264 already, which plays where its input does.</summary>
    /// <param name="picture">The first decoded frame.</param>
    /// <param name="coding">FFmpeg's name of the input's coding; null where pictures come from elsewhere.</param>
    public static bool IsDeepUnlikeH264(VideoFrame picture, string? coding) =>
        coding is not (null or "h264") && PixelLayout.Of(picture.Format) is { IsRgb: false, Depth: > 8 };

    /// <summary>What is said of an encoder that is not there.</summary>
    public static MediaException Missing(string name, string path) =>
        new("Encoding", path, $"this FFmpeg has no video encoder {name}", "`ffmpeg -encoders` lists them.");

    /// <summary>Whether coding or container say to players that Y, U, V use the whole range; they take all others for video range.</summary>
    /// <param name="codec">The encoder.</param>
    /// <param name="container">The container that is written.</param>
    /// <param name="format">The encoder's pixel format.</param>
    public static bool CanStateFullRange(AVCodec* codec, AVOutputFormat* container, PixelLayout format)
    {
        string coding = avcodec_get_name(codec->id), name = LibavText.Of(container->name);

        // Decoders of some codings say video range, whatever the container says.
        return format.IsRgb || format.IsGray || format.IsFullRangeByName
            || coding is "h264" or "hevc" or "vvc" or "av1" or "vp9" or "mjpeg" or "ljpeg" or "jpegls" or "wrapped_avframe"
            || (name is "matroska" or "webm" or "yuv4mpegpipe" && coding is not ("mpeg1video" or "mpeg2video" or "prores" or "vp8"))
            || (name == "mov" && coding == "dnxhd");
    }

    /// <summary>The encoder's pixel format for a video.</summary>
    /// <param name="codec">The encoder.</param>
    /// <param name="container">The container that is written.</param>
    /// <param name="frame">The first decoded frame.</param>
    /// <param name="wanted">FFmpeg's name of the format the user wants, null for the nearest to the frame's.</param>
    /// <param name="path">The output, for messages.</param>
    /// <param name="message">Told where the frame's own format is not taken.</param>
    /// <exception cref="MediaException">The encoder does not take the wanted format, or none that fits the size.</exception>
    public static PixelLayout ChooseFormat(
        AVCodec* codec, AVOutputFormat* container, VideoFrame frame, string? wanted, string path, Action<string> message)
    {
        string encoder = LibavText.Of(codec->name);
        string source = av_get_pix_fmt_name(frame.Format) ?? "an unknown format";
        bool odd = ((frame.Width | frame.Height) & 1) != 0 && NeedsEvenChroma(encoder);
        bool fullRange = ColorTags.IsFullRange(frame);
        bool isRaw = encoder == "rawvideo";
        string inContainer = isRaw ? $"in {LibavText.Of(container->name)} " : "";
        List<PixelLayout> taken = SupportedFormats(codec, LibavText.Of(container->name));
        if (wanted is null && NvencFormats.Takes(encoder) is { } takes)
        {
            taken.RemoveAll(candidate => !takes(candidate));
        }

        if (encoder == "mjpeg" && (!fullRange || PixelLayout.Of(frame.Format) is { IsRgb: true }) && taken.Exists(candidate => candidate.IsFullRangeByName))
        {
            // JPEG is full-range; the encoder lists the other formats but refuses their video range, in which R, G, B would be brought too.
            taken.RemoveAll(candidate => !candidate.IsFullRangeByName);
        }

        if (encoder == "apng" && wanted is null)
        {
            // FFmpeg itself does not decode 16-bit pictures with alpha that repeat parts of the one before: with alpha there are 8 bits.
            bool hasAlpha = PixelLayout.Of(frame.Format) is { HasAlpha: true };
            taken.RemoveAll(candidate => candidate.HasAlpha ? candidate.Depth > 8 : hasAlpha);
        }

        if (wanted is not null)
        {
            PixelLayout? layout = taken.Find(candidate => candidate.Name == wanted);
            if (layout is null)
            {
                throw new MediaException(
                    "Encoding",
                    path,
                    $"{(isRaw ? "uncompressed video" : "the encoder " + encoder)} {inContainer}does not support the pixel format {wanted}",
                    $"It supports {string.Join(", ", taken.Select(format => format.Name))}.{(isRaw ? " In .mkv and .nut nearly all are read back." : "")}");
            }

            return odd && !HasWholeChroma(layout, frame) ? throw OddSize(encoder, wanted, frame, path) : layout;
        }

        PixelLayout? own = PixelLayout.Of(frame.Format);
        bool isTransparent = own is { HasAlpha: true } && !own.IsOpaque(frame);
        List<PixelLayout> fitting = odd ? taken.FindAll(candidate => HasWholeChroma(candidate, frame)) : taken;
        if (isTransparent && fitting.Exists(candidate => candidate.HasAlpha))
        {
            // Finer chroma or more bits are no good where what shines through is lost.
            fitting = fitting.FindAll(candidate => candidate.HasAlpha);
        }

        PixelLayout[] ordered = [.. fitting.OrderBy(candidate => Loss(own, frame.Format, candidate, fullRange))];
        PixelLayout best = ordered.Length > 0 ? ordered[0] : throw OddSize(encoder, source, frame, path);

        if (isTransparent && !best.HasAlpha)
        {
            throw new MediaException(
                "Encoding",
                path,
                $"the video is partly transparent ({source}), and {encoder} cannot keep that",
                "Choose an encoder that can (ffv1 in .mkv, prores_ks in .mov, libvpx-vp9 in .webm), or set a pixel format without alpha to "
                + $"drop it: --pixel-format {best.Name}.");
        }

        if (PaletteReducer.IsNeeded(encoder, best))
        {
            message("Each frame is encoded with a palette of its own: GIF holds 256 colours.");
        }
        else if (best.Format != frame.Format && (own is null || !PixelConverter.OnlyRenames(own, fullRange, best)))
        {
            message(odd && taken.Exists(candidate => candidate.Format == frame.Format)
                ? $"Encoding {best.Name} instead of {source}: {encoder} supports odd sizes ({frame.Width}×{frame.Height}) "
                    + $"only with full-size chroma. Nothing is lost, but {FormatNotes.FewPlayers}; choose another encoder to keep the format."
                : $"Encoding {best.Name} instead of {source}, which {encoder} {inContainer}does not support."
                    + FormatNotes.Of(frame.Format, best, avcodec_get_name(codec->id), !odd, ordered.FirstOrDefault(candidate => candidate.HasAlpha)));
        }

        return best;
    }

    private static bool NeedsEvenChroma(string encoder) =>
        encoder.Contains("264", StringComparison.Ordinal) || encoder.Contains("265", StringComparison.Ordinal)
        || encoder.Contains("hevc", StringComparison.Ordinal) || encoder is "libsvtav1" or "av1_nvenc";

    private static bool HasWholeChroma(PixelLayout layout, VideoFrame frame) =>
        ((frame.Width & ((1 << layout.ChromaShiftX) - 1)) | (frame.Height & ((1 << layout.ChromaShiftY) - 1))) == 0;

    private static MediaException OddSize(string encoder, string format, VideoFrame frame, string path) => new(
        "Encoding",
        path,
        $"{encoder} does not support {frame.Width}×{frame.Height} pixels in {format}: that format needs even sizes",
        "Choose the pixel format yuv444p, or another encoder (libvpx-vp9, ffv1).");

    private static List<PixelLayout> SupportedFormats(AVCodec* codec, string container)
    {
        List<PixelLayout> formats = [];
        foreach (AVPixelFormat format in CodecSupport.PixelFormats(codec))
        {
            if (PixelLayout.Of(format) is { } layout)
            {
                formats.Add(layout);
            }
        }

        if (LibavText.Of(codec->name) == "gif")
        {
            // Its colours are chosen on the way to it (PaletteReducer).
            formats.AddRange([PixelLayout.Named("rgb24")!, PixelLayout.Named("bgra")!]);
        }

        // Uncompressed video has no list of its own.
        foreach (string name in formats.Count > 0 ? [] : RawFormats(LibavText.Of(codec->name), container))
        {
            AVPixelFormat format = av_get_pix_fmt(name);
            if (format != AVPixelFormat.AV_PIX_FMT_NONE && PixelLayout.Of(format) is { } layout)
            {
                formats.Add(layout);
            }
        }

        return formats;
    }

    // Of bare video and raw pictures, whoever reads them says what they are.
    private static IEnumerable<string> RawFormats(string encoder, string container) =>
        container == "yuv4mpegpipe" ? Y4mFormats
        : encoder != "rawvideo" || container is "rawvideo" or "image2" ? Y4mFormats.Concat(OtherRawFormats)
        : container is "nut" or "matroska" ? Y4mFormats.Concat(OtherRawFormats).Except(NamelessInNut)
        : NamedElsewhere.Except(container switch
        {
            "mov" => ["gray"], // comes back as its negative
            "asf" => ["bgra", "abgr"],
            _ => [],
        });

    // Bits of a sample, of formats that have no layout here, too.
    private static int DepthOf(AVPixelFormat format)
    {
        AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
        return descriptor == null ? 0 : descriptor->comp[0].depth;
    }

    /// <summary>How much worse a picture becomes: 0 for its own format; losses weigh far more than waste.</summary>
    private static int Loss(PixelLayout? own, AVPixelFormat format, PixelLayout candidate, bool fullRange)
    {
        if (candidate.Format == format)
        {
            return 0;
        }

        if (own is null)
        {
            int hasAlpha = 1;
            int loss = av_get_pix_fmt_loss(candidate.Format, format, hasAlpha), depth = DepthOf(format);
            return 1 + (1000 * loss) + (20_000 * Math.Max(0, Math.Min(depth, 16) - candidate.Depth)) + (10 * Math.Max(0, candidate.Depth - depth))
                + candidate.ComponentCount;
        }

        if (PixelConverter.OnlyRenames(own, fullRange, candidate))
        {
            return 1;
        }

        int score = 2;
        score += 2000 * Math.Max(0, own.Depth - candidate.Depth);
        score += 10 * Math.Max(0, candidate.Depth - own.Depth);
        if (!own.IsGray)
        {
            score += candidate.IsGray ? 100_000 : 0;
            score += own.IsRgb && !candidate.IsRgb ? 1000 : 0;
            score += !own.IsRgb && candidate.IsRgb ? 8000 : 0;
            int ownX = own.IsRgb ? 0 : own.ChromaShiftX, ownY = own.IsRgb ? 0 : own.ChromaShiftY;
            score += 1000 * (Math.Max(0, candidate.ChromaShiftX - ownX) + Math.Max(0, candidate.ChromaShiftY - ownY));
            score += 20 * (Math.Max(0, ownX - candidate.ChromaShiftX) + Math.Max(0, ownY - candidate.ChromaShiftY));
        }
        else
        {
            // Grey of the whole range would lose codes in Y, which has less; beside alpha there is often no other grey.
            score += candidate.IsGray ? 0 : candidate.IsRgb ? (fullRange && own.HasAlpha ? 30 : 60) : 50 - (10 * candidate.ChromaShiftX);
        }

        score += own.HasAlpha && !candidate.HasAlpha ? 500 : 0;
        score += !own.HasAlpha && candidate.HasAlpha ? 5 : 0;
        score += candidate.IsFullRangeByName && !(fullRange && !own.IsRgb) ? 3000 : 0;
        score += candidate.PlaneCount == candidate.ComponentCount ? 0 : 1;
        score += candidate.Component(0).IsSwapped ? 2 : 0;
        return score;
    }
}
