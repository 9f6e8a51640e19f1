namespace AdaConv.FrameFilter.Configuration;

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
