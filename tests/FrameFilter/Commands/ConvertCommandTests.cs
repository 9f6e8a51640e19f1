using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>The real command line on real clips, with the averaging baseline in the network's place.</summary>
public sealed class ConvertCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clip_is_doubled_and_the_last_line_says_so()
    {
        Make("my clip.mp4", seconds: 1);

        var run = await ProcessRun.OfFilter(["convert", "my clip.mp4", "it's done.mkv", "--method", "average"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Matches(@"framefilter: it's done\.mkv: 30 frames at 30 per second from 15 at 15, in 0:\d\d", run.Error);
        Assert.Equal(["it's done.mkv", "my clip.mp4"], _folder.Names);
    }

    [Fact]
    public async Task Without_any_option_the_networks_own_weights_predict_the_new_frames()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=15 -frames:v 3 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mp4", "--verbose"], _folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("method: network", run.Error, StringComparison.Ordinal);
        Assert.Contains("6 frames at 30 per second from 3 at 15", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 predicted, 1 repeated", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_are_none_are_refused_and_leave_no_output()
    {
        Make("in.mp4", seconds: 1);
        _folder.Write("broken.safetensors", "these are no weights");

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mp4", "--model", "./broken.safetensors"], _folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("framefilter: error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("broken.safetensors", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(["broken.safetensors", "in.mp4"], _folder.Names);
    }

    [Theory]
    [InlineData("libsvtav1")]
    [InlineData("libx265")]
    [InlineData("libaom-av1")]
    public async Task Encoders_write_no_lines_of_their_own(string encoder)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=15 -frames:v 3 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mkv", "--method", "average", "--encoder", encoder, "--quiet"], _folder.Path);

        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Quiet_says_nothing()
    {
        Make("in.mp4", seconds: 1);

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mkv", "--method", "average", "--quiet"], _folder.Path);

        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task An_existing_output_stays_unless_it_may_be_replaced()
    {
        Make("in.mp4", seconds: 1);
        _folder.Write("out.mkv", "precious");

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mkv", "--method", "average"], _folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("out.mkv", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["out.mkv"]));

        run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mkv", "--method", "average", "-y"], _folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.True(new FileInfo(_folder["out.mkv"]).Length > 100);
    }

    [Fact]
    public async Task The_preset_for_15_announces_another_rate_and_goes_on()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=160x96:rate=24000/1001 -frames:v 5 -c:v libx264 {_folder["film.mp4"]}");
        Make("web.mp4", seconds: 1);

        var film = await ProcessRun.OfFilter(["convert", "film.mp4", "film.mkv", "--method", "average", "--preset", "15to30"], _folder.Path);
        var web = await ProcessRun.OfFilter(["convert", "web.mp4", "web.mkv", "--method", "average", "--preset", "15to30"], _folder.Path);

        Assert.Equal((0, 0), (film.ExitCode, web.ExitCode));
        Assert.Contains("made for 15 frames per second; the input has 24000/1001", film.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("made for", web.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_encoder_of_the_command_line_beats_that_of_the_preset()
    {
        Make("in.mp4", seconds: 1);
        _folder.Write("own.yaml", "output:\n  encoder: libx265\n  pixel-format: yuv444p\n");

        var run = await ProcessRun.OfFilter(
            ["convert", "in.mp4", "out.mkv", "--method", "average", "--preset", "own.yaml", "--encoder", "ffv1", "--verbose"], _folder.Path);

        Assert.Equal(0, run.ExitCode);
        var stream = FfmpegCommand.Probe(_folder["out.mkv"], "-show_streams").GetProperty("streams")[0];
        Assert.Equal("ffv1", stream.GetProperty("codec_name").GetString());
        Assert.Equal("yuv444p", stream.GetProperty("pix_fmt").GetString());
        Assert.Contains("  encoder: ffv1  # the command line", run.Error, StringComparison.Ordinal);
        Assert.Contains("ffv1, yuv444p", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [UnsupportedOSPlatform("windows")]
    public async Task A_signal_ends_the_work_within_two_seconds_and_leaves_nothing(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        Assert.SkipWhen(signal == "INT" && IgnoresInterrupts(), "This process was started with SIGINT ignored, and so would be the filter.");
        Make("in.mp4", seconds: 600);
        var conversion = ProcessRun.StartFilter(["convert", "in.mp4", "out.mkv", "--method", "average"], _folder.Path);
        while (!_folder.Names.Any(name => name.Contains("partial", StringComparison.Ordinal)))
        {
            Assert.False(conversion.HasExited, "It ended before the signal.");
            await Task.Delay(20);
        }

        await Task.Delay(300);
        long sent = Stopwatch.GetTimestamp();
        await ProcessRun.Of("kill", [$"-{signal}", conversion.Id.ToString(CultureInfo.InvariantCulture)]);
        string error = await conversion.StandardError.ReadToEndAsync();
        await conversion.WaitForExitAsync();

        Assert.Equal(exitCode, conversion.ExitCode);
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.Equal(["in.mp4"], _folder.Names);
        // The promise is two seconds; a test machine with all cores busy gets more.
        Assert.InRange(Stopwatch.GetElapsedTime(sent).TotalSeconds, 0, 8);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_signal_ends_even_a_read_that_waits_for_ever()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        var conversion = ProcessRun.StartFilterOnSilentPipe(["convert", "-", "out.mkv", "--method", "average"], _folder.Path);
        await UntilItReads(conversion);
        Assert.False(conversion.HasExited, "It ended before the signal.");
        long sent = Stopwatch.GetTimestamp();
        await ProcessRun.Of("kill", ["-TERM", conversion.Id.ToString(CultureInfo.InvariantCulture)]);
        await conversion.WaitForExitAsync();

        Assert.Equal(143, conversion.ExitCode);
        Assert.Contains("interrupted", await conversion.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
        Assert.InRange(Stopwatch.GetElapsedTime(sent).TotalSeconds, 0, 8);
    }

    // libavformat is loaded to read, behind the handlers of signals; where that cannot be seen, time must do.
    private static async Task UntilItReads(Process conversion)
    {
        string maps = $"/proc/{conversion.Id}/maps";
        for (int i = 0; File.Exists(maps) && !conversion.HasExited && i < 600; i++)
        {
            if ((await File.ReadAllTextAsync(maps)).Contains("libavformat", StringComparison.Ordinal))
            {
                break;
            }

            await Task.Delay(100);
        }

        await Task.Delay(OperatingSystem.IsLinux() ? 500 : 2500);
    }

    // Background jobs of a shell without job control ignore SIGINT; bit 1 of the mask stands for signal 2.
    private static bool IgnoresInterrupts() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToUInt64(mask.Split('\t')[1], 16) & 2) != 0;

    private void Make(string name, int seconds) =>
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=160x96:rate=15 -t {seconds} -c:v libx264 -preset ultrafast '{_folder[name]}'");
}
