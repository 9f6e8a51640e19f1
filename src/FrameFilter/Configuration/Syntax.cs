using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>The kinds of values that settings have. Numbers are strict and of the invariant culture: no spaces, no separators.</summary>
internal static class Syntax
{
    private static readonly (string Unit, long Bytes)[] s_sizes =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
    ];

    /// <summary>A whole number in a range.</summary>
    public static ValueSyntax<int> Integer(int least, int most) => new(
        "N",
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        IsText: false,
        (text, _) => InRange(
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                ? value
                : throw new FormatException($"'{text}' is not a whole number"),
            least,
            most,
            text),
        value => value.ToString(CultureInfo.InvariantCulture))
    { Schema = () => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most } };

    /// <summary>One of a few whole numbers.</summary>
    public static ValueSyntax<int> OneOf(params int[] values) => new(
        string.Join('|', values),
        string.Join(", ", values),
        IsText: false,
        (text, _) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && values.Contains(value)
            ? value
            : throw new FormatException($"'{text}' is not one of them"),
        value => value.ToString(CultureInfo.InvariantCulture))
    {
        Words = [.. values.Select(value => value.ToString(CultureInfo.InvariantCulture))],
        Schema = () => new() { ["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) },
    };

    /// <summary>A decimal number in a range.</summary>
    public static ValueSyntax<double> Number(double least, double most) => new(
        "X",
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        IsText: false,
        (text, _) => InRange(
            double.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value)
                ? value
                : throw new FormatException($"'{text}' is not a number"),
            least,
            most,
            text),
        value => value.ToString(CultureInfo.InvariantCulture))
    { Schema = () => new() { ["type"] = "number", ["minimum"] = least, ["maximum"] = most } };

    /// <summary>On or off.</summary>
    public static ValueSyntax<bool> Switch { get; } = new(
        "on|off",
        "on, off",
        IsText: false,
        (text, _) => text switch
        {
            "on" or "true" => true,
            "off" or "false" => false,
            _ => throw new FormatException($"'{text}' is neither on nor off"),
        },
        value => value ? "on" : "off")
    {
        Words = ["on", "off"],
        // YAML 1.1 reads on and off as true and false, YAML 1.2 as text.
        Schema = () => new() { ["enum"] = new JsonArray("on", "off", true, false) },
    };

    /// <summary>One of an enumeration's names, in lower case.</summary>
    public static ValueSyntax<T> Choice<T>(Func<T, string>? nameOf = null)
        where T : struct, Enum
    {
        nameOf ??= NameOf;
        T[] values = Enum.GetValues<T>();

        // Arrays, not a dictionary: each enumeration would have its own compiled, some dozen at each start.
        string[] names = new string[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            names[i] = nameOf(values[i]);
        }

        return new(
            string.Join('|', names),
            string.Join(", ", names),
            IsText: true,
            (text, _) => Array.IndexOf(names, text) is var place and >= 0
                ? values[place]
                : throw new FormatException($"'{text}' is not one of them{Suggestion.For(text, names)}"),
            nameOf)
        {
            Words = names,
            Schema = () => new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) },
        };
    }

    /// <summary>A name of FFmpeg's: letters, digits, '-', '_', '.', ',' with a letter among them.</summary>
    public static ValueSyntax<string> Name(string what) => new(
        "NAME",
        $"FFmpeg's name of {what}",
        IsText: true,
        (text, _) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ',') && text.Any(char.IsAsciiLetter)
            ? text
            : throw new FormatException($"'{text}' is not a name"),
        YamlText.Quote)
    { Schema = () => new() { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_.,-]*[A-Za-z][A-Za-z0-9_.,-]*$" } };

    /// <summary>A name or a number that the encoder knows.</summary>
    public static ValueSyntax<string> Code(string what) => Name(what) with
    {
        Allowed = what,
        Parse = (text, _) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : throw new FormatException($"'{text}' is not a name"),
        Schema = () => new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^[A-Za-z0-9_.-]+$" },
    };

    /// <summary>A number of threads; auto stands for 0.</summary>
    public static ValueSyntax<int> Count(int most)
    {
        var syntax = Integer(1, most).OrNone("auto");
        return new(
            syntax.Placeholder,
            syntax.Allowed,
            syntax.IsText,
            (text, folder) => syntax.Parse(text, folder) ?? 0,
            value => syntax.Format(value == 0 ? null : value))
        { Words = syntax.Words, Schema = syntax.Schema };
    }

    /// <summary>A plain name, or a path: one that has a folder separator or the extension. Relative paths become absolute.</summary>
    public static ValueSyntax<string> NameOrPath(string what, string extension) => new(
        "NAME|FILE",
        $"the name of {what}, or the path of a {extension} file",
        IsText: true,
        (text, folder) =>
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                throw new FormatException("it is empty");
            }

            bool isPath = text.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
                || text.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
            return isPath ? Path.GetFullPath(text, folder) : text;
        },
        YamlText.Quote)
    { Schema = () => new() { ["type"] = "string", ["minLength"] = 1 } };

    /// <summary>Bytes: a whole number with a unit.</summary>
    public static ValueSyntax<long> Size(long least) => new(
        "SIZE",
        $"a whole number with a unit ({string.Join(", ", s_sizes.Reverse().Select(size => size.Unit))}), at least {FormatSize(least)}",
        IsText: false,
        (text, _) => InRange(ParseSize(text), least, long.MaxValue, text),
        FormatSize)
    { Schema = () => new() { ["type"] = "string", ["pattern"] = $"^[0-9]+ *({string.Join('|', s_sizes.Select(size => size.Unit))})$" } };

    /// <summary>Frames per second: a whole number, a fraction or a decimal; of the usual decimals that shorten a fraction, the fraction.</summary>
    public static ValueSyntax<Rational> Rate { get; } = new(
        "RATE",
        "frames per second as a whole number, a fraction such as 24000/1001 or a decimal such as 23.976",
        IsText: false,
        (text, _) =>
        {
            string[] parts = text.Split('/');
            int denominator = 1;
            return text is "23.976" or "23.98" or "29.97" or "47.952" or "47.95" or "59.94" or "119.88"
                ? new Rational((long)Math.Ceiling(double.Parse(text, CultureInfo.InvariantCulture)) * 1000, 1001)
                : ParseDecimal(text) is { } rate ? rate
                : parts.Length <= 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int numerator)
                && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out denominator))
                && numerator > 0
                && denominator > 0
                    ? new Rational(numerator, denominator)
                    : throw new FormatException($"'{text}' is not a frame rate");
        },
        value => value.ToString())
    {
        Schema = () => new()
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 },
                new JsonObject { ["type"] = "string", ["pattern"] = "^0*[1-9][0-9]*(/0*[1-9][0-9]*)?$" }),
        },
    };

    /// <summary>A value, or a word that stands for none.</summary>
    public static ValueSyntax<T?> OrNone<T>(this ValueSyntax<T> syntax, string word)
        where T : struct => new(
            $"{syntax.Placeholder}|{word}",
            $"{syntax.Allowed}, or {word}",
            syntax.IsText,
            (text, folder) => text == word ? null : syntax.Parse(text, folder),
            value => value is null ? word : syntax.Format(value.Value))
        { Words = [.. syntax.Words, word], Schema = () => OrWord(syntax.Schema(), word) };

    /// <summary>A text, or a word that stands for none.</summary>
    public static ValueSyntax<string?> OrNone(this ValueSyntax<string> syntax, string word) => new(
        $"{syntax.Placeholder}|{word}",
        $"{syntax.Allowed}, or {word}",
        syntax.IsText,
        (text, folder) => text == word ? null : syntax.Parse(text, folder),
        value => value is null ? word : syntax.Format(value))
    { Words = [.. syntax.Words, word], Schema = () => OrWord(syntax.Schema(), word) };

    private static JsonObject OrWord(JsonObject schema, string word)
    {
        if (schema["enum"] is JsonArray words)
        {
            words.Add(word);
            return schema;
        }

        var alone = new JsonObject { ["enum"] = new JsonArray(word) };
        if (schema["anyOf"] is JsonArray kinds)
        {
            kinds.Add(alone);
            return schema;
        }

        return new() { ["anyOf"] = new JsonArray(schema, alone) };
    }

    // A positive number with one to six digits behind a point, null where the text is none.
    private static Rational? ParseDecimal(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        int digits = text.Length - point - 1;
        return point is > 0 and <= 6 && digits is >= 1 and <= 6
            && long.TryParse(text.Remove(point, 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0
                ? new Rational(value, 1) * new Rational(1, (long)Math.Pow(10, digits))
                : null;
    }

    private static T InRange<T>(T value, T least, T most, string text)
        where T : INumber<T> =>
        value >= least && value <= most ? value : throw new FormatException($"'{text}' is out of range");

    private static string NameOf<T>(T value)
        where T : struct, Enum =>
#pragma warning disable CA1308 // Names on the command line are in lower case.
        value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static long ParseSize(string text)
    {
        foreach (var (unit, bytes) in s_sizes)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                return count <= long.MaxValue / bytes ? count * bytes : throw new FormatException($"'{text}' is out of range");
            }
        }

        throw new FormatException($"'{text}' is not a size");
    }

    private static string FormatSize(long bytes)
    {
        // The units go from large to small with the binary ones first; the last one divides every number.
        var (unit, size) = s_sizes.First(candidate => bytes >= candidate.Bytes && bytes % candidate.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }
}
