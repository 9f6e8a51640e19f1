using System.Globalization;

namespace AdaConv.Media.Encoding;

/// <summary>What encoders keep in memory until they code it, and how those whose options are known keep less.</summary>
internal static class EncoderMemory
{
    // Pictures that an encoder keeps by default: lookahead and references.
    private static readonly Dictionary<string, int> Kept = new(StringComparer.Ordinal)
    {
        ["libx264"] = 44,
        ["libx264rgb"] = 44,
        ["libx265"] = 28,
        ["libsvtav1"] = 60,
        ["libaom-av1"] = 36,
        ["libvpx-vp9"] = 26,
        ["libvpx"] = 1,
    };

    // Of x264's presets: frames that it looks ahead, B frames in a row, references.
    private static readonly Dictionary<string, X264Frames> Presets = new(StringComparer.Ordinal)
    {
        ["ultrafast"] = new(0, 0, 1),
        ["superfast"] = new(0, 3, 1),
        ["veryfast"] = new(10, 3, 1),
        ["faster"] = new(20, 3, 2),
        ["fast"] = new(30, 3, 2),
        ["medium"] = new(40, 3, 3),
        ["slow"] = new(50, 3, 5),
        ["slower"] = new(60, 3, 8),
        ["veryslow"] = new(60, 8, 16),
        ["placebo"] = new(60, 16, 16),
    };

    // What less memory is had by: a shorter lookahead, which costs next to nothing in size, then fewer B frames and references, then none.
    private static readonly X264Frames[] Sparing = [new(10, 3, 3), new(1, 1, 1), new(1, 0, 1)];

    // Options with which x264 is told anything in its own words.
    private static readonly string[] OwnLanguage = ["x264-params", "x264opts"];

    /// <summary>Steps of <see cref="Spare"/>.</summary>
    public static int Steps => Sparing.Length;

    /// <summary>Pictures that an encoder keeps at least, by default.</summary>
    public static int LeastKept(string encoder) => Kept.GetValueOrDefault(encoder);

    /// <summary>Bytes that an encoder takes (measured for x264, otherwise pictures).</summary>
    /// <param name="settings">The encoder and its options.</param>
    /// <param name="picture">Bytes of a picture.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="threads">Threads, 0: the encoder's own choice.</param>
    /// <param name="cores">The machine's cores.</param>
    public static long Bytes(EncoderSettings settings, long picture, int width, int height, int threads, int cores)
    {
        if (!IsX264(settings.Name))
        {
            // Four: reconstructed, referred to, and being coded.
            return (LeastKept(settings.Name) + 4L) * picture;
        }

        X264Frames frames = FramesOf(settings);
        int used = threads > 0 ? threads : Math.Clamp(cores * 3 / 2, 1, Math.Max(1, (height + 15) / 32));
        int references = frames.BFrames > 1 ? Math.Max(frames.References, 3) + 1 : Math.Max(frames.References, 1 + frames.BFrames);
        int ahead = Math.Max(frames.Lookahead, frames.BFrames) + 1 + (used > 1 ? frames.BFrames + 1 : 0);

        // In parts of what a picture of 8 bits takes with chroma of half the size each way: 1.5 bytes a pixel.
        double parts = (16.5 + (3.4 * ahead) + (6 * references) + (11.5 * (used - 1))) / 1.5;
        return (long)(parts * Math.Max(picture, (long)width * height * 3 / 2));
    }

    /// <summary>The encoder with less memory; null where that is not known, or the user has set what would be changed.</summary>
    /// <param name="settings">The encoder and its options.</param>
    /// <param name="step">0: hardly larger files; the last: as little as it works with.</param>
    /// <param name="words">What is changed.</param>
    public static EncoderSettings? Spare(EncoderSettings settings, int step, out string words)
    {
        words = "";
        if (!IsX264(settings.Name) || OwnLanguage.Any(name => settings.Named.Contains(name)))
        {
            return null;
        }

        var options = settings.Options;
        List<string> told = [];
        foreach (var (name, from, to, form) in Reductions(settings, step).Where(reduced => !settings.Named.Contains(reduced.Name)))
        {
            options = options.SetItem(name, to.ToString(CultureInfo.InvariantCulture));
            told.Add(string.Format(CultureInfo.InvariantCulture, to == 1 ? form.Replace("frames", "frame", StringComparison.Ordinal) : form, to, from));
        }

        words = string.Join(", ", told);
        return told.Count == 0 ? null : settings with { Options = options };
    }

    /// <summary>Options that the user has set, and that keep an encoder from taking less, by name.</summary>
    /// <param name="settings">The encoder and its options.</param>
    public static IEnumerable<string> InTheWay(EncoderSettings settings) => IsX264(settings.Name)
        ? Reductions(settings, Steps - 1).Select(reduced => reduced.Name).Concat(OwnLanguage).Where(name => settings.Named.Contains(name))
        : [];

    // What x264 would be told at a step, and the words for it.
    private static IEnumerable<(string Name, int From, int To, string Form)> Reductions(EncoderSettings settings, int step)
    {
        X264Frames now = FramesOf(settings), less = Sparing[step];
        (string Name, int From, int To, string Form)[] all =
        [
            ("rc-lookahead", now.Lookahead, less.Lookahead, "looks {0} frames ahead, not {1}"),
            ("bf", now.BFrames, less.BFrames, "puts {0} B frames between others, not {1}"),
            ("refs", now.References, less.References, "refers to {0} frames, not {1}"),
        ];
        return all.Where(reduced => reduced.From > reduced.To);
    }

    private static bool IsX264(string encoder) => encoder is "libx264" or "libx264rgb";

    private static X264Frames FramesOf(EncoderSettings settings)
    {
        X264Frames preset = Presets.GetValueOrDefault(settings.Options.GetValueOrDefault("preset", "medium"), Presets["medium"]);
        return new(Of("rc-lookahead", preset.Lookahead), Of("bf", preset.BFrames), Of("refs", preset.References));

        int Of(string name, int otherwise) =>
            int.TryParse(settings.Options.GetValueOrDefault(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value >= 0
                ? value : otherwise;
    }

    private readonly record struct X264Frames(int Lookahead, int BFrames, int References);
}
