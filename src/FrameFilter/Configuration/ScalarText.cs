using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>
/// A scalar of a file as the text that <see cref="Setting.Parse"/> takes, which is strict: YAML has several forms of a number and of true and false,
/// and text may stand in quotes. What is allowed where is for the setting's schema to say.
/// </summary>
internal static class ScalarText
{
    /// <summary>The text; null for text in quotes where the schema wants a number, or true or false.</summary>
    public static string? Of(Setting setting, Scalar scalar)
    {
        string text = scalar.Value;
        return setting.IsText ? text
            : scalar.Style != ScalarStyle.Plain ? (AllowsText(setting.Schema(), text) ? text : null)
            : text is "True" or "TRUE" && Allows(setting.Schema(), JsonValueKind.True) ? "true"
            : text is "False" or "FALSE" && Allows(setting.Schema(), JsonValueKind.False) ? "false"
            : IsUsual(text) || ParseNumber(text) is not { } number || !Allows(setting.Schema(), JsonValueKind.Number) ? text
            : number.ToString("0.############################", CultureInfo.InvariantCulture);
    }

    // Digits with or without a point between them need no other form, and rates go by how they are written (23.976).
    private static bool IsUsual(string text) =>
        char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1]) && text.All(letter => char.IsAsciiDigit(letter) || letter == '.');

    // The forms of YAML 1.2's core schema.
    private static decimal? ParseNumber(string text)
    {
        int digits = text.StartsWith("0x", StringComparison.Ordinal) ? 16 : text.StartsWith("0o", StringComparison.Ordinal) ? 8 : 10;
        if (digits != 10)
        {
            return ParseDigits(text.AsSpan(2), digits);
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal number))
        {
            return null;
        }

        // What is too small for a decimal is no zero.
        ReadOnlySpan<char> mantissa = text.AsSpan(0, text.AsSpan().IndexOfAny('e', 'E') is var exponent and >= 0 ? exponent : text.Length);
        return number == 0 && mantissa.ContainsAnyInRange('1', '9') ? null : number;
    }

    private static decimal? ParseDigits(ReadOnlySpan<char> text, int radix)
    {
        long number = 0;
        foreach (char letter in text)
        {
            int digit = char.IsAsciiHexDigit(letter) ? Convert.ToInt32(letter.ToString(), 16) : radix;
            if (digit >= radix || number > int.MaxValue)
            {
                return null;
            }

            number = (number * radix) + digit;
        }

        return text.IsEmpty ? null : number;
    }

    private static bool AllowsText(JsonObject schema, string text) =>
        Kinds(schema).Any(kind => kind["enum"] is JsonArray words
            ? words.Any(word => word!.GetValueKind() == JsonValueKind.String && word.GetValue<string>() == text)
            : IsOfType(kind, "string") && (kind["pattern"] is not { } pattern || Regex.IsMatch(text, pattern.GetValue<string>())));

    private static bool Allows(JsonObject schema, JsonValueKind wanted) =>
        Kinds(schema).Any(kind => kind["enum"] is JsonArray words
            ? words.Any(word => word!.GetValueKind() == wanted)
            : wanted == JsonValueKind.Number && (IsOfType(kind, "number") || IsOfType(kind, "integer")));

    private static bool IsOfType(JsonObject kind, string type) => kind["type"] is JsonValue value && value.GetValue<string>() == type;

    private static IEnumerable<JsonObject> Kinds(JsonObject schema) => schema["anyOf"] is JsonArray kinds ? kinds.OfType<JsonObject>() : [schema];
}
