using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using CsCheck;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class FrameTimelineTests
{
    private static readonly Rational Milliseconds = new(1, 1000);
    private static readonly Rational Film = new(25, 1);

    [Theory]
    [InlineData(new long[] { 0, 40, 40, 80 }, new long[] { 0, 40, 60, 80 }, 1)]
    [InlineData(new long[] { 0, 40, 20, 80, 120 }, new long[] { 0, 40, 60, 80, 120 }, 1)]
    [InlineData(new long[] { 0, 0, 0, 0 }, new long[] { 0, 40, 80, 120 }, 3)]
    [InlineData(new long[] { 100, -1, -1, 220 }, new long[] { 100, 140, 180, 220 }, 2)]
    [InlineData(new long[] { -1, -1, 80 }, new long[] { 0, 40, 80 }, 1)]
    [InlineData(new long[] { 5000, 5040, 0, 40, 80 }, new long[] { 5000, 5040, 5080, 5120, 5160 }, 3)]
    [InlineData(new long[] { 0, 0, 0, 120, 120, 120, 240 }, new long[] { 0, 40, 80, 120, 160, 200, 240 }, 4)]
    [InlineData(new long[] { 0, 0, 0, 60, 60, 60 }, new long[] { 0, 20, 40, 60, 100, 140 }, 4)]
    [InlineData(new long[] { 0, 0, 80 }, new long[] { 0, 40, 80 }, 1)]
    [InlineData(new long[] { 0, 0, 0, 4000 }, new long[] { 0, 40, 80, 4000 }, 2)]
    [InlineData(new long[] { 0, 0, 0, 1, 2, 3, 80 }, new long[] { 0, 13, 26, 40, 53, 66, 80 }, 5)]
    public void Bad_times_are_mended(long[] given, long[] placed, long corrections)
    {
        FrameTimeline timeline = new(Milliseconds, Film);
        Assert.Equal(placed, Place(timeline, given.Select(time => time < 0 ? (long?)null : time)));
        Assert.Equal(corrections, timeline.Corrections);
    }

    [Fact]
    public void A_rate_that_is_not_stated_is_never_passed_on()
    {
        Assert.Equal(FrameTimeline.FallbackRate, FrameTimeline.RateOf(new(0, 0)));
        Assert.Equal(FrameTimeline.FallbackRate, FrameTimeline.RateOf(new(0, 1)));
        Assert.Equal(new Rational(24000, 1001), FrameTimeline.RateOf(new(24000, 1001)));
    }

    [Fact]
    public void Whatever_the_input_says_output_times_go_forward() =>
        Gen.Select(Gen.Long[-50, 400].Array[1, 60], Gen.Int[1, 90000], Gen.Int[1, 60], Gen.Int[0, 3]).Sample(item =>
        {
            Rational timeBase = new(1, item.Item2), rate = new(item.Item3, 1);
            TimingOptions options = item.Item4 == 0 ? new() { TargetRate = new(3 * item.Item3, 1) } : new() { Factor = 1 << item.Item4 };
            FrameTimeline timeline = new(timeBase, rate);
            long[] placed = Place(timeline, item.Item1.Select(time => time % 7 == 0 ? (long?)null : time));
            Assert.Equal(item.Item1.Length, placed.Length);
            FrameSchedule schedule = FrameSchedule.Create(timeBase, rate, placed[0], options);
            List<FrameSlot> slots = [];
            long? end = null;
            for (int i = 0; i < placed.Length; i++)
            {
                Assert.True(i == 0 || placed[i] > placed[i - 1]);
                if (i + 1 < placed.Length)
                {
                    schedule.Between(placed[i], placed[i + 1], slots);
                }
                else
                {
                    schedule.Last(placed[i], 0, slots);
                }

                foreach (FrameSlot slot in slots)
                {
                    Assert.InRange(slot.Way.ToDouble(), 0, 1 - 1e-9);
                    Assert.True(slot.Time.Duration > 0);
                    Assert.Equal(end ?? slot.Time.Timestamp, slot.Time.Timestamp);
                    end = slot.Time.Timestamp + slot.Time.Duration;
                }
            }

            Assert.NotNull(end);
        });

    [Fact]
    public void A_clock_that_begins_anew_holds_back_few_frames()
    {
        FrameTimeline timeline = new(Milliseconds, Film);
        List<long> placed = [];
        for (int i = 0; i < 100; i++)
        {
            timeline.Place((i * 40) + (i < 10 ? 5000 : 0), placed);
            Assert.InRange(placed.Count, i + 1 - FrameTimeline.MostWaiting, i + 1);
        }

        timeline.Finish(placed);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 5000L + (40 * i)), placed);
    }

    private static long[] Place(FrameTimeline timeline, IEnumerable<long?> given)
    {
        List<long> placed = [];
        foreach (long? time in given)
        {
            timeline.Place(time, placed);
        }

        timeline.Finish(placed);
        return [.. placed];
    }
}
