using AdaConv.FrameFilter.Media;
using AdaConv.FrameFilter.Pipeline;
using CsCheck;
using Xunit;

namespace AdaConv.FrameFilter.Tests.Pipeline;

public class FrameTimelineTests
{
    private static readonly Rational Milliseconds = new(1, 1000);
    private static readonly Rational Film = new(25, 1);

    [Fact]
    public void Regular_frames_keep_their_times_and_new_ones_stand_in_the_middle()
    {
        FrameTimeline timeline = new(Milliseconds, Film);
        long a = timeline.Place(40), b = timeline.Place(80), c = timeline.Place(133);
        Assert.Equal(new Rational(1, 2000), timeline.OutputTimeBase);
        Assert.Equal(new Rational(50, 1), timeline.OutputRate);
        Assert.Equal(new FrameTime(80, 40), FrameTimeline.Original(a, b));
        Assert.Equal(new FrameTime(120, 40), FrameTimeline.Between(a, b));
        Assert.Equal(new FrameTime(160, 53), FrameTimeline.Original(b, c));
        Assert.Equal(new FrameTime(213, 53), FrameTimeline.Between(b, c));
        Assert.Equal(0, timeline.Corrections);
    }

    [Theory]
    [InlineData(20, 266, 286, 20)]
    [InlineData(0, 266, 306, 40)]
    public void The_last_frame_and_its_repetition_share_its_time(long duration, long first, long second, long length)
    {
        FrameTimeline timeline = new(Milliseconds, Film);
        (FrameTime original, FrameTime repeated) = timeline.Last(timeline.Place(133), duration);
        Assert.Equal(new FrameTime(first, length), original);
        Assert.Equal(new FrameTime(second, length), repeated);
    }

    [Theory]
    [InlineData(new long[] { 0, 40, 40, 80 }, new long[] { 0, 40, 60, 80 }, 1)]
    [InlineData(new long[] { 0, 40, 20, 80, 120 }, new long[] { 0, 40, 60, 80, 120 }, 1)]
    [InlineData(new long[] { 0, 0, 0, 0 }, new long[] { 0, 20, 60, 100 }, 3)]
    [InlineData(new long[] { 100, -1, -1, 220 }, new long[] { 100, 140, 180, 220 }, 2)]
    [InlineData(new long[] { -1, -1, 80 }, new long[] { 0, 40, 80 }, 1)]
    [InlineData(new long[] { 5000, 5040, 0, 40, 80 }, new long[] { 5000, 5040, 5060, 5100, 5140 }, 3)]
    public void Bad_times_are_mended(long[] given, long[] placed, long corrections)
    {
        FrameTimeline timeline = new(Milliseconds, Film);
        Assert.Equal(placed, given.Select(time => timeline.Place(time < 0 ? null : time)));
        Assert.Equal(corrections, timeline.Corrections);
    }

    [Fact]
    public void Whatever_the_input_says_output_times_go_forward() =>
        Gen.Select(Gen.Long[-50, 400].Array[1, 60], Gen.Int[1, 90000], Gen.Int[0, 60]).Sample(item =>
        {
            FrameTimeline timeline = new(new(1, item.Item2), new(item.Item3, 1));
            long last = long.MinValue;
            long? previous = null;
            foreach (long time in item.Item1)
            {
                long placed = timeline.Place(time % 7 == 0 ? null : time);
                if (previous is { } before)
                {
                    FrameTime original = FrameTimeline.Original(before, placed), between = FrameTimeline.Between(before, placed);
                    Assert.True(original.Timestamp > last && between.Timestamp > original.Timestamp);
                    Assert.True(original.Duration > 0 && between.Duration > 0);
                    Assert.Equal(between.Timestamp, original.Timestamp + original.Duration);
                    last = between.Timestamp;
                }

                previous = placed;
            }
        });
}
