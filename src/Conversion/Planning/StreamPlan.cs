using AdaConv.Conversion.Timing;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Conversion.Planning;

/// <summary>What becomes of each stream of the input in the output; decided, and refused, before anything is converted.</summary>
internal static unsafe class StreamPlan
{
    /// <summary>Decides for all streams.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="container">The container that is written.</param>
    /// <param name="dropUnsupported">Whether streams that it does not hold are left out with a warning.</param>
    /// <param name="slowSound">What becomes of sound when the video is slowed down; null when it is not.</param>
    /// <param name="path">The output, for messages.</param>
    /// <param name="message">Told what is left out.</param>
    /// <returns>One entry for each input stream.</returns>
    /// <exception cref="MediaException">The container does not hold a stream, and streams must not be left out.</exception>
    public static StreamTreatment[] Create(
        Demuxer demuxer, AVOutputFormat* container, bool dropUnsupported, SlowSound? slowSound, string path, Action<string> message)
    {
        StreamTreatment[] plan = new StreamTreatment[demuxer.StreamCount];
        string containerName = LibavText.Of(container->name);
        bool onlyVideo = container->audio_codec == AVCodecID.AV_CODEC_ID_NONE; // Y4M, pictures
        bool isMatroska = containerName == "matroska";
        List<string> refused = [];
        bool matroskaHelps = true;
        for (int i = 0; i < plan.Length; i++)
        {
            AVStream* stream = demuxer.Context->streams[i];
            AVCodecParameters* parameters = stream->codecpar;
            if (i == demuxer.VideoIndex)
            {
                plan[i] = StreamTreatment.Convert;
                continue;
            }

            if (onlyVideo)
            {
                message($"Stream {i} ({Describe(stream)}) is dropped: {containerName} holds pictures only.");
                plan[i] = StreamTreatment.Drop;
                continue;
            }

            if (slowSound is { } sound && parameters->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO)
            {
                plan[i] = sound == SlowSound.Stretch ? StreamTreatment.Stretch : StreamTreatment.Drop;
                continue;
            }

            bool cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
            if (!cover && parameters->codec_type is not (AVMediaType.AVMEDIA_TYPE_AUDIO or AVMediaType.AVMEDIA_TYPE_SUBTITLE
                or AVMediaType.AVMEDIA_TYPE_ATTACHMENT or AVMediaType.AVMEDIA_TYPE_VIDEO))
            {
                // Time codes and the text track in which mp4 keeps its chapters; those are written again.
                message($"Stream {i} ({Describe(stream)}) is dropped: only video, sound, subtitles and attachments are copied.");
                plan[i] = StreamTreatment.Drop;
                continue;
            }

            if (cover && isMatroska)
            {
                plan[i] = StreamTreatment.Attach;
                continue;
            }

            bool fits = parameters->codec_type == AVMediaType.AVMEDIA_TYPE_ATTACHMENT
                ? isMatroska
                : parameters->codec_id != AVCodecID.AV_CODEC_ID_NONE && EncoderChoice.Takes(container, parameters->codec_id);
            if (fits)
            {
                plan[i] = StreamTreatment.Copy;
                continue;
            }

            if (cover || dropUnsupported)
            {
                message($"Stream {i} ({Describe(stream)}) is dropped: the container {containerName} does not support it.");
                plan[i] = StreamTreatment.Drop;
                continue;
            }

            refused.Add($"stream {i} ({Describe(stream)})");
            bool attachment = parameters->codec_type == AVMediaType.AVMEDIA_TYPE_ATTACHMENT;
            matroskaHelps &= !isMatroska && (attachment || MatroskaTakes(parameters->codec_id));
        }

        return refused.Count == 0 ? plan : throw new MediaException(
            "Writing",
            path,
            $"the container {containerName} does not support {string.Join(" and ", refused)}",
            matroskaHelps
                ? "Name the output .mkv, which does, or drop such streams with --drop-unsupported-streams on."
                : isMatroska ? "Give the output the input's extension (.mp4 or .mov), or drop such streams with --drop-unsupported-streams on."
                : "Drop such streams with --drop-unsupported-streams on.");
    }

    /// <summary>A stream in a user's words: "Subtitle subrip, ger".</summary>
    public static string Describe(AVStream* stream)
    {
        AVCodecParameters* parameters = stream->codecpar;
        string kind = av_get_media_type_string(parameters->codec_type) ?? "unknown";
        string codec = avcodec_get_name(parameters->codec_id) ?? "unknown";
        AVDictionaryEntry* language = av_dict_get(stream->metadata, "language", null, 0);
        string tongue = language == null ? "" : LibavText.Of(language->value);
        return tongue is "" or "und" ? $"{kind} {codec}" : $"{kind} {codec}, {tongue}";
    }

    private static bool MatroskaTakes(AVCodecID codec)
    {
        AVOutputFormat* matroska = av_guess_format("matroska", null, null);
        return matroska != null && EncoderChoice.Takes(matroska, codec);
    }
}
