using AdaConv.LibAv;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>What a stream of the output says of itself: metadata, side data, attachments.</summary>
internal static unsafe class StreamDescription
{
    private const string HandlerName = "handler_name";

    // What a remuxing tool wrote about the old stream, which is no longer true of the new one.
    private static readonly string[] StaleTags =
    [
        "encoder", "DURATION", "BPS", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES", "_STATISTICS_TAGS", "_STATISTICS_WRITING_APP",
        "_STATISTICS_WRITING_DATE_UTC", "BPS-eng", "DURATION-eng", "NUMBER_OF_FRAMES-eng", "NUMBER_OF_BYTES-eng", "_STATISTICS_TAGS-eng",
        "_STATISTICS_WRITING_APP-eng", "_STATISTICS_WRITING_DATE_UTC-eng",
    ];

    // What a stream is for, as players choose and name it.
    private static readonly (int Bit, string Name)[] Marks =
    [
        (AV_DISPOSITION_DEFAULT, "default"), (AV_DISPOSITION_FORCED, "forced"), (AV_DISPOSITION_HEARING_IMPAIRED, "hearing_impaired"),
        (AV_DISPOSITION_VISUAL_IMPAIRED, "visual_impaired"), (AV_DISPOSITION_COMMENT, "comment"), (AV_DISPOSITION_ORIGINAL, "original"),
        (AV_DISPOSITION_DUB, "dub"), (AV_DISPOSITION_LYRICS, "lyrics"), (AV_DISPOSITION_KARAOKE, "karaoke"),
        (AV_DISPOSITION_CLEAN_EFFECTS, "clean_effects"),
    ];

    private const int OfMatroska = AV_DISPOSITION_DEFAULT | AV_DISPOSITION_FORCED | AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_VISUAL_IMPAIRED
        | AV_DISPOSITION_COMMENT | AV_DISPOSITION_ORIGINAL | AV_DISPOSITION_DUB;

    // Found by writing and reading back, which tests do again. Of containers that are not named here nothing is known, and nothing is said.
    private static readonly Dictionary<string, int> KeptMarks = new(StringComparer.Ordinal)
    {
        ["matroska"] = OfMatroska,
        ["webm"] = AV_DISPOSITION_DEFAULT | AV_DISPOSITION_FORCED,
        ["mp4"] = OfMatroska & ~AV_DISPOSITION_ORIGINAL,
        ["mov"] = AV_DISPOSITION_DEFAULT,
        ["ipod"] = AV_DISPOSITION_DEFAULT,
        ["3gp"] = AV_DISPOSITION_DEFAULT,
        ["mpegts"] = AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_CLEAN_EFFECTS,
        ["nut"] = AV_DISPOSITION_DEFAULT | AV_DISPOSITION_COMMENT | AV_DISPOSITION_ORIGINAL | AV_DISPOSITION_DUB | AV_DISPOSITION_LYRICS
            | AV_DISPOSITION_KARAOKE,
        ["avi"] = 0,
        ["mpeg"] = 0,
        ["vob"] = 0,
        ["svcd"] = 0, // FFmpeg's first for .vob
        ["dvd"] = 0,
        ["flv"] = 0,
        ["asf"] = 0,
        ["ogg"] = 0,
        ["ogv"] = 0,
        ["mxf"] = 0,
        ["rm"] = 0,
    };

    private static readonly string[] WithoutTitles = ["mpegts", "mpeg", "vob", "svcd", "dvd", "flv", "asf", "mxf", "rm"];

    /// <summary>A copy of metadata, which becomes the caller's.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public static AVDictionary* Copy(AVDictionary* source, string path)
    {
        AVDictionary* copy = null;
        int result = av_dict_copy(&copy, source, 0);
        if (result < 0)
        {
            av_dict_free(&copy);
        }

        LibavError.Check(result, "Writing", path);
        return copy;
    }

    /// <summary>A copy of a stream's metadata, which becomes the caller's, as a container can say it.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public static AVDictionary* CopyTags(AVStream* source, string container, string path)
    {
        AVDictionary* tags = Copy(source->metadata, path);
        if (container == "mov" && av_dict_get(tags, "language", null, 0) is var language && language != null
            && QuickTimeLanguage.NameOf(LibavText.Of(language->value)) is { } name)
        {
            _ = av_dict_set(&tags, "language", name, 0);
        }

        if (ContainerChoice.IsQuickTimeLike(container) && LibavText.OfMetadata(tags, "title") is { } title
            && LibavText.OfMetadata(tags, HandlerName) is null or [.., 'H', 'a', 'n', 'd', 'l', 'e', 'r'])
        {
            // Where most players look for a track's title; FFmpeg itself writes it where few do. What stands there otherwise is a writer's "SoundHandler".
            _ = av_dict_set(&tags, HandlerName, title, 0);
        }

        return tags;
    }

    /// <summary>Takes away what a remuxing tool wrote about a stream that is encoded anew.</summary>
    public static void DropStaleTags(AVStream* target)
    {
        AVDictionary* metadata = target->metadata;
        foreach (string key in StaleTags)
        {
            _ = av_dict_set(&metadata, key, null, 0);
        }

        target->metadata = metadata;
    }

    /// <summary>Whether a container has no place for the titles of its streams.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool LosesTitles(string container) => WithoutTitles.Contains(container);

    /// <summary>The names of what a stream is marked as, by FFmpeg's names, that an output does not keep.</summary>
    /// <param name="input">The input.</param>
    /// <param name="index">The stream.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    /// <remarks>That the first one of its kind is the default needs no mark: players take it.</remarks>
    public static string[] LostMarks(AVFormatContext* input, int index, string container)
    {
        AVStream* stream = input->streams[index];
        int lost = KeptMarks.TryGetValue(container, out int kept) ? stream->disposition & ~kept : 0;
        bool isFirst = true;
        for (int i = 0; i < index; i++)
        {
            isFirst &= input->streams[i]->codecpar->codec_type != stream->codecpar->codec_type;
        }

        lost &= isFirst ? ~AV_DISPOSITION_DEFAULT : ~0;
        return [.. Marks.Where(mark => (lost & mark.Bit) != 0).Select(mark => mark.Name)];
    }

    /// <summary>Whether Matroska keeps what a stream is marked as.</summary>
    /// <param name="names">By FFmpeg's names.</param>
    public static bool AreKeptInMatroska(IEnumerable<string> names) =>
        names.All(name => Array.Exists(Marks, mark => mark.Name == name && (mark.Bit & OfMatroska) != 0));

    /// <summary>The encoded video's stream: what the encoder says, and what of the input's stream is still true.</summary>
    /// <param name="source">The input's stream.</param>
    /// <param name="target">The output's.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    /// <param name="encoder">The opened encoder.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="matrix">How players turn the picture; empty where they do not.</param>
    /// <param name="path">The output, for messages.</param>
    public static void DescribeVideo(
        AVStream* source, AVStream* target, string container, VideoEncoder encoder, VideoFrame first, ReadOnlySpan<byte> matrix, string path)
    {
        LibavError.Check(avcodec_parameters_from_context(target->codecpar, encoder.Context), "Writing", path);
        TagHevc(target, container);

        // RealMedia's writer counts frames and takes the stream's clock for their rate.
        target->time_base = container == "rm" ? av_inv_q(encoder.Context->framerate) : encoder.TimeBase.ToLibav();
        target->avg_frame_rate = encoder.Context->framerate;
        target->sample_aspect_ratio = encoder.Context->sample_aspect_ratio;
        DropStaleTags(target);
        AVDictionary* metadata = target->metadata;

        // In WebM this says whether there is alpha beside the picture.
        bool alpha = PixelLayout.Of(encoder.Context->pix_fmt) is { HasAlpha: true };
        _ = av_dict_set(&metadata, "alpha_mode", alpha && encoder.Name.StartsWith("libvpx", StringComparison.Ordinal) ? "1" : null, 0);
        target->metadata = metadata;
        foreach (AVPacketSideDataType type in (ReadOnlySpan<AVPacketSideDataType>)
            [
                AVPacketSideDataType.AV_PKT_DATA_STEREO3D, AVPacketSideDataType.AV_PKT_DATA_SPHERICAL,
                AVPacketSideDataType.AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AVPacketSideDataType.AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
                AVPacketSideDataType.AV_PKT_DATA_ICC_PROFILE,
            ])
        {
            ReadOnlySpan<byte> data = StreamSideData.Get(source, type);
            if (!data.IsEmpty)
            {
                StreamSideData.Set(target, type, data);
            }
        }

        if (!matrix.IsEmpty)
        {
            StreamSideData.Set(target, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX, matrix);
        }

        CopyFrameData(
            first,
            AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
            target,
            AVPacketSideDataType.AV_PKT_DATA_MASTERING_DISPLAY_METADATA);
        CopyFrameData(
            first, AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, target, AVPacketSideDataType.AV_PKT_DATA_CONTENT_LIGHT_LEVEL);
        CopyFrameData(first, AVFrameSideDataType.AV_FRAME_DATA_ICC_PROFILE, target, AVPacketSideDataType.AV_PKT_DATA_ICC_PROFILE);
    }

    /// <summary>A copied stream: as the input describes it.</summary>
    /// <param name="source">The input's stream.</param>
    /// <param name="target">The output's.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    /// <param name="path">The output, for messages.</param>
    public static void DescribeCopy(AVStream* source, AVStream* target, string container, string path)
    {
        LibavError.Check(avcodec_parameters_copy(target->codecpar, source->codecpar), "Writing", path);
        StreamSideData.CopyAll(source, target);
        target->codecpar->codec_tag = 0;
        TagHevc(target, container);
        if (container == "avi")
        {
            AviSound.Describe(target->codecpar);
        }

        target->avg_frame_rate = source->avg_frame_rate;
    }

    /// <summary>A cover picture as the attachment that Matroska keeps it as.</summary>
    public static void AttachCover(AVStream* source, AVStream* target, string path)
    {
        AVPacket picture = source->attached_pic;
        string kind = avcodec_get_name(source->codecpar->codec_id);
        (string extension, string mime) = kind == "mjpeg" ? ("jpg", "image/jpeg") : (kind, "image/" + kind);
        AVCodecParameters* parameters = target->codecpar;
        parameters->codec_type = AVMediaType.AVMEDIA_TYPE_ATTACHMENT;
        parameters->codec_id = source->codecpar->codec_id;

        // Attachments are the extradata of their stream; libav wants zeros behind it.
        byte* copy = (byte*)LibavError.CheckAllocated(
            av_mallocz((ulong)picture.size + AV_INPUT_BUFFER_PADDING_SIZE), "Writing", path);
        Buffer.MemoryCopy(picture.data, copy, picture.size, picture.size);
        parameters->extradata = copy;
        parameters->extradata_size = picture.size;
        AVDictionary* metadata = target->metadata;
        _ = av_dict_set(&metadata, "filename", $"cover.{extension}", AV_DICT_DONT_OVERWRITE);
        _ = av_dict_set(&metadata, "mimetype", mime, AV_DICT_DONT_OVERWRITE);
        target->metadata = metadata;
        target->disposition = 0;
    }

    // QuickTime, Safari and iOS play HEVC as "hvc1" only: with its parameter sets in the header alone, as the extradata's first byte, 1, tells.
    // libav writes "hev1" by default.
    private static void TagHevc(AVStream* target, string container)
    {
        AVCodecParameters* parameters = target->codecpar;
        if (container is "mp4" or "mov" && avcodec_get_name(parameters->codec_id) == "hevc" && parameters->extradata_size > 0)
        {
            parameters->codec_tag = (uint)MKTAG('h', 'v', 'c', '1');
        }
    }

    private static void CopyFrameData(VideoFrame frame, AVFrameSideDataType from, AVStream* target, AVPacketSideDataType to)
    {
        AVFrameSideData* data = av_frame_get_side_data(frame.Pointer, from);
        if (data != null)
        {
            StreamSideData.Set(target, to, new ReadOnlySpan<byte>(data->data, checked((int)data->size)));
        }
    }
}
