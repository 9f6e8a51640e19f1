using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class FootageSourceTests
{
    private const int Patch = 64;

    [Fact]
    public void Cuts_are_left_out()
    {
        using var clips = new TrainingClips();
        clips.Add("cut.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.01,negate=enable='gte(n,6)'", 12);
        Assert.Equal(10 - 2, Count(clips, Patch, 1));
    }

    [Fact]
    public void Clips_smaller_than_the_patches_are_refused()
    {
        using var clips = new TrainingClips();
        clips.Add("small.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.02", 12);
        Assert.Equal(10, Count(clips, Patch, 1));
        Assert.Contains("128 pixels", Assert.Throws<TrainingException>(() => Count(clips, 128, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wider_strides_give_more_triplets()
    {
        using var clips = new TrainingClips();
        clips.AddMoving(frames: 12);
        Assert.Equal(10, Count(clips, Patch, 1));
        Assert.Equal(10 + 8, Count(clips, Patch, 2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void Frames_at_other_times_are_those_of_their_time(int longest)
    {
        // Brightness rises evenly: how far it has come is the time.
        const int seed = 4;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using var clips = new TrainingClips();
        clips.Add("ramp.mkv", "color=black:size=96x96:rate=25,format=gbrp,geq=r='20+N*8+X/2':g='20+N*8+Y/2':b='20+N*8'", 12);
        using var source = new FootageSource(Open(clips), Patch, 1, longest);
        byte[] planes = new byte[9 * Patch * Patch];
        HashSet<double> times = [];
        Random random = new(seed);
        for (int sample = 0; sample < 200; sample++)
        {
            double time = source.Fill(random, Patch, planes, random);
            double first = planes[0], second = planes[3 * Patch * Patch], between = planes[6 * Patch * Patch];
            Assert.Equal((between - first) / (second - first), time, 1e-9);
            times.Add(time);
        }

        double[] possible = [.. Enumerable.Range(3, longest - 2).SelectMany(n => Enumerable.Range(1, n - 1).Select(k => (double)k / n)).Distinct()];
        Assert.Equal(possible.Order(), times.Order());
        Assert.Equal(0.5, source.Fill(random, Patch, planes));
    }

    [Fact]
    public void Clips_without_four_even_frames_have_no_other_times()
    {
        using var clips = new TrainingClips();
        clips.AddMoving(frames: 3);
        Assert.Contains(
            "other times", Assert.Throws<TrainingException>(() => new FootageSource(Open(clips), Patch, 1, 8)).Message, StringComparison.Ordinal);
    }

    private static FrameCache Open(TrainingClips clips) =>
        FrameCache.Open(new FootageConfiguration { Path = clips.Clips }, clips["cache"], 100, _ => { });

    private static long? Count(TrainingClips clips, int size, int maximumStride)
    {
        using var source = new FootageSource(Open(clips), size, maximumStride);
        return source.Count;
    }
}
