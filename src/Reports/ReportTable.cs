using System.Text;

namespace AdaConv.Reports;

/// <summary>A table of texts that is shown on a page, printed as Markdown, or kept as CSV.</summary>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Rows of as many cells.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The table in Markdown, as GitHub reads it; ends with a line break.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        Line(Columns);
        text.Append('|').AppendJoin('|', Columns.Select((_, column) => IsNumeric(column) ? "---:" : "---")).Append("|\n");
        foreach (IReadOnlyList<string> row in Rows)
        {
            Line(row);
        }

        return text.ToString();

        void Line(IReadOnlyList<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")))
                .Append(" |\n");
    }

    /// <summary>The table for a terminal: columns of equal width, numbers to the right; ends with a line break.</summary>
    public string ToText()
    {
        int[] widths = [.. Columns.Select((heading, column) => Rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        bool[] numeric = [.. Columns.Select((_, column) => IsNumeric(column))];
        StringBuilder text = new();
        foreach (IReadOnlyList<string> row in Rows.Prepend(Columns))
        {
            text.Append(string.Join("  ",
                row.Select((cell, column) => numeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The table as comma-separated values (RFC 4180, but with line feeds).</summary>
    public string ToCsv()
    {
        StringBuilder text = new();
        foreach (IReadOnlyList<string> row in Rows.Prepend(Columns))
        {
            text.AppendJoin(',', row.Select(Quoted)).Append('\n');
        }

        return text.ToString();

        static string Quoted(string cell) =>
            cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }

    /// <summary>Whether a column holds numbers: its cells begin with a digit, a sign or ∞, or are empty.</summary>
    internal bool IsNumeric(int column) => Rows.Any(row => row[column].Length > 0) && Rows.All(
        row => row[column] is not { Length: > 0 } cell || char.IsAsciiDigit(cell[0]) || "+-−–∞".Contains(cell[0], StringComparison.Ordinal));
}
