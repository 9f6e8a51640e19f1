using AdaConv.Engine;
using Xunit;

namespace AdaConv.Model.Tests;

/// <summary>Frames of 16×8 pixels that hold where a thing is, and an interpolator that knows its way between two of them.</summary>
public sealed class CurvedInterpolatorTests
{
    private readonly Positions _network = new();

    // x = 3 + 5t + 2t², t in intervals.
    private static double Parabola(double time) => 3 + (5 * time) + (2 * time * time);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25)]
    [InlineData(0.875)]
    [InlineData(0.4)]
    public void Between_two_pairs_a_steady_acceleration_is_followed_exactly(double time)
    {
        using CurvedInterpolator interpolator = Create();
        using Track track = new(Parabola, 0, 1, 2, 3);
        track.Look(interpolator, 0, 1);
        track.Predict(interpolator, 0, time);
        track.Look(interpolator, 2);
        track.Predict(interpolator, 1, time);
        Assert.Equal(Parabola(1 + time), track.Between.SamplePlane(0)[0], 1e-4);
    }

    [Fact]
    public void Several_frames_of_a_pair_are_all_on_the_curve_and_each_pair_is_looked_at_once()
    {
        using CurvedInterpolator interpolator = Create();
        using Track track = new(Parabola, 0, 1, 2, 3);
        track.Look(interpolator, 0, 1, 2);
        foreach (double time in (double[])[0.125, 0.3, 0.5, 0.75])
        {
            track.Predict(interpolator, 1, time);
            Assert.Equal(Parabola(1 + time), track.Between.SamplePlane(0)[0], 1e-4);
        }

        track.Look(interpolator, 2);
        Assert.Equal(3, _network.Found);
    }

    [Theory]
    [InlineData(0, 1, 3, 4)]
    [InlineData(0, 2, 3, 7)]
    public void Intervals_of_other_lengths_count_by_their_speeds(params int[] times)
    {
        using CurvedInterpolator interpolator = Create();
        using Track track = new(Parabola, times);
        track.Look(interpolator, 0, 1, 2);
        track.Predict(interpolator, 1, 0.5);
        Assert.Equal(Parabola((times[1] + times[2]) / 2.0), track.Between.SamplePlane(0)[0], 1e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_an_end_seven_tenths_of_the_only_acceleration_are_followed(bool isFirst)
    {
        using CurvedInterpolator interpolator = Create();
        using Track track = new(Parabola, 0, 1, 2);
        int pair = isFirst ? 0 : 1;
        track.Look(interpolator, 0, 1);
        track.Predict(interpolator, pair, 0.5);
        double halfway = (Parabola(pair) + Parabola(pair + 1)) / 2;
        Assert.Equal(halfway + (0.7 * (Parabola(pair + 0.5) - halfway)), track.Between.SamplePlane(0)[0], 1e-4);
    }

    [Fact]
    public void Pairs_that_do_not_touch_and_pictures_without_a_number_know_nothing_of_one_another()
    {
        using CurvedInterpolator interpolator = Create();
        using Track track = new(Parabola, 0, 1, 2, 3, 4, 5);
        track.Look(interpolator, 0, 2, 4);
        track.Predict(interpolator, 2, 0.5); // a cut on either side
        Assert.Equal((Parabola(2) + Parabola(3)) / 2, track.Between.SamplePlane(0)[0], 1e-4);

        using PlanarFrame one = new(16, 8, 3, samplesAreRgb: true), other = new(16, 8, 3, samplesAreRgb: true);
        one.SamplePlane(0).Fill(1);
        other.SamplePlane(0).Fill(2);
        interpolator.Interpolate(one, other, 0.5, track.Between);
        Assert.Equal(1.5f, track.Between.SamplePlane(0)[0]);
    }

    [Theory]
    [InlineData(0, 4, 8, -0.5)]        // a = 4 on both sides: c = −a/8
    [InlineData(0, 4, 0, 0)]           // faster, then slower: both contradict each other
    [InlineData(-100, 0, 100, -2)]     // no frame is moved further than that
    public void How_far_things_lie_beside_the_straight_line(float before, float pair, float after, float expected)
    {
        MotionField bend = new();
        MotionCurve.Of(Field(pair), (Field(before), 1), (Field(after), 1), bend);
        Assert.All(bend.Plane(0).ToArray(), c => Assert.Equal(expected, c, 1e-3));
        Assert.All(bend.Plane(1).ToArray(), c => Assert.Equal(0, c));
    }

    [Fact]
    public void A_field_of_one_cell_and_motion_far_outside_the_frame_are_no_harm()
    {
        MotionField one = new(), bend = new();
        one.Resize(4, 1, 1, 8);
        one.Plane(0)[0] = -1e30f;
        one.Plane(2)[0] = 1e30f;
        MotionCurve.Of(one, (one, 1), null, bend);
        Assert.InRange(bend.Plane(0)[0], -2, 2);
    }

    [Fact]
    public void A_pair_that_nobody_showed_is_looked_at_when_it_is_predicted()
    {
        using CurvedInterpolator interpolator = Create();
        using Track track = new(Parabola, 0, 1, 2);
        track.Predict(interpolator, 0, 0.5);
        Assert.Equal((Parabola(0) + Parabola(1)) / 2, track.Between.SamplePlane(0)[0], 1e-4);
        track.Predict(interpolator, 1, 0.5);
        Assert.NotEqual((Parabola(1) + Parabola(2)) / 2, track.Between.SamplePlane(0)[0], 1e-2);
        Assert.Equal(2, _network.Found);
    }

    private CurvedInterpolator Create() => new(_network, new HalvingInterpolator(_network, knowsTime: true));

    private static MotionField Field(float way)
    {
        MotionField field = new();
        field.Resize(4, 32, 16, 8);
        field.Plane(0).Fill(-way / 2);
        field.Plane(1).Clear();
        field.Plane(2).Fill(way / 2);
        field.Plane(3).Clear();
        return field;
    }

    private sealed class Track : IDisposable
    {
        public Track(Func<double, double> place, params int[] times)
        {
            Frames = [.. times.Select(time =>
            {
                PlanarFrame frame = new(16, 8, 3, samplesAreRgb: true) { Time = time };
                frame.SamplePlane(0).Fill((float)place(time));
                frame.NumberPicture();
                return frame;
            })];
        }

        public PlanarFrame[] Frames { get; }

        public PlanarFrame Between { get; } = new(16, 8, 3, samplesAreRgb: true);

        public void Look(CurvedInterpolator interpolator, params ReadOnlySpan<int> pairs)
        {
            foreach (int pair in pairs)
            {
                interpolator.Look(Frames[pair], Frames[pair + 1]);
            }
        }

        public void Predict(CurvedInterpolator interpolator, int pair, double time) =>
            interpolator.Interpolate(Frames[pair], Frames[pair + 1], time, Between);

        public void Dispose() => Array.ForEach([.. Frames, Between], frame => frame.Dispose());
    }

    /// <summary>A network for which frames are positions.</summary>
    private sealed class Positions : IMotionInterpolator
    {
        public int Found { get; private set; }

        public int MotionCell => 8;

        public void FindMotion(PlanarFrame first, PlanarFrame second, MotionField flows, CancellationToken cancellation = default)
        {
            Found++;
            flows.Resize(4, first.Width, first.Height, MotionCell);
            float way = second.SamplePlane(0)[0] - first.SamplePlane(0)[0];
            flows.Plane(0).Fill(-way / 2);
            flows.Plane(1).Clear();
            flows.Plane(2).Fill(way / 2);
            flows.Plane(3).Clear();
        }

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
            Begin(first, second, time, between, null, cancellation);

        public Action? Begin(
            PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, MotionBend? bend, CancellationToken cancellation = default)
        {
            double place = ((1 - time) * first.SamplePlane(0)[0]) + (time * second.SamplePlane(0)[0]);
            place += bend is { } bent ? 4 * time * (1 - time) * bent.Scale * bent.Field.Plane(0)[0] : 0;
            between.SamplePlane(0).Fill((float)place);
            return null;
        }
    }
}
