using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class TripletSamplerTests
{
    private const int Patch = 64, Frame = 3 * Patch * Patch;

    [Fact]
    public void A_batch_depends_on_seed_and_step_alone()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        float[] first = Batch(clips, seed: 5, step: 7), again = Batch(clips, seed: 5, step: 7);
        Assert.Equal(first, again);
        Assert.NotEqual(first, Batch(clips, seed: 5, step: 8));
        Assert.NotEqual(first, Batch(clips, seed: 6, step: 7));
    }

    [Fact]
    public void Samples_hold_three_frames_in_the_documented_order()
    {
        // Brightness rises by the same step each frame: the middle frame is the mean of the other two everywhere.
        using var clips = new TrainingClips();
        clips.Add("ramp.mkv", "color=black:size=96x96:rate=25,format=gbrp,geq=r='40+N*8+X/2':g='40+N*8+Y/2':b='40+N*8'", 12);
        float[] batch = Batch(clips, seed: 1, step: 0);
        for (int sample = 0; sample < 4; sample++)
        {
            Span<float> triplet = batch.AsSpan(sample * 3 * Frame, 3 * Frame);
            for (int i = 0; i < Frame; i += 37)
            {
                Assert.Equal((triplet[i] + triplet[Frame + i]) / 2, triplet[2 * Frame + i], 1e-5f);
                Assert.Equal(16f / 255, Math.Abs(triplet[i] - triplet[Frame + i]), 1e-5f);
            }
        }
    }

    [Fact]
    public void Sources_are_mixed_by_their_shares()
    {
        using var sampler = new TripletSampler([(new EvenSource(50), 4), (new EvenSource(200), 1)], AugmentationConfiguration.None, 32, seed: 9);
        float[] sample = new float[9 * 32 * 32];
        bool[] second = [.. Enumerable.Range(0, 4000).Select(Second)];
        Assert.InRange(second.Count(taken => taken), 700, 900); // 800 expected; four standard deviations are 101
        Assert.Equal(second[17..40], Enumerable.Range(17, 23).Select(Second)); // whatever came before

        bool Second(int i)
        {
            sampler.FillSample(i / 16, i % 16, sample);
            return sample[0] > 0.5f;
        }
    }

    [Fact]
    public void What_is_drawn_anew_is_drawn_at_the_patches_size()
    {
        var drawn = new EvenSource(50);
        using var sampler = new TripletSampler([(drawn, 1)], AugmentationConfiguration.None with { ScaleDown = 2 }, 32, seed: 9);
        sampler.Fill(0, 8, new float[8 * 9 * 32 * 32], new float[8]);
        Assert.Equal([32], drawn.Sizes);
    }

    [Fact]
    public void The_time_of_a_sample_turns_round_where_its_frames_change_places()
    {
        using var swapping =
            new TripletSampler([(new EvenSource(50) { Time = 0.25 }, 1)], AugmentationConfiguration.None with { SwapFrames = true }, 32, seed: 9);
        float[] times = new float[64];
        swapping.Fill(0, 64, new float[64 * 9 * 32 * 32], times);
        Assert.Equal([0.25f, 0.75f], times.Distinct().Order());
        using var plain = new TripletSampler([(new EvenSource(50) { Time = 0.25 }, 1)], AugmentationConfiguration.None, 32, seed: 9);
        plain.Fill(0, 64, new float[64 * 9 * 32 * 32], times);
        Assert.Equal([0.25f], times.Distinct());
    }

    [Fact]
    public void Samples_at_other_times_leave_all_others_as_they_were()
    {
        using var clips = new TrainingClips();
        clips.Add("slow.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.02", 16);
        TestPhotos.Write(Path.Combine(clips["photos"], "a.png"), 480, 320, seed: 1);
        const int count = 48;
        float[] plain = new float[count * 3 * Frame], mixed = new float[count * 3 * Frame], plainTimes = new float[count], times = new float[count];
        Fill(0, plain, plainTimes);
        Fill(0.5, mixed, times);
        Assert.All(plainTimes, time => Assert.Equal(0.5f, time));
        int others = 0;
        for (int i = 0; i < count; i++)
        {
            bool isSame = plain.AsSpan(i * 3 * Frame, 3 * Frame).SequenceEqual(mixed.AsSpan(i * 3 * Frame, 3 * Frame));
            Assert.True(isSame || times[i] != 0.5f, $"sample {i}");
            others += isSame ? 0 : 1;
        }

        Assert.InRange(others, 12, 36); // 24 expected; four standard deviations are 14

        void Fill(double share, float[] output, float[] when)
        {
            SamplingOptions options = new(Patch, 5, new()) { OtherTimes = share, LongestSpan = 5 };
            using TripletSampler sampler = TripletSampler.Open(
                [new FootageConfiguration { Path = clips.Clips }, new SyntheticConfiguration { Path = clips["photos"] }], options, clips["cache"], _ => { });
            sampler.Fill(3, count, output, when);
        }
    }

    [Fact]
    public void A_sample_is_the_same_alone_and_in_its_batch()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        using TripletSampler sampler = Open(clips, seed: 5, new());
        float[] batch = new float[4 * 3 * Frame], alone = new float[3 * Frame];
        sampler.Fill(3, 4, batch, new float[4]);
        sampler.FillSample(3, 2, alone);
        Assert.Equal(batch[(2 * 3 * Frame)..(3 * 3 * Frame)], alone);
    }

    [Fact]
    public void Scaled_down_patches_come_from_larger_crops()
    {
        // A ramp over 96 columns: half as many columns make it rise faster.
        using var clips = new TrainingClips();
        clips.Add("ramp.mkv", "color=black:size=128x128:rate=25,format=gbrp,geq=r='X+N*4':g='X+N*4':b='X+N*4'", 12);
        using TripletSampler sampler = Open(clips, seed: 2, AugmentationConfiguration.None with { ScaleDown = 2 });
        float[] batch = new float[16 * 3 * Frame];
        sampler.Fill(0, 16, batch, new float[16]);
        double[] slopes = [.. Enumerable.Range(0, 16).Select(i => (batch[i * 3 * Frame + 40] - batch[i * 3 * Frame + 20]) * 255 / 20.0)];
        Assert.All(slopes, slope => Assert.InRange(slope, 0.95, 2.05));
        Assert.InRange(slopes.Max() - slopes.Min(), 0.3, 1.1);
    }

    private static TripletSampler Open(TrainingClips clips, int seed, AugmentationConfiguration augmentation) =>
        TripletSampler.Open([new FootageConfiguration { Path = clips.Clips }], new SamplingOptions(Patch, seed, augmentation), clips["cache"], _ => { });

    private static float[] Batch(TrainingClips clips, int seed, long step)
    {
        using TripletSampler sampler = Open(clips, seed, new());
        float[] batch = new float[4 * 3 * Frame];
        sampler.Fill(step, 4, batch, new float[4]);
        return batch;
    }

    private sealed class EvenSource(byte value) : ITripletSource
    {
        public string Description => "one colour";

        public long? Count => null;

        public HashSet<int> Sizes { get; } = [];

        public double Time { get; init; } = 0.5;

        public double Fill(Random random, int size, Span<byte> planes, Random? moment = null)
        {
            Sizes.Add(size);
            planes.Fill(value);
            return Time;
        }

        public void Dispose()
        {
        }
    }
}
