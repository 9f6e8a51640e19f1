using System.Globalization;
using System.Net;
using System.Text;

namespace AdaConv.Reports;

/// <summary>Lanes over a common axis of time, as SVG: waveforms, and marks for moments.</summary>
public static class TimelineChart
{
    private const int Width = 1200, Left = 170, Right = 30, Top = 50, LaneHeight = 74, Gap = 14, Bottom = 52;

    /// <summary>Draws a chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="start">Seconds at the left end.</param>
    /// <param name="end">Seconds at the right end, above <paramref name="start"/>.</param>
    /// <param name="lanes">From top to bottom.</param>
    /// <returns>An SVG document of 1200 pixels' width.</returns>
    public static string Svg(string title, double start, double end, IReadOnlyList<TimelineLane> lanes)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        int bottom = Top + (lanes.Count * (LaneHeight + Gap)), height = bottom + Bottom;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}"
                font-family="DejaVu Sans, Segoe UI, sans-serif">
            <rect width="{Width}" height="{height}" fill="#fff"/>
            <text x="{(Left + Width - Right) / 2}" y="30" font-size="20" text-anchor="middle">{WebUtility.HtmlEncode(title)}</text>
            <text x="{(Left + Width - Right) / 2}" y="{height - 8}" font-size="16" text-anchor="middle">seconds</text>

            """);
        double step = CurveChart.RoundStep((end - start) / 8);

        // Adding 0 makes 0 of a −0, which would be written so.
        for (double tick = step * Math.Ceiling((start / step) - 1e-9); tick <= end + (1e-9 * step); tick += step)
        {
            string x = Number(Place(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x} {Top}V{bottom}\" stroke=\"#E4E4E4\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{x}\" y=\"{bottom + 20}\" font-size=\"14\" text-anchor=\"middle\">{Number(tick + 0.0)}</text>\n");
        }

        for (int i = 0; i < lanes.Count; i++)
        {
            double middle = Top + (i * (LaneHeight + Gap)) + (LaneHeight / 2.0);
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 10}\" y=\"{Number(middle + 5)}\" font-size=\"15\" text-anchor=\"end\">{WebUtility.HtmlEncode(lanes[i].Name)}</text>");
            Draw(svg, lanes[i], middle, Place);
        }

        return svg.Append("</svg>\n").ToString();

        double Place(double seconds) => Left + ((seconds - start) / (end - start) * (Width - Right - Left));
    }

    private static void Draw(StringBuilder svg, TimelineLane lane, double middle, Func<double, double> place)
    {
        StringBuilder wave = new(), strong = new(), weak = new();
        float most = lane.Peaks.Count == 0 ? 0 : lane.Peaks.Max();
        for (int i = 0; i < lane.Peaks.Count && most > 0; i++)
        {
            double reach = Math.Max(0.5, lane.Peaks[i] / most * LaneHeight / 2);
            string x = Number(place(lane.PeakStart + ((i + 0.5) * lane.PeakStep)));
            wave.Append(CultureInfo.InvariantCulture, $"M{x} {Number(middle - reach)}v{Number(2 * reach)}");
        }

        foreach ((double seconds, bool isStrong) in lane.Marks)
        {
            double reach = isStrong ? LaneHeight / 2.0 : LaneHeight / 4.0;
            (isStrong ? strong : weak).Append(CultureInfo.InvariantCulture, $"M{Number(place(seconds))} {Number(middle - reach)}v{Number(2 * reach)}");
        }

        Path(wave, "#56B4E9", "1.2");
        Path(weak, "#D55E00", "1.5");
        Path(strong, "#0072B2", "2.5");
        svg.Append('\n');

        void Path(StringBuilder path, string colour, string width)
        {
            if (path.Length > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{width}\" fill=\"none\"/>");
            }
        }
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>A lane of a chart of time.</summary>
/// <param name="Name">What stands at its left.</param>
public sealed record TimelineLane(string Name)
{
    /// <summary>Moments: seconds, and whether each is a tall mark in blue or a short one in orange.</summary>
    public IReadOnlyList<(double Seconds, bool IsStrong)> Marks { get; init; } = [];

    /// <summary>A waveform: the largest sample of each column, 0 or more.</summary>
    public IReadOnlyList<float> Peaks { get; init; } = [];

    /// <summary>Seconds at which the waveform begins.</summary>
    public double PeakStart { get; init; }

    /// <summary>Seconds that a column stands for.</summary>
    public double PeakStep { get; init; }
}
