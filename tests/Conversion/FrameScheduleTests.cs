using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class FrameScheduleTests
{
    private static readonly Rational Milliseconds = new(1, 1000);

    [Fact]
    public void Doubled_originals_keep_their_times_and_new_frames_stand_in_the_middle()
    {
        MultipliedSchedule schedule = new(Milliseconds, new(25, 1), factor: 2, slow: false);
        Assert.Equal(new Rational(1, 2000), schedule.TimeBase);
        Assert.Equal(new Rational(50, 1), schedule.Rate);
        Assert.Equal([At(0, 1, 80, 40), At(1, 2, 120, 40)], Between(schedule, 40, 80));
        Assert.Equal([At(0, 1, 160, 53), At(1, 2, 213, 53)], Between(schedule, 80, 133));
        Assert.Equal([At(0, 1, 266, 20), At(0, 1, 286, 20)], Last(schedule, 133, 20));
        Assert.Equal([At(0, 1, 266, 40), At(0, 1, 306, 40)], Last(schedule, 133, 0));
    }

    [Fact]
    public void Four_and_eight_times_the_rate_divide_each_interval_evenly()
    {
        MultipliedSchedule four = new(Milliseconds, new(25, 1), factor: 4, slow: false);
        Assert.Equal(new Rational(100, 1), four.Rate);
        Assert.Equal([At(0, 1, 160, 41), At(1, 4, 201, 41), At(1, 2, 242, 41), At(3, 4, 283, 41)], Between(four, 40, 81));
        MultipliedSchedule eight = new(Milliseconds, new(24000, 1001), factor: 8, slow: false);
        Assert.Equal(new Rational(192000, 1001), eight.Rate);
        Assert.Equal([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875], Between(eight, 0, 42).Select(slot => slot.Way.ToDouble()));
    }

    [Fact]
    public void Slow_motion_has_the_same_frames_at_the_old_rate()
    {
        MultipliedSchedule schedule = new(Milliseconds, new(25, 1), factor: 4, slow: true);
        Assert.Equal(Milliseconds, schedule.TimeBase);
        Assert.Equal(new Rational(25, 1), schedule.Rate);
        Assert.Equal([At(0, 1, 160, 40), At(1, 4, 200, 40), At(1, 2, 240, 40), At(3, 4, 280, 40)], Between(schedule, 40, 80));
    }

    [Fact]
    public void Film_at_60_has_its_frames_at_fifths_of_the_way()
    {
        ConstantRateSchedule schedule = new(new(1, 24), new(24, 1), new(60, 1), firstTick: 0);
        Assert.Equal(new Rational(1, 60), schedule.TimeBase);

        Assert.Equal([At(0, 1, 0, 1), At(2, 5, 1, 1), At(4, 5, 2, 1)], Between(schedule, 0, 1));
        Assert.Equal([At(1, 5, 3, 1), At(3, 5, 4, 1)], Between(schedule, 1, 2));

        // The clip ends in the middle of frame 7.
        Assert.Equal([At(0, 1, 5, 1), At(0, 1, 6, 1), At(0, 1, 7, 1)], Last(schedule, 2, 1));
    }

    [Fact]
    public void A_timestamp_far_in_the_future_makes_one_long_frame_and_the_rate_goes_on_behind_it()
    {
        ConstantRateSchedule schedule = new(Milliseconds, new(25, 1), new(50, 1), firstTick: 0);
        Assert.Equal([At(0, 1, 0, 1), At(1, 2, 1, 1)], Between(schedule, 0, 40));

        Assert.Equal([At(0, 1, 2, 499_999_998)], Between(schedule, 40, 10_000_000_000));

        Assert.Equal([At(0, 1, 500_000_000, 1), At(1, 2, 500_000_001, 1)], Between(schedule, 10_000_000_000, 10_000_000_040));
        Assert.Equal([At(0, 1, 500_000_002, 500_000_000)], Last(schedule, 10_000_000_040, 10_000_000_000));
        Assert.Equal(2, schedule.LongGaps);
    }

    [Theory]
    [InlineData(24, 1, 60, 1)]
    [InlineData(25, 1, 60, 1)]
    [InlineData(24000, 1001, 60000, 1001)]
    [InlineData(24000, 1001, 60, 1)]
    [InlineData(30000, 1001, 30, 1)]
    [InlineData(15, 1, 144, 1)]
    [InlineData(50, 1, 50, 1)]
    public void Every_frame_stands_at_its_exact_place_and_none_is_left_out(int from, int over, int to, int below)
    {
        Rational input = new(from, over), rate = new(to, below);
        const long start = 5;
        ConstantRateSchedule schedule = new(input.Inverse, input, rate, start);
        long count = 0;
        const long frames = 2000;
        for (long i = 0; i < frames; i++)
        {
            FrameSlot[] slots = Between(schedule, start + i, start + i + 1);
            foreach (FrameSlot slot in slots)
            {
                double time = slot.Time.Timestamp * schedule.TimeBase.ToDouble() * input.ToDouble();
                Assert.InRange(slot.Way.ToDouble(), 0, 1 - 1e-9);
                Assert.Equal(start + i + slot.Way.ToDouble(), time, 1e-9);
                Assert.Equal(start + (count++ * input.ToDouble() / rate.ToDouble()), time, 1e-6);
            }
        }

        count += Last(schedule, start + frames, 1).Length;
        Assert.Equal(schedule.Expected(frames + 1), count);
    }

    /// <remarks>The flash of a 2-hour film stands 1 s before its end; the new frames' times are compared as fractions, not measured.</remarks>
    [Theory]
    [InlineData(24000, 1001, 1, 16000)]
    [InlineData(24000, 1001, 1, 1000)]
    [InlineData(25, 1, 1, 90000)]
    [InlineData(30000, 1001, 1001, 30000)]
    public void Two_hours_do_not_drift(int numerator, int denominator, int unit, int units)
    {
        Rational rate = new(numerator, denominator), timeBase = new(unit, units);
        long frames = Rational.Rescale(7200, new(1, 1), rate.Inverse), flash = frames - (numerator / denominator);
        FrameSchedule[] schedules =
        [
            FrameSchedule.Create(timeBase, rate, 0, new()),
            FrameSchedule.Create(timeBase, rate, 0, new() { Factor = 8 }),
            FrameSchedule.Create(timeBase, rate, 0, new() { TargetRate = new(60000, 1001) }),
            FrameSchedule.Create(timeBase, rate, 0, new() { VariableRate = VariableRate.Constant }),
        ];
        double expected = (double)flash * denominator / numerator;
        foreach (FrameSchedule schedule in schedules)
        {
            long TickOf(long frame) => Rational.Rescale(frame, rate.Inverse, timeBase);
            double? shown = null;
            List<FrameSlot> slots = [];
            for (long i = 0; i < frames; i++)
            {
                schedule.Between(TickOf(i), TickOf(i + 1), slots);
                if (i == flash)
                {
                    // Where the grid has no frame at that very time, the picture's place tells.
                    FrameSlot slot = slots[0];
                    shown = (slot.Time.Timestamp * schedule.TimeBase.ToDouble()) - (slot.Way.ToDouble() / rate.ToDouble());
                }
            }

            Assert.Equal(expected, shown!.Value, 0.0006);
        }
    }

    private static FrameSlot At(long numerator, long denominator, long timestamp, long duration) => new(new(numerator, denominator), new(timestamp, duration));

    private static FrameSlot[] Between(FrameSchedule schedule, long tick, long next)
    {
        List<FrameSlot> slots = [];
        schedule.Between(tick, next, slots);
        return [.. slots];
    }

    private static FrameSlot[] Last(FrameSchedule schedule, long tick, long duration)
    {
        List<FrameSlot> slots = [];
        schedule.Last(tick, duration, slots);
        return [.. slots];
    }
}
