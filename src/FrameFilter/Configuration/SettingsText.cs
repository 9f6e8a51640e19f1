using System.Text;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Writes settings as YAML.</summary>
public static class SettingsText
{
    private const int Width = 110;

    /// <summary>Every setting with its meaning and range as comments: the form of filter.yaml.</summary>
    public static string Document(FilterOptions options) => Write(options, setting =>
    [
        .. Wrap(setting.Description),
        .. Wrap($"Allowed: {setting.Allowed}. Command line: {setting.Option}{(setting.Alias is null ? "" : $" or {setting.Alias}")}."),
    ]);

    /// <summary>Every setting in a line, and nothing else: what a program reads back.</summary>
    public static string Plain(FilterOptions options) => Write(options, _ => []);

    /// <summary>Every setting in a line, with the source of its value as a remark; the weakest layer's values bear none.</summary>
    /// <param name="options">The values.</param>
    /// <param name="layers">Where they came from, the weakest first; the last one that sets a value is named.</param>
    public static string Explain(FilterOptions options, IReadOnlyList<SettingsLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return $"# Values without a remark are from {layers[0].Source}.\n" + Write(
            options,
            _ => [],
            setting => layers.Skip(1).LastOrDefault(layer => layer.Sets(setting)) is { } layer ? $"  # {layer.Source}" : string.Empty);
    }

    private static string Write(FilterOptions options, Func<Setting, IEnumerable<string>> comments, Func<Setting, string>? remark = null)
    {
        var text = new StringBuilder();
        foreach (var section in Settings.All.GroupBy(setting => setting.Section))
        {
            text.Append(text.Length == 0 ? string.Empty : "\n").Append(section.Key).Append(":\n");
            foreach (var setting in section)
            {
                foreach (string comment in comments(setting))
                {
                    text.Append("  # ").Append(comment).Append('\n');
                }

                text.Append("  ").Append(setting.Key).Append(": ").Append(setting.Format(options)).Append(remark?.Invoke(setting)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Wrap(string sentence)
    {
        var line = new StringBuilder();
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length == 0 ? string.Empty : " ").Append(word);
        }

        yield return line.ToString();
    }
}

/// <summary>Writes text as a YAML scalar.</summary>
internal static class YamlText
{
    /// <summary>The text itself where YAML reads it back as it is, else in single quotes.</summary>
    public static string Quote(string text)
    {
        bool plain = text.Length > 0
            && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '.')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '+');
        return plain ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
