using System.Diagnostics;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Batch;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>The watching service, by the real command line.</summary>
public sealed class WatchCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public WatchCommandTests()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -t 1 -c:v ffv1 {_folder["clip.mkv"]}");
        Directory.CreateDirectory(_folder["in"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_watch_on_a_folder_is_refused_in_plain_words()
    {
        using ClipFolder folder = new();
        Directory.CreateDirectory(folder["in"]);
        using BatchLog held = BatchLog.Open(Directory.CreateDirectory(folder["out"]).FullName, write: true);

        ProcessRun run = await ProcessRun.OfFilter(["watch", "in", "out"], folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("framefilter: error: ", run.Error.Split('\n')[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_converted_when_they_are_complete_and_a_restart_knows_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGTERM is sent by the command kill.");
        byte[] clip = File.ReadAllBytes(_folder["clip.mkv"]);
        File.WriteAllText(_folder["in/bad.mkv"], "no video");
        File.WriteAllText(_folder["in/con\x1btrol\n.mkv"], "no video");
        await ProcessRun.Of("bash", ["-c", "cp clip.mkv $'in/bytes \\xff\\xfe.mkv'"], _folder.Path);
        using (Process service = Start(out Task<string> words))
        {
            // Written slowly: it stands still for longer than it must to be taken for complete, but is open.
            using (FileStream slow = new(_folder["in/slow.mkv"], FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
            {
                slow.Write(clip.AsSpan(0, clip.Length / 2));
                slow.Flush();
                File.Copy(_folder["clip.mkv"], _folder["hidden.part"]);
                File.Move(_folder["hidden.part"], _folder["in/moved.mkv"]);
                await Until(() => File.Exists(_folder["out/moved.mkv"]));
                Assert.False(File.Exists(_folder["out/slow.mkv"]));
                slow.Write(clip.AsSpan(clip.Length / 2));
            }

            await Until(() => File.Exists(_folder["out/slow.mkv"]));
            (int code, TimeSpan took) = await Stop(service);

            Assert.Equal(0, code);
            Assert.True(took < TimeSpan.FromSeconds(8), $"It took {took}.");
            string said = await words;
            Assert.Contains("done: moved.mkv -> moved.mkv, 30 frames", said, StringComparison.Ordinal);
            Assert.Single(said.Split('\n'), line => line.Contains("failed: bad.mkv: Opening", StringComparison.Ordinal));
            Assert.Single(said.Split('\n'), line => line.Contains(@"failed: con\x1btrol\n.mkv: Opening", StringComparison.Ordinal));
            Assert.Single(said.Split('\n'), line => line.Contains("failed: bytes", StringComparison.Ordinal));
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
            Assert.Equal(30, FrameHashes.OfVideo(_folder["out/slow.mkv"]).Length);
            await ProcessRun.Of("bash", ["-c", "rm in/bytes*"], _folder.Path); // .NET cannot name it
        }

        DateTime written = File.GetLastWriteTimeUtc(_folder["out/slow.mkv"]);
        using (Process service = Start(out Task<string> words))
        {
            File.Copy(_folder["clip.mkv"], _folder["in/third.mkv"]);
            await Until(() => File.Exists(_folder["out/third.mkv"]));
            await Stop(service);

            Assert.Contains("done before: slow.mkv", await words, StringComparison.Ordinal);
            Assert.Equal(written, File.GetLastWriteTimeUtc(_folder["out/slow.mkv"]));
        }
    }

    [Fact]
    public async Task Told_to_stop_at_work_it_stops_in_time_and_the_next_start_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGTERM is sent by the command kill.");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x240:rate=25 -t 12 -c:v mpeg4 {_folder["in/long.mkv"]}");
        string parts = _folder["out/.long.mkv.segments"];
        using (Process service = Start(out Task<string> words, "--segment-length", "1"))
        {
            await Until(() => Directory.Exists(parts) && Directory.GetFiles(parts, "*.segment").Length > 0);
            (int code, TimeSpan took) = await Stop(service);

            Assert.Equal(0, code);
            Assert.True(took < TimeSpan.FromSeconds(8), $"It took {took}.");
            Assert.Contains("stopped during: long.mkv", await words, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_folder["out/long.mkv"]));
        using (Process service = Start(out Task<string> words, "--segment-length", "1", "--verbose"))
        {
            await Until(() => File.Exists(_folder["out/long.mkv"]));
            await Stop(service);

            Assert.Contains("Resuming after", await words, StringComparison.Ordinal);
            Assert.Equal(600, FrameHashes.OfVideo(_folder["out/long.mkv"]).Length);
        }
    }

    private Process Start(out Task<string> words, params string[] more)
    {
        Process process = ProcessRun.StartFilter(
            ["watch", "in", "out", "--interval", "0.3", "--settle", "0.5", "--method", "average", "--encoder", "ffv1", .. more], _folder.Path);
        words = process.StandardError.ReadToEndAsync();
        return process;
    }

    private static async Task<(int Code, TimeSpan Took)> Stop(Process process)
    {
        long begin = Stopwatch.GetTimestamp();
        Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, Stopwatch.GetElapsedTime(begin));
    }

    private static async Task Until(Func<bool> condition)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromMinutes(1), "Nothing happened for a minute.");
            await Task.Delay(20);
        }
    }
}
