using AdaConv.Training.Data;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class FrameCacheTests
{
    [Fact]
    public unsafe void Frames_come_out_as_they_were_drawn()
    {
        using var clips = new TrainingClips();
        clips.Add("red.mkv", "color=c=black:size=160x160:rate=25,format=gbrp,geq=r=255:g=128:b=64", 5);
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 4, _ => { });
        CachedClip clip = Assert.Single(cache.Clips);
        Assert.Equal((160, 160, 4), (clip.Width, clip.Height, clip.FrameCount));
        Assert.Equal([0, 0, 0], clip.Differences);
        Assert.Equal((0xFF, 0x80, 0x40), (cache.Plane(clip, 3, 0)[77], cache.Plane(clip, 3, 1)[77], cache.Plane(clip, 3, 2)[77]));
    }

    [Fact]
    public void A_second_opening_decodes_nothing()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { }).Dispose();
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(clips["cache"], "frames.bin"));
        List<string> lines = [];
        FrameCache.Open(clips.Clips, clips["cache"], 100, lines.Add).Dispose();
        Assert.Empty(lines);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(clips["cache"], "frames.bin")));

        clips.AddMoving("another.mkv");
        FrameCache.Open(clips.Clips, clips["cache"], 100, lines.Add).Dispose();
        Assert.Equal(2, lines.Count);
    }

    [Theory]
    [InlineData("index.json")]
    [InlineData("frames.bin")]
    public void A_damaged_cache_is_made_anew(string file)
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { }).Dispose();
        File.WriteAllText(Path.Combine(clips["cache"], file), "{ not what was written");
        List<string> lines = [];
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, lines.Add);
        Assert.Single(lines);
        Assert.Equal(12, cache.Clips[0].FrameCount);
    }

    [Fact]
    public void Bad_clips_are_left_out_with_a_reason()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        clips.Add("short.mkv", "testsrc2=size=160x160:rate=25", 2);
        File.WriteAllText(Path.Combine(clips.Clips, "text.mp4"), "no video");
        List<string> lines = [];
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, lines.Add);
        Assert.Equal("moving.mkv", Assert.Single(cache.Clips).Name);
        Assert.Contains(lines, line => line.StartsWith("short.mkv: left out.", StringComparison.Ordinal) && line.Contains("fewer than 3 frames", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("text.mp4: left out.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_clips_is_refused()
    {
        using var clips = new TrainingClips();
        Assert.Contains("holds no clips", Refusal(clips.Clips), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(clips["nowhere"]), StringComparison.Ordinal);

        string Refusal(string folder) => Assert.Throws<TrainingException>(() => FrameCache.Open(folder, clips["cache"], 100, _ => { })).Message;
    }
}
