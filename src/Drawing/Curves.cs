using AdaConv.Reports;
using ScottPlot;
using ScottPlot.Plottables;

namespace AdaConv.Drawing;

/// <summary>Charts of lines as PNG.</summary>
public static class Curves
{
    // Told apart by the colour-blind too: Okabe and Ito's palette, the strong ones first.
    private static readonly Color[] Palette =
        [.. new[] { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6A51A3", "#4D4D4D" }.Select(code => Color.FromHex(code))];

    /// <summary>Draws lines over a common axis.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xLabel">Quantity and unit of the axis across.</param>
    /// <param name="yLabel">Quantity and unit of the axis up.</param>
    /// <param name="series">The lines; one without a finite point is left out.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>A PNG file's bytes.</returns>
    public static byte[] Png(string title, string xLabel, string yLabel, IReadOnlyList<CurveSeries> series, int width = 1200, int height = 520)
    {
        ArgumentNullException.ThrowIfNull(series);
        using var plot = new Plot();
        plot.Title(title, size: 22);
        plot.XLabel(xLabel, size: 17);
        plot.YLabel(yLabel, size: 17);
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 15;
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        int drawn = 0;
        foreach (CurveSeries line in series)
        {
            Coordinates[] points = [.. line.X.Zip(line.Y, (x, y) => new Coordinates(x, double.IsFinite(y) ? y : double.NaN))];
            if (!points.Any(point => double.IsFinite(point.Y)))
            {
                continue;
            }

            Scatter scatter = plot.Add.Scatter(points);
            scatter.LegendText = line.Name;
            scatter.Color = Palette[drawn++ % Palette.Length];
            scatter.LineWidth = 2.5f;
            scatter.MarkerSize = line.Markers || points.Length == 1 ? 8 : 0;
        }

        if (drawn > 1)
        {
            plot.ShowLegend(Edge.Right).Legend.FontSize = 15;
        }
        else
        {
            plot.HideLegend();
        }

        plot.Font.Set(Fonts.SansSerif.FamilyName);
        return plot.GetImageBytes(width, height, ImageFormat.Png);
    }
}
