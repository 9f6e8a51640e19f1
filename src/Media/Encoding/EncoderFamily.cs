using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>The encoders of one coding: NVIDIA's (NVENC) and those that run on the processor.</summary>
internal sealed unsafe class EncoderFamily
{
    private static readonly EncoderFamily[] All =
    [
        new("h264", "h264_nvenc", "libx264", "libopenh264"), new("hevc", "hevc_nvenc", "libx265"), new("av1", "av1_nvenc", "libsvtav1", "libaom-av1"),
    ];

    private readonly string _card;
    private readonly string[] _software;

    private EncoderFamily(string coding, string card, params string[] software) => (Coding, _card, _software) = (coding, card, software);

    /// <summary>FFmpeg's name of the coding.</summary>
    public string Coding { get; }

    /// <summary>The first of its encoders on the processor that this FFmpeg has.</summary>
    public string Software => Array.Find(_software, name => avcodec_find_encoder_by_name(name) != null) ?? _software[0];

    /// <summary>The family of a codec's name; null for other names.</summary>
    public static EncoderFamily? Of(string name) => Array.Find(All, family => family.Coding == (name == "h265" ? "hevc" : name));

    /// <summary>The family of an encoder on graphics hardware (h264_nvenc, hevc_qsv, av1_amf …); null for other encoders.</summary>
    public static EncoderFamily? OfHardware(AVCodec* codec)
    {
        string name = LibavText.Of(codec->name);
        bool isHardware = (codec->capabilities & (AV_CODEC_CAP_HARDWARE | AV_CODEC_CAP_HYBRID)) != 0;
        return isHardware ? Array.Find(All, family => name.StartsWith(family.Coding + "_", StringComparison.Ordinal)) : null;
    }

    /// <summary>The encoder of the coding that can be used here.</summary>
    /// <param name="acceleration">Whether the card's is tried first.</param>
    /// <param name="path">The output, for messages.</param>
    /// <param name="message">Told why the card that was asked for does not encode.</param>
    public string Choose(HardwareAcceleration acceleration, string path, Action<string> message)
    {
        if (acceleration == HardwareAcceleration.None)
        {
            return Software;
        }

        if (Problem(_card, path) is not { } problem)
        {
            return _card;
        }

        if (acceleration == HardwareAcceleration.Cuda)
        {
            message($"Encoding with {Software}, because {_card} cannot be used: {problem}.");
        }

        return Software;
    }

    // Nothing but opening an encoder tells whether card and driver have one. 640×360 is above every card's least size, 4:2:0 is what all take.
    private static string? Problem(string name, string path)
    {
        AVCodec* codec = avcodec_find_encoder_by_name(name);
        if (codec == null)
        {
            return "this FFmpeg is built without it";
        }

        using CodecContext encoder = new(codec, $"Trying the encoder {name} for", path);
        AVCodecContext* context = encoder.Pointer;
        context->width = 640;
        context->height = 360;
        context->pix_fmt = AVPixelFormat.AV_PIX_FMT_YUV420P;
        context->time_base = new AVRational { num = 1, den = 25 };
        LibavLog.TakeLastLine();
        int result = avcodec_open2(context, codec, null);
        return result < 0 ? LibavError.Words(result) : null;
    }
}

/// <summary>Which of the pixel formats that NVENC lists keep what they hold; chosen from where the user names none.</summary>
internal static class NvencFormats
{
    /// <summary>Whether a format is one to choose; null for encoders that are not NVENC's.</summary>
    /// <param name="encoder">FFmpeg's name.</param>
    /// <remarks>
    /// NVENC turns RGB into 4:2:0 by itself and drops alpha. Of the 16 bits of p016 and yuv444p16 it encodes ten; p010 says so, and for 4:4:4
    /// there is no such name in FFmpeg 5. Ten bits of H.264 are beyond every card before 2025.
    /// </remarks>
    public static Func<PixelLayout, bool>? Takes(string encoder) => encoder switch
    {
        "h264_nvenc" => layout => !layout.IsRgb && !layout.HasAlpha && layout.Depth == 8,
        "hevc_nvenc" or "av1_nvenc" => layout => !layout.IsRgb && !layout.HasAlpha && !layout.Name.StartsWith("p016", StringComparison.Ordinal),
        _ => null,
    };
}
