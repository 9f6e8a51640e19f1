using System.Globalization;
using System.Net;
using System.Text;

namespace AdaConv.Reports;

/// <summary>Lines over a common axis as SVG, which needs no library and stays sharp.</summary>
public static class CurveChart
{
    private const int Width = 1200, Height = 520, Left = 90, Right = 160, Top = 56, Bottom = 66;

    // Told apart by the colour-blind too: Okabe and Ito's palette, the strong ones first.
    private static readonly string[] s_colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

    /// <summary>Draws a chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="xLabel">Quantity and unit of the axis across.</param>
    /// <param name="yLabel">Quantity and unit of the axis up.</param>
    /// <param name="series">The lines; what is not finite leaves a gap.</param>
    /// <returns>An SVG document of 1200×520 pixels.</returns>
    public static string Svg(string title, string xLabel, string yLabel, IReadOnlyList<CurveSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        (double X, double Y)[] points = [.. series.SelectMany(line => line.X.Zip(line.Y)).Where(point => double.IsFinite(point.Second))];
        Axis across = Axis.Over([.. points.Select(point => point.X)], Left, Width - Right);
        Axis up = Axis.Over([.. points.Select(point => point.Y)], Height - Bottom, Top);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}"
                font-family="DejaVu Sans, Segoe UI, sans-serif">
            <rect width="{Width}" height="{Height}" fill="#fff"/>
            <text x="{(Left + Width - Right) / 2}" y="34" font-size="22" text-anchor="middle">{Encode(title)}</text>
            <text x="{(Left + Width - Right) / 2}" y="{Height - 14}" font-size="17" text-anchor="middle">{Encode(xLabel)}</text>
            <text transform="translate(24 {(Top + Height - Bottom) / 2}) rotate(-90)" font-size="17" text-anchor="middle">{Encode(yLabel)}</text>

            """);
        foreach (double tick in across.Ticks)
        {
            string x = Number(across.Place(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x} {Top}V{Height - Bottom}\" stroke=\"#E4E4E4\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{x}\" y=\"{Height - Bottom + 22}\" font-size=\"15\" text-anchor=\"middle\">{across.Text(tick)}</text>\n");
        }

        foreach (double tick in up.Ticks)
        {
            double y = up.Place(tick);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Number(y)}H{Width - Right}\" stroke=\"#E4E4E4\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 8}\" y=\"{Number(y + 5)}\" font-size=\"15\" text-anchor=\"end\">{up.Text(tick)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\" fill=\"none\" stroke=\"#000\"/>\n");
        for (int i = 0; i < series.Count; i++)
        {
            Draw(svg, series[i], i, across, up);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, CurveSeries line, int index, Axis across, Axis up)
    {
        string colour = s_colours[index % s_colours.Length];
        StringBuilder path = new(), marks = new();
        bool pen = false;
        for (int i = 0; i < line.X.Count; i++)
        {
            if (!double.IsFinite(line.Y[i]))
            {
                pen = false;
                continue;
            }

            string x = Number(across.Place(line.X[i])), y = Number(up.Place(line.Y[i]));
            path.Append(pen ? 'L' : 'M').Append(x).Append(' ').Append(y);
            pen = true;
            if (line.Markers || line.X.Count == 1)
            {
                marks.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>");
            }
        }

        int height = Top + 8 + (26 * index);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"/>{marks}");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Width - Right + 14} {height}h24\" stroke=\"{colour}\" stroke-width=\"4\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right + 44}\" y=\"{height + 5}\" font-size=\"15\">{Encode(line.Name)}</text>\n");
    }

    /// <summary>The next step between an axis's lines: 1, 2 or 5 of some power of ten.</summary>
    internal static double RoundStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    // Values from Low to High lie between the pixels From and To; a line at each Step.
    private sealed record Axis(double Low, double High, double Step, double From, double To)
    {
        public IEnumerable<double> Ticks => Enumerable.Range(0, 1 + (int)Math.Round((High - Low) / Step)).Select(i => Low + (i * Step));

        public static Axis Over(double[] values, double from, double to)
        {
            double low = values.Length == 0 ? 0 : values.Min(), high = values.Length == 0 ? 1 : values.Max();
            if (high - low <= 1e-9 * Math.Max(Math.Abs(low), 1))
            {
                (low, high) = (low - 0.5, high + 0.5);
            }

            double step = RoundStep((high - low) / 6);
            return new(step * Math.Floor(low / step), step * Math.Ceiling(high / step), step, from, to);
        }

        public double Place(double value) => From + ((value - Low) / (High - Low) * (To - From));

        public string Text(double tick) => tick.ToString("F" + Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 9), CultureInfo.InvariantCulture);
    }
}
