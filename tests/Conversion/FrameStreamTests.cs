using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>The frames as another program gets them.</summary>
public sealed class FrameStreamTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yuv420p", 4)]
    [InlineData("yuv422p10le", 2)]
    [InlineData("yuva444p", 2)]
    public async Task Frames_and_times_are_those_of_the_file_that_convert_writes(string format, int factor)
    {
        Make(format, frames: 5);
        ConversionOptions options = Converter.Lossless with { Timing = new() { Factor = factor } };
        Converter.Run(_folder["in.mkv"], _folder["out.mkv"], options);
        string written = FfmpegCommand.Text($"-i {_folder["out.mkv"]} -map 0:v -f framemd5 -");

        List<string> hashes = [];
        List<(long, bool)> times = [];
        await foreach (InterpolatedFrame frame in Read(options))
        {
            using (frame)
            {
                byte[] bytes = new byte[frame.ByteCount];
                frame.CopyTo(bytes);
#pragma warning disable CA5351 // ffmpeg's framemd5 is what it is compared with.
                hashes.Add(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes)));
#pragma warning restore CA5351
                times.Add((Rational.Rescale(frame.Time.Timestamp, frame.TimeBase, new(1, 1000)), frame.IsPredicted));
                Assert.Equal((96, 64, format), (frame.Width, frame.Height, frame.PixelFormat));
            }
        }

        Assert.Equal(written.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[(line.LastIndexOf(' ') + 1)..]), hashes);
        // 25 frames per second, and between the last two originals and the end only repetitions.
        Assert.Equal(Enumerable.Range(0, 5 * factor).Select(i => (i * 40L / factor, i % factor != 0 && i < 4 * factor)), times);
    }

    [Fact]
    public async Task Frames_come_in_the_wanted_pixel_format_and_end_with_their_disposal()
    {
        Make("yuv420p", frames: 3);
        List<InterpolatedFrame> kept = [];

        await foreach (InterpolatedFrame frame in Read(Converter.Lossless with { PixelFormat = "rgb24" }))
        {
            kept.Add(frame);
        }

        Assert.Equal(6, kept.Count);
        Assert.All(kept, frame => Assert.Equal((1, 64, 96 * 3), (frame.PlaneCount, frame.RowCount(0), frame.Row(0, 63).Length)));
        kept.ForEach(frame => frame.Dispose());
        Assert.Throws<ObjectDisposedException>(() => kept[0].Row(0, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => kept[0].RowCount(1));
    }

    [Fact]
    public async Task Leaving_the_loop_early_ends_the_work()
    {
        Make("yuv420p", frames: 500);
        var counting = new CountingInterpolator();

        await foreach (InterpolatedFrame frame in new FrameStream(counting).ReadAsync(_folder["in.mkv"], Converter.Lossless))
        {
            frame.Dispose();
            break;
        }

        int predicted = counting.Calls;
        await Task.Delay(200);
        Assert.Equal(predicted, counting.Calls);
        // What the queues hold, and a few that were under way.
        Assert.InRange(predicted, 1, 30);
    }

    [Fact]
    public async Task Failures_come_to_the_loop()
    {
        Make("yuv420p", frames: 50);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<MediaException>(async () => await Drain(new FrameStream(new AveragingInterpolator()).ReadAsync(_folder["no.mkv"], new())));
        await Assert.ThrowsAsync<MediaException>(async () => await Drain(Read(new() { PixelFormat = "pal8" })));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Drain(Read(new() { Timing = new() { Factor = 2, SlowMotion = 2 } })));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await Drain(new FrameStream(new FailingInterpolator()).ReadAsync(_folder["in.mkv"], new())));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (InterpolatedFrame frame in Read(new()).WithCancellation(stop.Token))
            {
                frame.Dispose();
                await stop.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task The_example_prints_old_and_new_frames()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 -c:v ffv1 {_folder["in.mkv"]}");
        string program = Path.Combine(
            RepositoryFiles.Root,
            "artifacts",
            "bin",
            "ReadFrames",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "AdaConv.Examples.ReadFrames.dll");

        var run = await ProcessRun.Of("dotnet", [program, "in.mkv"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            ["0.000 s old", "0.020 s new", "0.040 s old", "0.060 s new", "0.080 s old", "0.100 s old"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.LastIndexOf(' ')]));
    }

    private static async Task Drain(IAsyncEnumerable<InterpolatedFrame> frames)
    {
        await foreach (InterpolatedFrame frame in frames)
        {
            frame.Dispose();
        }
    }

    private IAsyncEnumerable<InterpolatedFrame> Read(ConversionOptions options) =>
        new FrameStream(new AveragingInterpolator()).ReadAsync(_folder["in.mkv"], options);

    private void Make(string format, int frames) => FfmpegCommand.Run(
        $"-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -t {frames * 0.04} -c:v ffv1 -pix_fmt {format} -c:a flac {_folder["in.mkv"]}");

    private sealed class CountingInterpolator : IFrameInterpolator
    {
        private readonly AveragingInterpolator _average = new();

        public int Calls { get; private set; }

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            Calls++;
            return _average.Begin(first, second, time, between, cancellation);
        }
    }

    private sealed class FailingInterpolator : IFrameInterpolator
    {
        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
            throw new InvalidOperationException("It fails.");
    }
}
