using System.Diagnostics;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Engine;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Model;
using AdaConv.Storage;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>What goes wrong says so, and leaves nothing under the output's name.</summary>
public class FailureTests
{
    [Fact]
    public void A_device_is_not_replaced_by_a_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no folder of devices.");
        MediaException error = Assert.Throws<MediaException>(() => OutputFile.Create("/dev/null", [], overwrite: true));
        Assert.Contains("that is a device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_not_replaced()
    {
        using ClipFolder folder = new();
        using (OutputFile output = OutputFile.Create(folder["out.mkv"], [], overwrite: false))
        {
            File.WriteAllText(output.PartialPath, "ours");
            File.WriteAllText(folder["out.mkv"], "somebody else's");
            Assert.Throws<MediaException>(output.Complete);
        }

        Assert.Equal("somebody else's", File.ReadAllText(folder["out.mkv"]));
        Assert.Equal("ours", File.ReadAllText(folder["out.1.mkv"]));
        Assert.Equal(["out.1.mkv", "out.mkv"], folder.Names);
    }

    [Theory]
    [InlineData("missing.mp4", "there is no such file")]
    [InlineData("http://example.org/a.mp4", "network addresses are not supported")]
    [InlineData("empty.mp4", "the file is empty")]
    [InlineData("text.mp4", "moov atom not found")]
    [InlineData("sound.m4a", "there is no video in it, only sound")]
    [InlineData("folder", "that is a folder")]
    [InlineData("list.m3u8", "playlists")]
    [InlineData("list.txt", "playlists")]
    [InlineData("noise.mkv", "damaged or of a different format")]
    public void Bad_inputs_are_refused_in_plain_words(string name, string words)
    {
        using ClipFolder folder = new();
        string input = name.Contains("://", StringComparison.Ordinal) ? name : folder[name];
        byte[] noise = new byte[5000];
        new Random(1).NextBytes(noise);
        switch (name)
        {
            case "empty.mp4":
                File.WriteAllText(input, "");
                break;
            case "text.mp4":
                File.WriteAllText(input, string.Concat(Enumerable.Repeat("This is only text. ", 200)));
                break;
            case "sound.m4a":
                FfmpegCommand.Run($"-f lavfi -i sine -t 1 -c:a aac {input}");
                break;
            case "folder":
                Directory.CreateDirectory(input);
                break;
            case "list.m3u8":
                File.WriteAllText(input, "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://example.org/a.ts\n");
                break;
            case "list.txt":
                File.WriteAllText(input, "ffconcat version 1.0\nfile a.mp4\n");
                break;
            case "noise.mkv":
                File.WriteAllBytes(input, noise);
                break;
        }

        string[] before = folder.Names;
        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(input, folder["out.mp4"]));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Advice);
        Assert.Equal(before, folder.Names);
    }

    [Fact]
    public void Outputs_that_may_not_be_written_are_refused()
    {
        using ClipFolder folder = new();
        string input = Clip(folder);
        File.WriteAllText(folder["old.mp4"], "old");
        Directory.CreateDirectory(folder["sub.mp4"]);
        File.CreateSymbolicLink(folder["link.mp4"], input);
        string[] before = folder.Names;
        foreach ((string output, string words) in (ReadOnlySpan<(string, string)>)
            [
                (folder["old.mp4"], "already exists"),
                (folder["sub.mp4"], "that is a folder"),
                (folder["no/such/out.mp4"], "there is no folder"),
                (folder["out.nonsense"], "does not name a container"),
                (input, "that is the input"),
                (folder["./sub.mp4/../in.mp4"], "that is the input"),
                (folder["link.mp4"], "that is the input"),
            ])
        {
            MediaException error =
                Assert.Throws<MediaException>(() => Converter.Run(input, output, Converter.Fast with { Overwrite = words != "already exists" }));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Equal(before, folder.Names);
        }

        Assert.Equal("old", File.ReadAllText(folder["old.mp4"]));
        Converter.Run(input, folder["old.mp4"], Converter.Fast with { Overwrite = true });
        Assert.Equal(10, VideoTimes.Of(folder["old.mp4"]).Frames.Count);
    }

    [Fact]
    public void A_hard_link_to_the_input_is_the_input()
    {
        using ClipFolder folder = new();
        string input = Clip(folder);
        Assert.SkipUnless(File.Exists("/bin/ln"), "Hard links are made by the command ln.");
        using (Process link = Process.Start("/bin/ln", [input, folder["hard.mp4"]]))
        {
            link.WaitForExit();
        }

        Assert.True(SameFile.Is(input, folder["hard.mp4"]));
        File.Copy(input, folder["copy.mp4"]);
        Assert.False(SameFile.Is(input, folder["copy.mp4"]));
    }

    [Fact]
    public void A_folder_without_permission_is_refused()
    {
        using ClipFolder folder = new();
        string input = Clip(folder);
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The administrator may write everywhere.");
        Directory.CreateDirectory(folder["closed"]);
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Folders are closed by Unix permissions here.");
            return;
        }

        File.SetUnixFileMode(folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(input, folder["closed/out.mp4"]));
        Assert.Contains("is not writable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_leaves_nothing_under_the_name()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x360:rate=25 -frames:v 30 -c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        Directory.CreateDirectory(folder["small"]);
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/bin/mount"), "A small disk can be mounted by Linux's administrator only.");
        using Process mount =
            Process.Start(new ProcessStartInfo("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder["small"]]) { RedirectStandardError = true })!;
        mount.WaitForExit();
        Assert.SkipUnless(mount.ExitCode == 0, "Mounting is not allowed here.");
        try
        {
            foreach (string extension in (string[])["mp4", "mkv"])
            {
                MediaException error = Assert.Throws<MediaException>(
                    () => Converter.Run(folder["in.mp4"], folder[$"small/out.{extension}"], Converter.Lossless with { Encoder = "libx264", Quality = 0 }));
                Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
                Assert.Empty(Directory.EnumerateFileSystemEntries(folder["small"]));
            }
        }
        finally
        {
            using Process unmount = Process.Start("/bin/umount", [folder["small"]]);
            unmount.WaitForExit();
        }
    }

    [Fact]
    public void A_clip_that_ends_too_early_is_converted_as_far_as_it_goes_and_says_so()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 60 -c:v libx264 -preset ultrafast -movflags +faststart {folder["whole.mp4"]}");
        byte[] whole = File.ReadAllBytes(folder["whole.mp4"]);
        File.WriteAllBytes(folder["in.mp4"], whole[..(whole.Length * 2 / 3)]);
        ConversionResult result = Converter.Run(folder["in.mp4"], folder["out.mp4"]);
        Assert.InRange(result.FramesIn, 20, 59);
        Assert.Equal(2 * result.FramesIn, result.FramesOut);
        Assert.Contains(result.Messages, text => text.Contains($"has {result.FramesIn} frames of the 60", StringComparison.Ordinal));
        Assert.Equal(2 * result.FramesIn, VideoTimes.Of(folder["out.mp4"]).Frames.Count);
    }

    [Fact]
    public void An_mp4_without_its_index_is_refused()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 30 -c:v libx264 -preset ultrafast {folder["whole.mp4"]}");
        byte[] whole = File.ReadAllBytes(folder["whole.mp4"]);
        File.WriteAllBytes(folder["in.mp4"], whole[..(whole.Length / 2)]);
        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(folder["in.mp4"], folder["out.mp4"]));
        Assert.Contains("it is incomplete", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_packets_are_counted_and_passed_over()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 50 -c:v mpeg2video -g 5 -b:v 2M {folder["in.ts"]}");
        byte[] bytes = File.ReadAllBytes(folder["in.ts"]);
        Random random = new(3);
        for (int i = 0; i < 60; i++)
        {
            bytes[random.Next(bytes.Length / 4, bytes.Length)] ^= 0xFF;
        }

        File.WriteAllBytes(folder["in.ts"], bytes);
        ConversionResult result = Converter.Run(folder["in.ts"], folder["out.mp4"]);
        Assert.InRange(result.DamagedPackets, 1, 60);
        Assert.Contains(result.Messages, text => text.StartsWith($"{result.DamagedPackets} damaged", StringComparison.Ordinal));
        Assert.Equal(2 * result.FramesIn, VideoTimes.Of(folder["out.mp4"]).Frames.Count);
    }

    [Fact]
    public void Unknown_encoders_formats_and_options_are_refused()
    {
        using ClipFolder folder = new();
        string input = Clip(folder);
        foreach ((ConversionOptions options, string words) in (ReadOnlySpan<(ConversionOptions, string)>)
            [
                (Converter.Fast with { Encoder = "libx999" }, "no video encoder libx999"),
                (Converter.Fast with { Encoder = "aac" }, "no video encoder aac"),
                (Converter.Fast with { PixelFormat = "rgb24" }, "does not support the pixel format rgb24"),
                (Converter.Fast with { Container = "nonsense" }, "no container nonsense"),
                (Converter.Fast with { EncoderPreset = "nonsense" }, "Opening the encoder libx264"),
                (Converter.Fast with { EncoderOptions = Converter.Fast.EncoderOptions.Add("colour", "red") }, "has no option colour"),
                (Converter.Fast with { Container = "webm" }, "webm does not support"),
            ])
        {
            MediaException error = Assert.Throws<MediaException>(() => Converter.Run(input, folder["out.mp4"], options));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Equal(["in.mp4"], folder.Names);
        }
    }

    [Fact]
    public void Cancelling_ends_at_once_and_leaves_nothing()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 50 -c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        using CancellationTokenSource user = new();
        int calls = 0;
        Stopwatch since = new();
        CallbackInterpolator slow = new(token =>
        {
            if (++calls == 5)
            {
                since.Start();
                user.Cancel();
            }

            token.ThrowIfCancellationRequested();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new InterpolationPipeline(slow).Run(folder["in.mp4"], folder["out.mp4"], Converter.Fast, cancellation: user.Token));
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(2), $"took {since.Elapsed}");
        Assert.Equal(5, calls);
        Assert.Equal(["in.mp4"], folder.Names);
    }

    [Fact]
    public void A_failing_network_ends_everything()
    {
        using ClipFolder folder = new();
        string input = Clip(folder);
        InterpolationPipeline pipeline = new(new CallbackInterpolator(_ => throw new InvalidOperationException("no network")));
        Assert.Equal("no network", Assert.Throws<InvalidOperationException>(() => pipeline.Run(input, folder["out.mp4"], Converter.Fast)).Message);
        Assert.Equal(["in.mp4"], folder.Names);
    }

    [Fact]
    public async Task The_decoder_runs_no_further_ahead_than_the_queue()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 60 -c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        ConversionOptions options = Converter.Fast with { QueueLength = 3, SceneCutDetection = true };
        using FrameReader reader = FrameReader.Open(folder["in.mp4"], options.Reading, CancellationToken.None);
        using FrameSource source = new(reader, Planner.Plan(reader, output: null, options), options, new AveragingInterpolator(), new(null, []));
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => source.Decode(stop.Token));
        SpinWait.SpinUntil(() => source.Counters.FramesIn >= 4, TimeSpan.FromSeconds(20));
        await Task.Delay(300);
        Assert.False(running.IsCompleted);

        // Three wait in the queue, one waits to enter it, two for their cuts to be judged.
        Assert.InRange(source.Counters.FramesIn, 4, 6);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("ts")]
    [InlineData("avi")]
    public void Damage_anywhere_ends_in_a_result_or_a_plain_error(string extension)
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -t 0.5 -c:v mpeg4 -c:a mp2 {input}");
        byte[] whole = File.ReadAllBytes(input);
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            byte[] bytes = [.. whole];
            for (int i = random.Next(1, 40); i > 0; i--)
            {
                // Half of the damage near the ends, where the structure is.
                int at = random.Next(bytes.Length), near = random.Next(Math.Min(2000, bytes.Length));
                bytes[random.Next(4) switch { 0 => near, 1 => bytes.Length - 1 - near, _ => at }] = (byte)random.Next(256);
            }

            File.WriteAllBytes(input, seed % 4 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                ConversionResult result = Converter.Run(input, folder["out.mkv"], Converter.Fast with { Overwrite = true, DropUnsupportedStreams = true });
                Assert.Equal(2 * result.FramesIn, result.FramesOut);
            }
            catch (MediaException error)
            {
                Assert.NotEmpty(error.Problem);
            }

            Assert.DoesNotContain(folder.Names, name => name.Contains("partial", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Progress_goes_up_to_the_expected_count()
    {
        using ClipFolder folder = new();
        string input = Clip(folder);
        ProgressList progress = new();
        new InterpolationPipeline(new AveragingInterpolator()).Run(input, folder["out.mp4"], Converter.Fast, progress);
        ConversionProgress last = progress.Reports[^1];
        Assert.Equal(10, last.FramesOut);
        Assert.Equal(10, last.FramesExpected);
        Assert.Equal(5, last.FramesIn);
        Assert.Equal(progress.Reports.Select(report => report.FramesOut).Order(), progress.Reports.Select(report => report.FramesOut));
    }

    private static string Clip(ClipFolder folder)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 5 -c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        return folder["in.mp4"];
    }

    private sealed class CallbackInterpolator(Action<CancellationToken> callback) : IFrameInterpolator
    {
        private readonly AveragingInterpolator _averaging = new();

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            callback(cancellation);
            return _averaging.Begin(first, second, time, between, cancellation);
        }
    }

    private sealed class ProgressList : IProgress<ConversionProgress>
    {
        public List<ConversionProgress> Reports { get; } = [];

        public void Report(ConversionProgress value) => Reports.Add(value);
    }

    [Fact]
    public void A_link_to_nothing_is_told_from_a_device_that_fails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using ClipFolder folder = new();
        File.CreateSymbolicLink(folder["link.mp4"], "nowhere.mp4");

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(folder["link.mp4"], folder["out.mkv"]));

        Assert.Contains($"it is a link to {folder["nowhere.mp4"]}, and there is no such file", error.Message, StringComparison.Ordinal);
    }
}
