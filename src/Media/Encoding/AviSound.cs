using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>How AVI times copied sound: it knows no times, but counts packets, or bytes.</summary>
/// <remarks>
/// libav's writer makes both from the stream's parameters: with a <c>block_align</c> it counts blocks of so many bytes, without one packets, and each lasts
/// <c>frame_size</c> samples. What readers of other containers leave there is often something else, and the sound would play too fast or too slow.
/// </remarks>
internal static unsafe class AviSound
{
    // Packets that differ in size and last alike; all else is in blocks of equal size, which decoders must know.
    private static readonly string[] InPackets = ["mp1", "mp2", "mp3", "ac3", "aac", "flac"];

    // Samples of a packet where the input does not say it.
    private const int AacFrame = 1024;

    /// <summary>Puts what AVI is to count by into the parameters of a stream.</summary>
    public static void Describe(AVCodecParameters* sound)
    {
        if (sound->codec_type != AVMediaType.AVMEDIA_TYPE_AUDIO)
        {
            return;
        }

        string name = avcodec_get_name(sound->codec_id);
        if (name.StartsWith("adpcm_", StringComparison.Ordinal) && sound->block_align > 0
            && av_get_audio_frame_duration2(sound, sound->block_align) is > 0 and int samples)
        {
            sound->frame_size = samples;
        }
        else if (InPackets.Contains(name))
        {
            sound->block_align = 0;
            sound->frame_size = name == "aac" && sound->frame_size == 0 ? AacFrame : sound->frame_size;
        }
    }
}
