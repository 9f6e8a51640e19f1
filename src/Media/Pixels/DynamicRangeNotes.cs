using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>What is said of a video of high dynamic range of which something is lost: HDR10, HLG, HDR10+, Dolby Vision.</summary>
internal static unsafe class DynamicRangeNotes
{
    // As the first bytes of FFmpeg's AVDOVIDecoderConfigurationRecord, each a number.
    private const int ProfileAt = 2, CompatibilityAt = 7;

    // Whose files state a video's colours, whatever its coding; and the codings that state them themselves. Found by writing and reading back.
    private static readonly string[] ColorContainers = ["matroska", "webm", "mp4", "mov", "ipod", "3gp", "3g2"];
    private static readonly string[] ColorCodings = ["h264", "hevc", "vvc", "av1", "mpeg2video", "prores"];

    private static readonly string[] MasteringContainers = ["matroska", "webm", "mp4", "mov", "mxf"];

    /// <summary>Whether a container's writer keeps what describes an HDR10 video as a whole, with codings that say it too.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool KeepsMastering(string container) => MasteringContainers.Contains(container) && container != "mxf";

    /// <summary>What is said of data that describes single frames, which is dropped in every output; null where the input is not known to have any.</summary>
    /// <param name="stream">The input's video.</param>
    /// <param name="first">Its first frame.</param>
    public static string? OfSingleFrames(AVStream* stream, VideoFrame first)
    {
        ReadOnlySpan<byte> dolbyVision = StreamSideData.Get(stream, AVPacketSideDataType.AV_PKT_DATA_DOVI_CONF);
        bool isStated = dolbyVision.Length > CompatibilityAt;
        return isStated && dolbyVision[CompatibilityAt] == 0
            ? $"The video is Dolby Vision of profile {dolbyVision[ProfileAt]}, which has no picture for other players: it is converted without the data that "
                + "makes its colours right, and looks green and purple. Convert a version of it in HDR10 or SDR instead."
            : isStated || first.HasDynamicRange
                ? "The video's HDR10+ or Dolby Vision data, which describes single frames, is dropped; data that describes the whole video is kept."
            : null;
    }

    /// <summary>What is said of an output that does not keep what describes the whole video: a sentence for each thing that is lost.</summary>
    /// <param name="stream">The input's video.</param>
    /// <param name="first">Its first frame.</param>
    /// <param name="encoder">FFmpeg's name of the output's encoder.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    public static IEnumerable<string> OfWhole(AVStream* stream, VideoFrame first, string encoder, string container)
    {
        AVCodec* codec = avcodec_find_encoder_by_name(encoder);
        string coding = codec == null ? encoder : avcodec_get_name(codec->id);
        List<string> notes = [];
        if (ColorDescription.Of(first).Transfer is "smpte2084" or "arib-std-b67" && !ColorContainers.Contains(container) && !ColorCodings.Contains(coding))
        {
            notes.Add($"The video is HDR, and {coding} in {container} cannot say so: players will show it pale. Matroska and MP4 say it (.mkv, .mp4; in a pipe "
                + "--container matroska).");
        }

        if (HasMastering(stream, first) && !MasteringContainers.Contains(container) && !WritesMastering(coding))
        {
            notes.Add($"What HDR10 says of the whole video (mastering display, light levels) is lost: {encoder} does not write it, and {container} keeps none. "
                + "Matroska and MP4 keep it; so does the encoder libx265.");
        }

        return notes;
    }

    // Those of HEVC are given it; others take it from their context, where FFmpeg's has a place for it.
    private static bool WritesMastering(string coding) => coding == "hevc" || (coding is "h264" or "av1" && EncoderSideData.IsTaken);

    private static bool HasMastering(AVStream* stream, VideoFrame first) =>
        av_frame_get_side_data(first.Pointer, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) != null
        || av_frame_get_side_data(first.Pointer, AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL) != null
        || !StreamSideData.Get(stream, AVPacketSideDataType.AV_PKT_DATA_MASTERING_DISPLAY_METADATA).IsEmpty
        || !StreamSideData.Get(stream, AVPacketSideDataType.AV_PKT_DATA_CONTENT_LIGHT_LEVEL).IsEmpty;
}
