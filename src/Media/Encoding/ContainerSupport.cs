using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Which codings a container holds so that readers know them again.</summary>
/// <remarks>
/// libav answers for some containers only, and for those some answers are wrong: its transport streams take everything, and what they have no
/// type for comes back as data that nothing plays. The lists here are what comes back; ContainerSupportTests writes and reads each of them.
/// </remarks>
internal static unsafe class ContainerSupport
{
    private static readonly string[] ProgramStreams =
        ["mpeg1video", "mpeg2video", "mp2", "mp3", "ac3", "dts", "pcm_dvd", "dvd_subtitle"];

    private static readonly string[] Ogg = ["theora", "vp8", "vorbis", "opus", "flac", "speex"];

    // Containers of which libav knows only their usual codings.
    private static readonly Dictionary<string, string[]> Held = new(StringComparer.Ordinal)
    {
        ["mpegts"] =
        [
            "mpeg1video", "mpeg2video", "mpeg4", "h264", "hevc", "vvc", "vc1", "dirac", "cavs", "mp2", "mp3", "aac", "aac_latm", "ac3", "eac3", "dts",
            "truehd", "opus", "s302m", "dvb_subtitle", "dvb_teletext",
        ],
        ["mpeg"] = ProgramStreams,
        ["vob"] = ProgramStreams,
        ["dvd"] = ProgramStreams,
        ["svcd"] = ProgramStreams,
        ["vcd"] = ["mpeg1video", "mp2"],
        ["ogg"] = Ogg,
        ["ogv"] = Ogg,
        ["mxf"] = ["mpeg2video", "dnxhd", "prores", "dvvideo", "jpeg2000", "pcm_s16le", "pcm_s24le"],
    };

    // Blu-ray's and AVCHD's transport streams.
    private static readonly string[] OnDiscs = ["pcm_bluray", "hdmv_pgs_subtitle"];

    // What their tables of streams have numbers for; everything else would be written as private data.
    private static readonly string[] NumberedOnDiscs =
        ["mpeg2video", "h264", "hevc", "vc1", "ac3", "eac3", "dts", "truehd", "pcm_bluray", "hdmv_pgs_subtitle"];

    // What libav says that a container holds although its own writer refuses it, or its reader does not know it again.
    private static readonly Dictionary<string, string[]> Lost = new(StringComparer.Ordinal)
    {
        ["mov"] = ["opus", "flac", "truehd", "vp9", "av1", "wmav1", "wmav2", "s302m", "pcm_bluray"],
        ["nut"] = ["alac", "s302m", "wmav1", "wmav2", "pcm_bluray", "adpcm_ima_qt", "mov_text", "eac3"],
        // It counts packets that last alike, which Vorbis' do not; what libav counts these others by is not what it reads them by.
        ["avi"] = ["pcm_bluray", "vorbis", "eac3", "dts", "speex", "g723_1", "adpcm_swf"],
        ["asf"] = ["pcm_bluray", "mov_text", "h264", "hevc"],
    };

    private static readonly string[] WithChapters = ["matroska", "webm", "mp4", "mov", "ipod", "3gp", "3g2", "asf", "nut"];

    // Their writers want the video beside a stream before they say anything of it.
    private static readonly string[] WithoutTrial = ["mxf", "gxf"];

    /// <summary>Whether a container holds a coding.</summary>
    /// <param name="container">The container.</param>
    /// <param name="codec">The coding.</param>
    /// <param name="path">The output: transport streams for discs hold more than others.</param>
    public static Support Of(AVOutputFormat* container, AVCodecID codec, string path)
    {
        string format = LibavText.Of(container->name), name = avcodec_get_name(codec);
        if (codec == AVCodecID.AV_CODEC_ID_NONE || (Lost.TryGetValue(format, out string[]? lost) && lost.Contains(name)))
        {
            return Support.None;
        }

        if (Held.TryGetValue(format, out string[]? held))
        {
            return held.Contains(name) || (IsForDiscs(format, path) && OnDiscs.Contains(name)) ? Support.Whole : Support.None;
        }

        // Negative where libav does not know. Matroska has names of its own for most codings, and takes those that AVI has a number for.
        return avformat_query_codec(container, codec, FF_COMPLIANCE_NORMAL) > 0 ? Support.Whole
            : format == "matroska" && avformat_query_codec(container, codec, FF_COMPLIANCE_EXPERIMENTAL) > 0 ? Support.Unusual
            : Support.None;
    }

    /// <summary>Whether a container's writer takes a stream as it is: asked by writing a header to memory.</summary>
    /// <param name="container">The container, which holds the stream's coding.</param>
    /// <param name="stream">The stream of the input.</param>
    /// <param name="path">The output.</param>
    /// <exception cref="MediaException">Out of memory.</exception>
    public static bool TakesHeader(AVOutputFormat* container, AVStream* stream, string path)
    {
        string format = LibavText.Of(container->name);
        if (WithoutTrial.Contains(format) || stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_ATTACHMENT)
        {
            return true;
        }

        if (format == "dv")
        {
            // Its writer, too, wants the video first; it takes no other sound.
            return stream->codecpar->ch_layout.nb_channels == 2 && stream->codecpar->sample_rate == 48000;
        }

        if (format == "avi" && HasLengths(stream->codecpar))
        {
            return false; // its writer refuses the first packet
        }

        using OutputContext output = OutputContext.Create(format, path, path);
        AVStream* target = (AVStream*)LibavError.CheckAllocated(avformat_new_stream(output.Pointer, null), "Writing", path);
        StreamDescription.DescribeCopy(stream, target, format, path);
        target->time_base = stream->time_base;
        LibavError.Check(output.OpenMemory(), "Writing", path);
        using OptionDictionary options = new();
        options.Set("strict", "-2");
        AVFormatContext* context = output.Pointer;
        bool isTaken = options.Pass(dictionary => avformat_write_header(context, dictionary)) >= 0;
        LibavLog.TakeLastLine();
        return isTaken;
    }

    // H.264 and HEVC whose parts begin with their lengths, as mp4 and Matroska have them; streams have start codes instead.
    private static bool HasLengths(AVCodecParameters* video) =>
        avcodec_get_name(video->codec_id) is "h264" or "hevc" && video->extradata_size > 0 && video->extradata[0] == 1;

    /// <summary>Whether a container keeps chapters.</summary>
    /// <param name="format">FFmpeg's name.</param>
    public static bool KeepsChapters(string format) => WithChapters.Contains(format);

    /// <summary>Whether a container keeps what makes a video 360° or 3D.</summary>
    /// <param name="format">FFmpeg's name.</param>
    public static bool KeepsSpherical(string format) => format is "matroska" or "webm" or "mp4";

    /// <summary>Whether players of a container show nothing before time zero, which its edit lists cut off.</summary>
    public static bool HidesBeforeZero(string format) => format is "mp4" or "mov" or "ipod" or "3gp" or "3g2" or "psp" or "f4v";

    /// <summary>Whether a transport stream can be written as discs have it: where nothing else holds a stream, or where they know all of them.</summary>
    public static bool FitsDiscs(AVFormatContext* context)
    {
        IEnumerable<string> names = Enumerable.Range(0, (int)context->nb_streams).Select(i => avcodec_get_name(context->streams[i]->codecpar->codec_id));
        return names.Any(OnDiscs.Contains) || names.All(NumberedOnDiscs.Contains);
    }

    /// <summary>Whether a coding can be written for discs alone, and an input's sound cannot: one of both would be lost.</summary>
    public static bool IsBesideOtherSound(AVCodecID codec, AVFormatContext* input) =>
        OnDiscs.Contains(avcodec_get_name(codec)) && Enumerable.Range(0, (int)input->nb_streams).Any(i =>
            input->streams[i]->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO
            && !NumberedOnDiscs.Contains(avcodec_get_name(input->streams[i]->codecpar->codec_id)));

    /// <summary>Whether transport streams of that name are usually written as Blu-ray discs and AVCHD cameras have them.</summary>
    public static bool IsForDiscs(string format, string path) => format == "mpegts" && Path.GetExtension(path).ToUpperInvariant() is ".M2TS" or ".MTS";
}

/// <summary>How well a container holds a coding.</summary>
internal enum Support
{
    /// <summary>Not, or so that no reader knows it again.</summary>
    None,

    /// <summary>FFmpeg writes it and reads it back; others may not know it.</summary>
    Unusual,

    /// <summary>As its standard says.</summary>
    Whole,
}
