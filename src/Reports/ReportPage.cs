using System.Globalization;
using System.Net;
using System.Text;
using AdaConv.Storage;

namespace AdaConv.Reports;

/// <summary>An HTML page in one file: text, tables, pictures, and pairs of pictures under a slider.</summary>
/// <remarks>
/// It loads nothing: pictures are data addresses, style and script are in the page, and its content policy forbids the rest. Light and dark
/// follow the reader's system. Without script, and on paper, pairs stand side by side. All texts are encoded.
/// </remarks>
/// <param name="title">The page's heading and its name in the browser.</param>
public sealed class ReportPage(string title)
{
    private readonly StringBuilder _body = new();
    private int _groups;

    /// <summary>Adds a heading.</summary>
    public ReportPage Heading(string text)
    {
        _body.Append("<h2>").Append(Encode(text)).Append("</h2>\n");
        return this;
    }

    /// <summary>Adds a paragraph.</summary>
    public ReportPage Paragraph(string text)
    {
        _body.Append("<p>").Append(Encode(text)).Append("</p>\n");
        return this;
    }

    /// <summary>Adds a table; columns of numbers stand to the right.</summary>
    public ReportPage Table(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _body.Append("<div class=\"scroll\"><table>\n<thead>");
        Row("th", table.Columns);
        _body.Append("</thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            Row("td", row);
        }

        _body.Append("</tbody>\n</table></div>\n");
        return this;

        void Row(string tag, IReadOnlyList<string> cells)
        {
            _body.Append("<tr>");
            for (int column = 0; column < cells.Count; column++)
            {
                _body.Append('<').Append(tag).Append(table.IsNumeric(column) ? " class=\"number\">" : ">").Append(Encode(cells[column]))
                    .Append("</").Append(tag).Append('>');
            }

            _body.Append("</tr>\n");
        }
    }

    /// <summary>Adds a picture, with a line under it where one is given.</summary>
    public ReportPage Image(PageImage image, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(image);
        _body.Append("<figure>");
        Picture(image, "plain");
        _body.Append(caption.Length > 0 ? $"<figcaption>{Encode(caption)}</figcaption></figure>\n" : "</figure>\n");
        return this;
    }

    /// <summary>Adds pairs of pictures, each under a slider; where pictures are to choose from, one choice serves all pairs of this call.</summary>
    /// <param name="comparisons">The pairs.</param>
    /// <param name="choice">What is chosen, such as "Examination".</param>
    public ReportPage Comparisons(IReadOnlyList<PageComparison> comparisons, string choice = "Left")
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        string[] names = [.. comparisons.SelectMany(comparison => comparison.Before).Select(image => image.Label).Distinct()];
        string group = string.Create(CultureInfo.InvariantCulture, $"group{_groups++}");
        _body.Append("<section class=\"group\" id=\"").Append(group).Append("\">\n");
        if (names.Length > comparisons.Max(comparison => Math.Min(1, comparison.Before.Count)))
        {
            _body.Append("<p class=\"choice\"><label>").Append(Encode(choice)).Append(": <select>");
            foreach (string name in names)
            {
                _body.Append(name == names[^1] ? "<option selected>" : "<option>").Append(Encode(name)).Append("</option>");
            }

            _body.Append("</select></label></p>\n");
        }

        _body.Append("<div class=\"pairs\">\n");
        foreach (PageComparison comparison in comparisons)
        {
            Comparison(comparison);
        }

        _body.Append("</div>\n</section>\n");
        return this;
    }

    /// <summary>The whole page.</summary>
    public string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>{Encode(title)}</title>
        <style>
        {PageParts.Style}
        </style>
        <noscript><style>
        {PageParts.SideBySide}
        </style></noscript>
        </head>
        <body>
        <main>
        <h1>{Encode(title)}</h1>
        {_body}</main>
        <script>
        {PageParts.Script}
        </script>
        </body>
        </html>

        """;

    /// <summary>Writes the page; it appears under its name only when whole.</summary>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public void Write(string path) => DurableStore.Write(path, ToHtml());

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private void Comparison(PageComparison comparison)
    {
        _body.Append("<figure><div class=\"pair\">");
        Picture(comparison.After, "after");
        for (int i = 0; i < comparison.Before.Count; i++)
        {
            Picture(comparison.Before[i], i == comparison.Before.Count - 1 ? "before shown" : "before");
        }

        string left = comparison.Before[^1].Label, right = comparison.After.Label;
        _body.Append("<span class=\"line\"></span><span class=\"tag left\">").Append(Encode(left)).Append("</span><span class=\"tag right\">")
            .Append(Encode(right))
            .Append("</span><input type=\"range\" min=\"0\" max=\"100\" step=\"0.1\" value=\"50\" aria-label=\"")
            .Append(Encode($"{comparison.Caption}: how much of {left} covers {right}")).Append("\"></div><figcaption>").Append(Encode(comparison.Caption))
            .Append("</figcaption></figure>\n");
    }

    private void Picture(PageImage image, string classes) => _body.Append("<img class=\"").Append(classes).Append("\" alt=\"").Append(Encode(image.Label))
        .Append("\" src=\"").Append(image.DataAddress).Append("\">");
}
