using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class CurveChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_line_goes_through_its_points_and_leaves_gaps_where_there_are_none()
    {
        XElement chart = Draw(new("a <b> & c", [0, 1, 2, 3, 4], [30, 32, double.PositiveInfinity, 34, 31]), new("d", [0, 4], [30, 30], Markers: true));

        XElement[] lines = [.. chart.Elements(Svg + "path").Where(path => (string?)path.Attribute("class") == "line")];
        double[][] strokes = [.. ((string)lines[0].Attribute("d")!).Split('M', StringSplitOptions.RemoveEmptyEntries).Select(Numbers)];
        Assert.Equal([4, 4], strokes.Select(stroke => stroke.Length));
        double[] all = [.. strokes.SelectMany(stroke => stroke)], x = [.. all.Where((_, i) => i % 2 == 0)], y = [.. all.Where((_, i) => i % 2 == 1)];
        Assert.Equal(x[1] - x[0], (x[2] - x[0]) / 3, 0.02); // at 0, 1, 3 and 4
        Assert.Equal(x[1] - x[0], (x[3] - x[0]) / 4, 0.02);
        Assert.Equal(y[0] - y[1], (y[0] - y[2]) / 2, 0.02); // 30, 32, 34 and 31, upwards
        Assert.True(y[2] < y[1] && y[1] < y[3] && y[3] < y[0]);
        Assert.Equal(2, chart.Elements(Svg + "circle").Count());
        Assert.Contains("a <b> & c", chart.Elements(Svg + "text").Select(text => text.Value));
    }

    [Fact]
    public void The_lines_behind_it_stand_at_round_numbers()
    {
        string[] texts = [.. Draw(new CurveSeries("a", [0.04, 0.28], [0.9714, 0.9983])).Elements(Svg + "text").Select(text => text.Value)];
        Assert.Superset(new HashSet<string>(["0.00", "0.05", "0.10", "0.30", "0.970", "0.975", "1.000"]), new HashSet<string>(texts));
    }

    [Theory]
    [InlineData(30.0)]
    [InlineData(double.NaN)]
    public void A_single_point_or_none_makes_a_chart(double value) =>
        Assert.Equal(double.IsNaN(value) ? 0 : 1, Draw(new CurveSeries("a", [1], [value])).Elements(Svg + "circle").Count());

    private static XElement Draw(params CurveSeries[] series) => XElement.Parse(CurveChart.Svg("title", "time (s)", "PSNR (dB)", series));

    private static double[] Numbers(string text) =>
        [.. text.Split([' ', 'L'], StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
