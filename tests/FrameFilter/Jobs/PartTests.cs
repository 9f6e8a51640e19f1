using AdaConv.Conversion.Options;
using AdaConv.Conversion.Timing;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>Parts of a video, made one by one in any order: their join is what one run makes.</summary>
public sealed class PartTests : IDisposable
{
    private const string Sound = "-f lavfi -i sine -map 0 -map 1 -c:a aac";
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "open groups of pictures", "in.mkv", "libx264 -preset ultrafast -bf 3 -x264-params open-gop=1:keyint=30:b-adapt=0", "libx264", "out.mkv", "", true)]
    [InlineData("a variable rate", "in.mp4", "mpeg4 -g 12 -bf 2 -vf select='not(eq(mod(n\\,7)\\,3))' -fps_mode vfr", "ffv1", "out.mkv", "", true)]
    [InlineData("a constant rate", "in.mp4", "libx264 -preset ultrafast -g 25", "ffv1", "out.mkv", "fps", true)]
    [InlineData("slow motion", "in.mkv", "libx264 -preset ultrafast -g 20", "ffv1", "out.mkv", "slow", true)]
    [InlineData("a container of one rate", "in.mp4", "libx264 -preset ultrafast -g 20", "mpeg4", "out.avi", "", true)]
    [InlineData("one key frame", "in.mkv", "libx264 -preset ultrafast -g 1000 -sc_threshold 0", "ffv1", "out.mkv", "", false)]
    [InlineData("key frames that are none", "in.mkv", "libx264 -preset ultrafast -x264-params intra-refresh=1:keyint=40", "ffv1", "out.mkv", "", false)]
    [InlineData("a clock that may jump", "in.ts", "libx264 -preset ultrafast -g 20", "ffv1", "out.mkv", "", false)]
    [InlineData("animation", "in.mkv", "libx264 -preset ultrafast -g 20 -vf fps=12,fps=25", "ffv1", "out.mkv", "retime", false)]
    public void Parts_made_apart_give_the_frames_packets_and_times_of_one_run(
        string kind, string input, string coding, string encoder, string output, string timing, bool isSought)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 {Sound} -t 7 -c:v {coding} {_folder[input]}");
        FilterOptions options = TestJob.Options(encoder, conversion => timing switch
        {
            "fps" => conversion with { Timing = conversion.Timing with { TargetRate = new Rational(60, 1) } },
            "slow" => conversion with { Timing = conversion.Timing with { SlowMotion = 2 } },
            "retime" => conversion with { Duplicates = DuplicateHandling.Retime },
            _ => conversion,
        });
        TestJob.Convert(_folder[input], _folder["one-" + output], options);

        TestJob job = new(_folder, input, output, options, parts: 4);
        List<string> messages = [];
        PartRecord[] parts = [.. Enumerable.Range(0, job.Folder.Plan.Parts).Reverse().Select(part => job.Work(part, messages)!)];
        JoinReport report = job.Join();

        Assert.True(parts.Length >= 3, kind);
        Assert.True(report is { Joined: 1, Problems: [], Missing: [] }, string.Join('\n', report.Problems));
        TestJob.AssertSame(_folder["one-" + output], _folder[output]);
        int sought = parts.Count(part => part.Video!.IsSought);
        Assert.True(isSought ? sought == parts.Length - 1 : sought < parts.Length - 1, $"{sought} of {parts.Length}");
        Assert.Equal(
            kind is "one key frame" or "key frames that are none",
            messages.Exists(text => text.StartsWith("Decoding from the beginning", StringComparison.Ordinal)));
    }

    [Fact]
    public void Scenes_are_cut_in_parts_where_one_run_cuts_them_and_chapters_stay()
    {
        string chapters = _folder.Write("chapters.txt", ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=1\nEND=5\ntitle=one\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=160x96:rate=25:duration=8 -f lavfi -i mandelbrot=size=160x96:rate=25 -i {chapters} -filter_complex "
            + $"'[0][1]overlay=enable=lt(mod(t\\,1.32)\\,0.66)' -t 8 -c:v libx264 -preset ultrafast -g 15 -sc_threshold 0 {_folder["in.mkv"]}");
        FilterOptions options = TestJob.Options("ffv1");
        TestJob.Convert(_folder["in.mkv"], _folder["one.mkv"], options);

        TestJob job = new(_folder, "in.mkv", "out.mkv", options, parts: 8);
        PartRecord[] parts = [.. Enumerable.Range(0, job.Folder.Plan.Parts).Select(part => job.Work(part)!)];
        job.Join();

        Assert.Equal(8, parts.Length);
        Assert.True(parts.Sum(part => part.Counts.Cuts) >= 10, $"{parts.Sum(part => part.Counts.Cuts)} cuts");
        Assert.Contains(parts, part => part.Video!.IsSought);
        TestJob.AssertSame(_folder["one.mkv"], _folder["out.mkv"]);
        string[] probed = [.. new[] { "one.mkv", "out.mkv" }.Select(name => FfmpegCommand.Probe(_folder[name], "-show_chapters").GetRawText())];
        Assert.Contains("\"one\"", probed[0], StringComparison.Ordinal);
        Assert.Equal(probed[0], probed[1]);
    }
}
