using System.Diagnostics;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>Long conversions that are killed and begun again, by the real command line.</summary>
public sealed class ResumeTests : IDisposable
{
    // x264's macroblock tree reads memory that it never wrote, so that with it not even two unbroken runs are alike.
    private static readonly string[] Exact = ["--method", "average", "--segment-length", "1", "--encoder-option", "x264-params=mbtree=0"];
    private const string Store = ".out.mkv.segments";
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-c:v libx264 -preset ultrafast -bf 3 -x264-params open-gop=1:keyint=30:b-adapt=0", "libx264")]
    [InlineData("-vf select='not(eq(mod(n\\,7)\\,3))' -fps_mode vfr -c:v mpeg4 -bf 2", "ffv1")]
    public async Task A_killed_run_goes_on_and_ends_with_the_frames_and_packets_of_an_unbroken_one(string coding, string encoder)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=192x144:rate=25 -f lavfi -i sine -t 10 -c:a libvorbis {coding} {_folder["in.mkv"]}");
        string[] settings = [.. encoder == "ffv1" ? Exact[..4] : Exact, "--encoder", encoder];
        var unbroken = await ProcessRun.OfFilter(["convert", "in.mkv", "unbroken.mkv", .. settings], _folder.Path);
        Assert.True(unbroken.ExitCode == 0, unbroken.Error);
        Assert.Contains("Finished segments are kept in", unbroken.Error, StringComparison.Ordinal);

        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        Random random = new(seed);
        int kept = await KillAt(random.Next(1, 4), settings);
        kept = await KillAt(kept + random.Next(1, 3), settings);
        var last = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", .. settings], _folder.Path);

        Assert.True(last.ExitCode == 0, last.Error);
        Assert.Contains($"Resuming after {kept} finished segment", last.Error, StringComparison.Ordinal);
        Assert.Equal(FrameHashes.OfVideo(_folder["unbroken.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
        Assert.Equal(FrameHashes.OfPackets(_folder["unbroken.mkv"], "0"), FrameHashes.OfPackets(_folder["out.mkv"], "0"));
        Assert.Equal(FrameHashes.OfPackets(_folder["in.mkv"], "0:a"), FrameHashes.OfPackets(_folder["out.mkv"], "0:a"));
        Assert.Equal(VideoTimes.Of(_folder["unbroken.mkv"]).Frames, VideoTimes.Of(_folder["out.mkv"]).Frames);
        Assert.Equal(["in.mkv", "out.mkv", "unbroken.mkv"], _folder.Names);
    }

    [Fact]
    public async Task Parts_of_other_settings_are_thrown_away_and_damaged_ones_made_anew()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=192x144:rate=25 -t 8 -c:v ffv1 {_folder["in.mkv"]}");
        string[] settings = [.. Exact[..4], "--encoder", "ffv1"];
        int kept = await KillAt(3, settings);
        string damaged = _folder[$"{Store}/00001.segment"];
        byte[] bytes = File.ReadAllBytes(damaged);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(damaged, bytes);

        var mended = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", .. settings], _folder.Path);

        Assert.True(mended.ExitCode == 0, mended.Error);
        Assert.Contains("Resuming after 1 finished segment (", mended.Error, StringComparison.Ordinal);

        File.Delete(_folder["out.mkv"]);
        await KillAt(1, settings);
        var other = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", .. settings, "--scene-cut", "off"], _folder.Path);

        Assert.True(kept >= 3);
        Assert.True(other.ExitCode == 0, other.Error);
        Assert.Contains("the settings or the program have changed", other.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Resuming", other.Error, StringComparison.Ordinal);
        Assert.Equal(["in.mkv", "out.mkv"], _folder.Names);
    }

    [Fact]
    public async Task Threads_queues_and_another_segment_length_keep_what_is_finished()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=192x144:rate=25 -t 8 -c:v ffv1 {_folder["in.mkv"]}");
        string[] settings = ["--method", "average", "--encoder", "ffv1"];
        var unbroken = await ProcessRun.OfFilter(["convert", "in.mkv", "unbroken.mkv", .. settings], _folder.Path);
        int kept = await KillAt(2, [.. settings, "--segment-length", "1"]);

        var last = await ProcessRun.OfFilter(
            ["convert", "in.mkv", "out.mkv", .. settings, "--segment-length", "60", "--threads", "1", "--queue-length", "2"], _folder.Path);

        Assert.True(last.ExitCode == 0, last.Error);
        Assert.True(unbroken.ExitCode == 0, unbroken.Error);
        Assert.Contains($"Resuming after {kept} finished segment", last.Error, StringComparison.Ordinal);
        Assert.Equal(FrameHashes.OfVideo(_folder["unbroken.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
        Assert.Equal(["in.mkv", "out.mkv", "unbroken.mkv"], _folder.Names);
    }

    [Fact]
    public async Task Two_at_work_on_one_output_do_not_mix_and_a_short_video_needs_no_parts()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 4 -c:v ffv1 {_folder["in.mkv"]}");
        Directory.CreateDirectory(_folder[Store]);
        using (new FileStream(_folder[$"{Store}/lock"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            var second = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", .. Exact[..4]], _folder.Path);

            Assert.Equal(1, second.ExitCode);
            Assert.Contains("If another framefilter is writing this output, wait for it.", second.Error, StringComparison.Ordinal);
        }

        Directory.Delete(_folder[Store], recursive: true);
        var whole = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", "--method", "average"], _folder.Path);

        Assert.Equal(0, whole.ExitCode);
        Assert.DoesNotContain("Finished segments", whole.Error, StringComparison.Ordinal);
    }

    // SIGKILL as soon as so many segments stand; returns how many then do.
    private async Task<int> KillAt(int segments, string[] settings)
    {
        using Process process = ProcessRun.StartFilter(["convert", "in.mkv", "out.mkv", .. settings], _folder.Path);
        long begin = Stopwatch.GetTimestamp();
        while (Count() < segments)
        {
            Assert.False(process.HasExited, "The run ended before it could be killed.");
            Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromMinutes(1));
            await Task.Delay(2);
        }

        process.Kill();
        await process.WaitForExitAsync();
        Assert.False(File.Exists(_folder["out.mkv"]));
        return Count();
    }

    private int Count() => Directory.Exists(_folder[Store]) ? Directory.GetFiles(_folder[Store], "*.segment").Length : 0;
}
