using System.Collections.Immutable;
using System.Globalization;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>How quality and preset are said to each encoder.</summary>
internal static class EncoderDefaults
{
    // Visually close to the input at a sensible size: x264's and x265's own guides say 17..18 and 20..22, AV1's and VP9's 23..30.
    private const double X264Quality = 18, X265Quality = 20, Vp9Quality = 24, Av1Quality = 24, QuantiserQuality = 3, HardwareQuality = 20;

    // Whoever sets one of these himself wants no quality of ours beside it.
    private static readonly string[] RateOptions = ["crf", "qp", "b", "cq", "rc", "global_quality", "q", "qscale", "lossless"];

    /// <summary>An encoder with all options that carry out what is wanted.</summary>
    /// <param name="encoder">FFmpeg's name.</param>
    /// <param name="container">FFmpeg's name of the container.</param>
    /// <param name="wanted">What the user wants.</param>
    /// <param name="first">The first frame, for its mastering data.</param>
    /// <param name="format">The encoder's pixel format.</param>
    public static EncoderSettings Resolve(string encoder, string container, EncoderWishes wanted, VideoFrame first, PixelLayout format)
    {
        SortedDictionary<string, string> options = new(StringComparer.Ordinal);
        if (wanted.Preset is not null)
        {
            options[encoder is "libvpx-vp9" or "libvpx" or "libaom-av1" ? "cpu-used" : "preset"] = PresetOf(encoder, wanted.Preset);
        }

        if (container == "avi")
        {
            // B-frames would be shown in the order of their decoding, or late: this container has no times.
            options["bf"] = "0";
        }

        if (encoder == "gif")
        {
            // Without transdiff, which leaves pixels of the frame before where the new frame's palette has nothing near to them: dark dots in white.
            options["gifflags"] = "offsetting";
        }

        if (encoder == "libx265")
        {
            options["x265-params"] = "log-level=error" + MasteringDisplay.X265Parameters(first);
        }

        if (encoder is "libvpx-vp9" or "libvpx" && format.HasAlpha)
        {
            // libvpx keeps no alpha of frames that are never shown.
            options["auto-alt-ref"] = "0";
        }

        if (wanted.Quality is not null || !wanted.Options.Keys.Any(RateOptions.Contains))
        {
            AddQuality(options, encoder, wanted.Quality);
        }

        foreach ((string key, string value) in wanted.Options)
        {
            options[key] = Merge(key, options.GetValueOrDefault(key), value);
        }

        return new()
        {
            Name = encoder,
            Options = options.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Named = [.. wanted.Options.Keys.Order(StringComparer.Ordinal)],
        };
    }

    // What holds several values by itself keeps ours, such as HDR10's mastering data; of two values for one thing the encoder takes the later, the user's.
    private static string Merge(string key, string? ours, string theirs) => key switch
    {
        "x265-params" when ours is not null => $"{ours}:{theirs}",

        // Without a sign they would also take away those that the container needs.
        "flags" or "flags2" => $"{ours}{(theirs.StartsWith('+') || theirs.StartsWith('-') ? "" : "+")}{theirs}",
        _ => theirs,
    };

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

    private static void AddQuality(SortedDictionary<string, string> options, string encoder, double? quality)
    {
        switch (encoder)
        {
            case "libx264" or "libx264rgb":
                options["crf"] = Number(quality ?? X264Quality);
                break;
            case "libx265":
                options["crf"] = Number(quality ?? X265Quality);
                break;
            case "libvpx-vp9" or "libvpx":
                options["crf"] = Number(quality ?? Vp9Quality);
                options["b"] = "0";
                options["row-mt"] = "1";
                break;
            case "libaom-av1":
                options["crf"] = Number(quality ?? Av1Quality);
                options["b"] = "0";
                options["row-mt"] = "1";
                break;
            case "libsvtav1":
                options["crf"] = Number(quality ?? Av1Quality);
                break;
            case "mpeg1video" or "mpeg2video" or "mpeg4" or "libxvid" or "mjpeg" or "libtheora" or "msmpeg4" or "msmpeg4v2"
                or "h263" or "flv" or "wmv1" or "wmv2":
                SetQuantiser(options, quality ?? QuantiserQuality);
                break;
            case var name when name.EndsWith("_nvenc", StringComparison.Ordinal):
                // Without a bit rate of its own, 2 Mbit/s by default, which would bound the quality.
                options["rc"] = "vbr";
                options["cq"] = Number(quality ?? HardwareQuality);
                options["b"] = "0";
                break;
            case var name when name.EndsWith("_qsv", StringComparison.Ordinal):
                options["global_quality"] = Number(quality ?? HardwareQuality);
                break;
            default:
                if (quality is { } wanted)
                {
                    SetQuantiser(options, wanted);
                }

                break;
        }
    }

    private static void SetQuantiser(SortedDictionary<string, string> options, double quantiser)
    {
        options["flags"] = "+qscale";
        options["global_quality"] = Number(Math.Round(quantiser * FF_QP2LAMBDA));
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the user wants of an encoder.</summary>
/// <param name="Quality">On the encoder's own scale; null for a value that looks like the input.</param>
/// <param name="Preset">The encoder's speed preset; null for its default.</param>
/// <param name="Options">Further options by FFmpeg's names.</param>
internal sealed record EncoderWishes(double? Quality, string? Preset, IReadOnlyDictionary<string, string> Options);

/// <summary>An encoder and all that it is opened with, but for its threads.</summary>
public sealed record EncoderSettings
{
    /// <summary>FFmpeg's name of the encoder.</summary>
    public required string Name { get; init; }

    /// <summary>Its options by FFmpeg's names.</summary>
    public ImmutableSortedDictionary<string, string> Options
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    }

    = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Those of the options that the user named: one that the encoder does not know is an error.</summary>
    public ImmutableArray<string> Named { get; init; } = [];
}
