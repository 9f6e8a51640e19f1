using System.Globalization;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>How quality, preset and threads are said to each encoder.</summary>
internal static unsafe class EncoderDefaults
{
    // Visually close to the input at a sensible size: x264's and x265's own guides say 17..18 and 20..22, AV1's and VP9's 23..30.
    private const double X264Quality = 18, X265Quality = 20, Vp9Quality = 24, Av1Quality = 24, QuantiserQuality = 3, HardwareQuality = 20;

    // Whoever sets one of these himself wants no quality of ours beside it.
    private static readonly string[] RateOptions = ["crf", "qp", "b", "cq", "rc", "global_quality", "q", "qscale", "lossless"];

    /// <summary>Adds the options that carry out the settings.</summary>
    /// <param name="options">The options that the encoder will be opened with.</param>
    /// <param name="encoder">FFmpeg's name.</param>
    /// <param name="settings">What the user wants.</param>
    /// <param name="first">The first frame, for its mastering data.</param>
    /// <param name="context">The encoder, for what is no option.</param>
    public static void Apply(OptionDictionary options, string encoder, EncoderSettings settings, VideoFrame first, AVCodecContext* context)
    {
        if (settings.Threads > 0)
        {
            options.Set("threads", Number(settings.Threads));
        }
        else
        {
            options.Set("threads", "auto");
        }

        if (settings.Preset is not null)
        {
            options.Set(encoder is "libvpx-vp9" or "libvpx" or "libaom-av1" ? "cpu-used" : "preset", PresetOf(encoder, settings.Preset));
        }

        if (encoder == "libx265")
        {
            options.Set("x265-params", "log-level=error" + MasteringDisplay.X265Parameters(first));
        }

        if (encoder is "libvpx-vp9" or "libvpx" && PixelLayout.Of(first.Format) is { HasAlpha: true })
        {
            // libvpx keeps no alpha of frames that are never shown.
            options.Set("auto-alt-ref", "0");
        }

        if (settings.Quality is not null || !settings.Options.Keys.Any(RateOptions.Contains))
        {
            ApplyQuality(options, encoder, settings.Quality, context);
        }
    }

    // NVENC counts its presets; under x264's names FFmpeg means something else there (slow: two passes, fast: the quickest).
    private static string PresetOf(string encoder, string preset) => !encoder.EndsWith("_nvenc", StringComparison.Ordinal) ? preset : preset switch
    {
        "ultrafast" or "superfast" => "p1",
        "veryfast" => "p2",
        "faster" => "p3",
        "fast" or "medium" => "p4",
        "slow" => "p5",
        "slower" => "p6",
        "veryslow" or "placebo" => "p7",
        _ => preset,
    };

    private static void ApplyQuality(OptionDictionary options, string encoder, double? quality, AVCodecContext* context)
    {
        switch (encoder)
        {
            case "libx264" or "libx264rgb":
                options.Set("crf", Number(quality ?? X264Quality));
                break;
            case "libx265":
                options.Set("crf", Number(quality ?? X265Quality));
                break;
            case "libvpx-vp9" or "libvpx":
                options.Set("crf", Number(quality ?? Vp9Quality));
                options.Set("b", "0");
                options.Set("row-mt", "1");
                break;
            case "libaom-av1":
                options.Set("crf", Number(quality ?? Av1Quality));
                options.Set("b", "0");
                options.Set("row-mt", "1");
                break;
            case "libsvtav1":
                options.Set("crf", Number(quality ?? Av1Quality));
                break;
            case "mpeg1video" or "mpeg2video" or "mpeg4" or "libxvid" or "mjpeg" or "libtheora" or "msmpeg4" or "msmpeg4v2"
                or "h263" or "flv":
                SetQuantiser(context, quality ?? QuantiserQuality);
                break;
            case var name when name.EndsWith("_nvenc", StringComparison.Ordinal):
                // Without a bit rate of its own, 2 Mbit/s by default, which would bound the quality.
                options.Set("rc", "vbr");
                options.Set("cq", Number(quality ?? HardwareQuality));
                options.Set("b", "0");
                break;
            case var name when name.EndsWith("_qsv", StringComparison.Ordinal):
                options.Set("global_quality", Number(quality ?? HardwareQuality));
                break;
            default:
                if (quality is { } wanted)
                {
                    SetQuantiser(context, wanted);
                }

                break;
        }
    }

    private static void SetQuantiser(AVCodecContext* context, double quantiser)
    {
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = (int)Math.Round(quantiser * FF_QP2LAMBDA);
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
