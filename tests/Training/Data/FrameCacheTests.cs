using AdaConv.Storage;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class FrameCacheTests : IDisposable
{
    private readonly TrainingClips _clips = new();

    [Fact]
    public unsafe void Frames_come_out_as_they_were_drawn()
    {
        _clips.Add("red.mkv", "color=c=black:size=160x160:rate=25,format=gbrp,geq=r=200+5*N:g=128+N:b=64", 5);
        using FrameCache cache = Open(framesPerClip: 4);
        CachedSequence clip = Assert.Single(cache.Sequences);
        Assert.Equal((160, 160, 4), (clip.Info.Width, clip.Info.Height, clip.Info.FrameCount));
        Assert.Equal([1, 1, 1], clip.Info.Differences);
        Assert.Equal((215, 131, 64), (clip.Plane(3, 0)[77], clip.Plane(3, 1)[77], clip.Plane(3, 2)[77]));
    }

    [Fact]
    public void A_second_opening_decodes_nothing_and_a_new_clip_only_itself()
    {
        _clips.AddMoving();
        Open().Dispose();
        var written = CacheFiles().Select(File.GetLastWriteTimeUtc).ToArray();
        List<string> lines = [];
        Open(lines.Add).Dispose();
        Assert.Empty(lines);
        Assert.Equal(written, CacheFiles().Select(File.GetLastWriteTimeUtc));

        _clips.AddMoving("another.mkv");
        Open(lines.Add).Dispose();
        Assert.StartsWith("another.mkv: 12 of 12 frames kept", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal(2, CacheFiles().Length);
    }

    [Fact]
    public void Sets_of_clips_share_a_cache_without_replacing_each_other()
    {
        _clips.AddMoving();
        Directory.CreateDirectory(_clips["others"]);
        File.Copy(_clips.Add("moving2.mkv", "testsrc2=size=320x192:rate=25,scroll=vertical=0.02", 9), Path.Combine(_clips["others"], "moving.mkv"));
        File.Delete(Path.Combine(_clips.Clips, "moving2.mkv"));
        using FrameCache first = Open();
        using FrameCache second = FrameCache.Open(new FootageConfiguration { Path = _clips["others"] }, _clips["cache"], 100, _ => { });
        Assert.Equal((12, 9), (first.Sequences[0].Info.FrameCount, second.Sequences[0].Info.FrameCount));
        List<string> lines = [];
        Open(lines.Add).Dispose();
        Assert.Empty(lines);
    }

    [Theory]
    [InlineData(".json")]
    [InlineData(".bin")]
    public void A_damaged_cache_is_made_anew(string file)
    {
        _clips.AddMoving();
        Open().Dispose();
        File.WriteAllText(Assert.Single(Directory.GetFiles(_clips["cache"]), path => path.EndsWith(file, StringComparison.Ordinal)), "{ not what was written");
        List<string> lines = [];
        using FrameCache cache = Open(lines.Add);
        Assert.Single(lines);
        Assert.Equal(12, cache.Sequences[0].Info.FrameCount);
    }

    [Fact]
    public unsafe void A_cache_that_is_cut_while_it_is_read_is_told_in_plain_words_and_made_anew()
    {
        _clips.AddMoving();
        using (FrameCache cache = Open())
        {
            string path = Assert.Single(Directory.GetFiles(_clips["cache"]), path => path.EndsWith(".bin", StringComparison.Ordinal));
            using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.SetLength(file.Length / 2);
            }

            // Reading there would end the process.
            var error = Assert.Throws<TrainingException>(() => { _ = cache.Sequences[0].Plane(11, 0)[0]; });
            Assert.Contains($"{path} was cut while it was read. The same command makes it anew", error.Message, StringComparison.Ordinal);
        }

        List<string> lines = [];
        using FrameCache again = Open(lines.Add);
        Assert.Single(lines);
        Assert.InRange((int)again.Sequences[0].Plane(11, 0)[0], 0, 255);
    }

    [Fact]
    public void Scenes_are_told_apart_and_what_stands_still_is_not_kept()
    {
        // 8 moving frames, a cut, 8 moving frames, then the last one again and again.
        _clips.Add("scenes.mkv",
            "testsrc2=size=160x160:rate=25,scroll=horizontal=0.03,negate=enable='gte(n,8)',trim=end_frame=16,tpad=stop=10:stop_mode=clone", 26);
        using FrameCache cache = Open();
        Assert.Equal([(0, 8), (8, 11)], cache.Sequences.Select(scene => (scene.Info.FirstFrame, scene.Info.FrameCount)));
        var item = Assert.Single(cache.Items);
        Assert.Equal((26, 19, 12), (item.FramesRead, item.FramesKept, item.Triplets));
        Assert.Equal((2, 10), (item.Cut, item.Still)); // a cut belongs to two triplets; wider strides keep three of the still frames
        Assert.Equal(19 * 3 * 160 * 160, new FileInfo(Assert.Single(CacheFiles())).Length);
    }

    [Fact]
    public unsafe void Kept_frames_are_the_right_ones()
    {
        // Ten equal frames come first; green then counts the frames.
        _clips.Add("late.mkv", "color=c=black:size=160x160:rate=25,format=gbrp,geq=r='10+max(N,9)*3':g='10+max(N,9)*3':b=0", 20);
        using FrameCache cache = Open();
        CachedSequence scene = Assert.Single(cache.Sequences);
        Assert.True(scene.Info.FirstFrame < 10);
        for (int frame = 0; frame < scene.Info.FrameCount; frame++)
        {
            Assert.Equal(10 + Math.Max(scene.Info.FirstFrame + frame, 9) * 3, scene.Plane(frame, 1)[99]);
        }
    }

    [Fact]
    public void Large_clips_are_scaled_down()
    {
        _clips.Add("large.mkv", "testsrc2=size=1280x720:rate=25,scroll=horizontal=0.01", 4);
        using FrameCache cache = Open();
        Assert.Equal((640, 360), (cache.Sequences[0].Info.Width, cache.Sequences[0].Info.Height));
        Assert.Equal(("1280x720", "large"), (cache.Items[0].SourceSize, cache.Items[0].ScaledBecause));
    }

    [Fact]
    public void Bad_clips_are_left_out_with_a_reason_each_time()
    {
        _clips.AddMoving();
        _clips.Add("short.mkv", "testsrc2=size=160x160:rate=25", 2);
        File.WriteAllText(Path.Combine(_clips.Clips, "text.mp4"), "no video");
        for (int time = 0; time < 2; time++)
        {
            List<string> lines = [];
            using FrameCache cache = Open(lines.Add);
            Assert.Equal("moving.mkv", Assert.Single(cache.Sequences).Info.Name);
            Assert.Contains("short.mkv: left out: short.mkv has 2 frames; a triplet needs 3.", lines);
            Assert.Contains(lines, line => line.StartsWith("text.mp4: left out:", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Footage_without_anything_usable_is_refused()
    {
        Assert.Contains("holds no clips", Refusal(_clips.Clips), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(_clips["nowhere"]), StringComparison.Ordinal);
        _clips.Add("still.mkv", "color=red:size=96x96:rate=25", 12);
        Assert.Contains("no usable triplet", Refusal(_clips.Clips), StringComparison.Ordinal);

        string Refusal(string folder) =>
            Assert.Throws<TrainingException>(() => FrameCache.Open(new FootageConfiguration { Path = folder }, _clips["cache"], 100, _ => { })).Message;
    }

    [Fact]
    public void A_full_disk_is_told_and_leaves_nothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        _clips.AddMoving();
        Open().Dispose();
        string data = Assert.Single(CacheFiles());
        File.Delete(data);
        using FullDevice full = FullDevice.At(PartialName.Of(data));
        string message = Assert.Throws<TrainingException>(() => Open()).Message;
        Assert.Contains($"Writing the cache {_clips["cache"]} failed", message, StringComparison.Ordinal);
        Assert.Contains("disk is full", message, StringComparison.Ordinal);
        Assert.Contains("--cache", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_clips["cache"]));
        Open().Dispose();
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_told()
    {
        _clips.AddMoving();
        File.WriteAllText(_clips["cache"], "a file where the folder should be");
        Assert.Contains("Writing the cache", Assert.Throws<TrainingException>(() => Open()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _clips.Dispose();

    private FrameCache Open(Action<string>? report = null, int framesPerClip = 100) =>
        FrameCache.Open(new FootageConfiguration { Path = _clips.Clips }, _clips["cache"], framesPerClip, report ?? (_ => { }));

    private string[] CacheFiles() => [.. Directory.GetFiles(_clips["cache"], "*.bin").Order(StringComparer.Ordinal)];
}
