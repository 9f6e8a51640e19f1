using System.Xml.Linq;
using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class TimelineChartTests
{
    [Fact]
    public void Marks_and_waves_stand_at_their_times()
    {
        XElement svg = XElement.Parse(TimelineChart.Svg("A & B", 0, 10,
        [
            new("marks") { Marks = [(0, true), (5, false), (10, true)] },
            new("wave <1>") { Peaks = [0.5f, 1, 0], PeakStart = 2, PeakStep = 1 },
        ]));

        string[] texts = [.. svg.Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Equal(["A & B", "seconds", "0", "2", "4", "6", "8", "10", "marks", "wave <1>"], texts);
        string[] paths =
        [
            .. svg.Elements().Where(element => (string?)element.Attribute("stroke-width") is not null).Select(path => (string)path.Attribute("d")!),
        ];

        // From 170 to 1170 pixels; tall marks are 74 pixels high, short ones half of that; the largest column fills its lane.
        Assert.Equal(["M670 68.5v37", "M170 50v74M1170 50v74", "M420 156.5v37M520 138v74M620 174.5v1"], paths);
    }

    [Fact]
    public void A_chart_without_a_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TimelineChart.Svg("", 1, 1, []));
}
