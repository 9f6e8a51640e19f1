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

    private static long? Count(TrainingClips clips, int size, int maximumStride)
    {
        using var source =
            new FootageSource(FrameCache.Open(new FootageConfiguration { Path = clips.Clips }, clips["cache"], 100, _ => { }), size, maximumStride);
        return source.Count;
    }
}
