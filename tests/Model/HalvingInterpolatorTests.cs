using AdaConv.Engine;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed class HalvingInterpolatorTests
{
    private readonly MiddleOnly _middle = new();

    [Fact]
    public void Every_eighth_comes_of_middles_each_predicted_once()
    {
        using HalvingInterpolator interpolator = new(_middle);
        using PlanarFrame first = Frame(0), second = Frame(8), between = Frame(-1);
        for (int pass = 0; pass < 2; pass++)
        {
            _middle.Calls = 0;
            first.NumberPicture();
            for (int part = 1; part < 8; part++)
            {
                interpolator.Interpolate(first, second, part / 8.0, between);
                Assert.Equal(part, between.SamplePlane(0)[0]);
            }

            Assert.Equal(7, _middle.Calls);
        }
    }

    [Theory]
    [InlineData(0.05, 0, 0)]
    [InlineData(0.0625, 1, 3)]
    [InlineData(0.4, 3, 3)]
    [InlineData(0.5, 4, 1)]
    [InlineData(0.74, 6, 2)]
    [InlineData(0.95, 8, 0)]
    public void A_time_is_that_of_the_nearest_eighth_and_costs_no_more_than_it_must(double time, int part, int calls)
    {
        using HalvingInterpolator interpolator = new(_middle);
        using PlanarFrame first = Frame(0), second = Frame(8), between = Frame(-1);
        Assert.Equal(part / 8.0, interpolator.Nearest(time));
        interpolator.Interpolate(first, second, time, between);
        Assert.Equal(part, between.SamplePlane(0)[0]);
        Assert.Equal(calls, _middle.Calls);
    }

    /// <remarks>24 → 60: two and four fifths, then one and three, of which each costs one prediction.</remarks>
    [Theory]
    [InlineData(0.4, 1)]
    [InlineData(0.05, 1)]
    [InlineData(0.96, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.625, 3)]
    public void Where_the_network_knows_the_time_other_times_than_eighths_are_its_own(double time, int calls)
    {
        _middle.KnowsTime = true;
        using HalvingInterpolator interpolator = new(_middle, knowsTime: true);
        using PlanarFrame first = Frame(0), second = Frame(8), between = Frame(-1);
        Assert.Equal(time, interpolator.Nearest(time));
        interpolator.Interpolate(first, second, time, between);
        Assert.Equal(8 * time, between.SamplePlane(0)[0], 1e-5);
        Assert.Equal(calls, _middle.Calls);
        Assert.Equal(calls == 1 ? time : 0.5, _middle.Time);
    }

    [Theory]
    [InlineData(0.0155, 0)]
    [InlineData(0.9845, 8)]
    [InlineData(0.0157, 0.1256)]
    public void Close_to_an_original_it_is_shown_itself(double time, double shown)
    {
        _middle.KnowsTime = true;
        using HalvingInterpolator interpolator = new(_middle, knowsTime: true);
        using PlanarFrame first = Frame(0), second = Frame(8), between = Frame(-1);
        interpolator.Interpolate(first, second, time, between);
        Assert.Equal(shown, 8 * interpolator.Nearest(time), 1e-9);
        Assert.Equal(shown, between.SamplePlane(0)[0], 1e-5);
    }

    [Fact]
    public void Frames_on_the_way_are_not_those_of_another_pair()
    {
        using HalvingInterpolator interpolator = new(_middle);
        using PlanarFrame first = Frame(0), second = Frame(8), third = Frame(16), between = Frame(-1);
        foreach (double time in (double[])[0.25, 0.5, 0.75])
        {
            interpolator.Interpolate(first, second, time, between);
            Assert.Equal(8 * time, between.SamplePlane(0)[0]);
        }

        foreach (double time in (double[])[0.5, 0.75])
        {
            interpolator.Interpolate(second, third, time, between);
            Assert.Equal(8 + 8 * time, between.SamplePlane(0)[0]);
        }

        // Filled anew, and so another picture.
        second.SamplePlane(0).Fill(4);
        second.NumberPicture();
        interpolator.Interpolate(second, third, 0.75, between);
        Assert.Equal(13, between.SamplePlane(0)[0]);
    }

    [Fact]
    public void Pictures_without_a_number_are_never_taken_for_those_before()
    {
        using HalvingInterpolator interpolator = new(_middle);
        using PlanarFrame first = new(4, 2, 3, samplesAreRgb: true), second = new(4, 2, 3, samplesAreRgb: true), between = Frame(-1);
        foreach (float value in (float[])[8, 16])
        {
            first.SamplePlane(0).Clear();
            second.SamplePlane(0).Fill(value);
            interpolator.Interpolate(first, second, 0.25, between);
            Assert.Equal(value / 4, between.SamplePlane(0)[0]);
        }
    }

    [Fact]
    public void Colours_of_frames_on_the_way_are_made_before_they_are_looked_at()
    {
        using HalvingInterpolator interpolator = new(_middle);
        int coloured = 0;
        Action<PlanarFrame> colouring = frame =>
        {
            coloured++;
            Assert.Equal(4, frame.SamplePlane(0)[0]);
        };
        using PlanarFrame first = new(4, 2, 1) { Colouring = colouring }, second = new(4, 2, 1) { Colouring = colouring },
            between = new(4, 2, 1) { Colouring = colouring };
        first.SamplePlane(0).Clear();
        second.SamplePlane(0).Fill(8);
        interpolator.Interpolate(first, second, 0.25, between);
        Assert.Equal(2, between.SamplePlane(0)[0]);
        Assert.Equal(1, coloured);
    }

    private static PlanarFrame Frame(float value)
    {
        PlanarFrame frame = new(4, 2, 3, samplesAreRgb: true);
        frame.SamplePlane(0).Fill(value);
        frame.NumberPicture();
        return frame;
    }

    private sealed class MiddleOnly : IFrameInterpolator
    {
        private readonly AveragingInterpolator _average = new();

        public int Calls { get; set; }

        public bool KnowsTime { get; set; }

        public double Time { get; private set; }

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            Calls++;
            Assert.True(time == 0.5 || KnowsTime);
            Time = time;
            Assert.NotSame(between, first);
            Assert.NotSame(between, second);
            return _average.Begin(first, second, time, between, cancellation);
        }
    }
}
