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

    // From the fastest to the slowest.
    private static readonly string[] X264Presets =
        ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo"];

    /// <summary>An encoder with all options that carry out what is wanted.</summary>
    /// <param name="encoder">FFmpeg's name.</param>
    /// <param name="container">FFmpeg's name of the container.</param>
    /// <param name="wanted">What the user wants.</param>
    /// <param name="first">The first frame, for its mastering data.</param>
    /// <param name="format">The encoder's pixel format.</param>
    /// <param name="path">The output, for messages.</param>
    /// <exception cref="MediaException">Two of the wishes exclude each other, or an option is not the user's to set.</exception>
    public static EncoderSettings Resolve(
        string encoder, string container, EncoderWishes wanted, VideoFrame first, PixelLayout format, string path)
    {
        string presetOption = encoder is "libvpx-vp9" or "libvpx" or "libaom-av1" ? "cpu-used" : "preset";
        Check(encoder, wanted, presetOption, path);
        SortedDictionary<string, string> options = new(StringComparer.Ordinal);
        if (wanted.Preset is not null)
        {
            options[presetOption] = PresetOf(encoder, wanted.Preset, path);
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

    private static void Check(string encoder, EncoderWishes wanted, string presetOption, string path)
    {
        foreach (string option in wanted.Options.Keys)
        {
            string? instead = option switch
            {
                "pixel_format" or "pix_fmt" => "--pixel-format chooses the format of the pixels.",
                "video_size" or "s" => "The new frames have the size of the old ones; scale them before or afterwards.",
                "time_base" or "framerate" or "r" => "--fps, --factor and --slow choose the rate.",
                _ => null,
            };
            if (instead is not null)
            {
                throw new MediaException("Encoding", path, $"{option} is not among the encoder's options that can be set", instead);
            }
        }

        // A bit rate bounds the quality of libvpx, libaom and NVENC; others look at one of the two alone.
        bool boundsQuality = encoder is "libvpx-vp9" or "libvpx" or "libaom-av1" || encoder.EndsWith("_nvenc", StringComparison.Ordinal);
        if (wanted.Quality is not null
            && wanted.Options.Keys.FirstOrDefault(option => EncoderSettings.SetsQuality(option) || (option == "b" && !boundsQuality)) is { } rate)
        {
            throw new MediaException(
                "Encoding", path, $"the quality and the encoder's option {rate} exclude each other", $"Leave {rate} out, or set --quality auto.");
        }

        if (wanted.Preset is not null && wanted.Options.ContainsKey(presetOption))
        {
            throw new MediaException(
                "Encoding",
                path,
                $"the encoder's preset and its option {presetOption} exclude each other",
                $"Leave {presetOption} out, or set --encoder-preset auto.");
        }
    }

    // x264's names are known best, so that all encoders with presets understand them. NVENC counts its own; under x264's names FFmpeg means something
    // else there (slow: two passes, fast: the quickest).
    private static string PresetOf(string encoder, string preset, string path)
    {
        int speed = Array.FindIndex(X264Presets, name => name.Equals(preset, StringComparison.OrdinalIgnoreCase));
        if (speed < 0)
        {
            // Both would say so on the terminal themselves, and know their presets by number, from 0 to 9, too.
            return !IsX264(encoder) || preset is [>= '0' and <= '9'] ? preset : throw new MediaException(
                $"Opening the encoder {encoder} for", path, $"it has no preset {preset}", $"It has: {string.Join(", ", X264Presets)}.");
        }

        return encoder switch
        {
            "libsvtav1" => Number(Step(12, 12, 11, 10, 9, 8, 6, 5, 4, 2)),
            "libaom-av1" => Number(Step(8, 8, 7, 6, 5, 4, 3, 2, 1, 0)),
            "libvpx-vp9" or "libvpx" => Number(Step(5, 5, 5, 4, 3, 2, 1, 1, 0, 0)),
            _ when encoder.EndsWith("_nvenc", StringComparison.Ordinal) => $"p{Step(1, 1, 2, 3, 4, 4, 5, 6, 7, 7)}",
            _ => X264Presets[speed],
        };

        int Step(params ReadOnlySpan<int> steps) => steps[speed];
    }

    private static bool IsX264(string encoder) => encoder is "libx264" or "libx264rgb" or "libx265";

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

    /// <summary>Whether an option says what the quality says, so that one of them alone can hold.</summary>
    /// <param name="option">FFmpeg's name.</param>
    public static bool SetsQuality(string option) => option is "crf" or "qp" or "cq" or "global_quality" or "q" or "qscale";

    /// <summary>Whether an option says what the preset says, alike.</summary>
    /// <param name="option">FFmpeg's name.</param>
    public static bool SetsPreset(string option) => option is "preset" or "cpu-used";
}
