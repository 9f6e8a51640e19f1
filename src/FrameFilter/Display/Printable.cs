using System.Globalization;
using System.Text;

namespace AdaConv.FrameFilter.Display;

/// <summary>Text that holds file names, for people to read: a name may hold line breaks, and what a terminal obeys.</summary>
internal static class Printable
{
    /// <summary>The text with its control characters escaped, as <c>ls</c> shows them: \n, \t, \x1b.</summary>
    public static string Of(string text) => Escape(text, keepsLines: false);

    /// <summary>The same of a text of several lines.</summary>
    public static string OfLines(string text) => Escape(text, keepsLines: true);

    private static string Escape(string text, bool keepsLines)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 8);
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '\n' when keepsLines => escaped.Append(letter),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                _ when char.IsControl(letter) => escaped.Append(CultureInfo.InvariantCulture, $@"\x{(int)letter:x2}"),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }
}
