using AdaConv.LibAv;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>What a stream of the output says of itself: metadata, side data, attachments.</summary>
internal static unsafe class StreamDescription
{
    // What a remuxing tool wrote about the old video stream, which is no longer true of the new one.
    private static readonly string[] StaleVideoTags =
    [
        "encoder", "DURATION", "BPS", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES", "_STATISTICS_TAGS", "_STATISTICS_WRITING_APP",
        "_STATISTICS_WRITING_DATE_UTC", "BPS-eng", "DURATION-eng", "NUMBER_OF_FRAMES-eng", "NUMBER_OF_BYTES-eng", "_STATISTICS_TAGS-eng",
        "_STATISTICS_WRITING_APP-eng", "_STATISTICS_WRITING_DATE_UTC-eng",
    ];

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

        return tags;
    }

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
        AVDictionary* metadata = target->metadata;
        foreach (string key in StaleVideoTags)
        {
            _ = av_dict_set(&metadata, key, null, 0);
        }

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
