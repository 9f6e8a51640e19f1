using System.Diagnostics;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Pipes by name: they are read as files are, and one that gives nothing any more holds nobody up.</summary>
public sealed class SilentPipeTests : IDisposable
{
    private readonly ClipFolder _folder = new();
    private readonly ManualResetEventSlim _end = new();

    public SilentPipeTests() => FfmpegCommand.Run(
        $"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 200 -c:v ffv1 -g 1 -f nut {_folder["in.nut"]}");

    public void Dispose()
    {
        _end.Set();
        _folder.Dispose();
    }

    [Fact]
    public void A_pipe_by_name_is_converted_as_a_file_is_and_replaces_what_stands_there()
    {
        _end.Set();
        _folder.Write("out.mkv", "old");
        ConversionResult result = Converter.Run(Pipe(bytes: int.MaxValue), _folder["out.mkv"], Converter.Lossless with { Overwrite = true, SegmentLength = 1 });

        Assert.Equal(400, result.FramesOut);
        Converter.Run(_folder["in.nut"], _folder["straight.mkv"], Converter.Lossless);
        Assert.Equal(FrameHashes.OfVideo(_folder["straight.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
        Assert.Equal(["in.nut", "out.mkv", "pipe", "straight.mkv"], _folder.Names);
    }

    [Fact]
    public void A_failure_elsewhere_ends_the_conversion_at_once()
    {
        string pipe = Pipe(bytes: (int)new FileInfo(_folder["in.nut"]).Length / 2);
        long begin = Stopwatch.GetTimestamp();
        InterpolationPipeline pipeline = new(new FailingInterpolator());

        Assert.Equal("no network", Assert.Throws<InvalidOperationException>(() => pipeline.Run(pipe, _folder["out.mkv"], Converter.Lossless)).Message);

        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 20);
        Assert.Equal(["in.nut", "pipe"], _folder.Names);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void Cancelling_ends_the_conversion_at_once(int bytes)
    {
        // Nothing at all, or all of it but its end.
        string pipe = Pipe(bytes);
        using CancellationTokenSource user = new(TimeSpan.FromSeconds(2));
        long begin = Stopwatch.GetTimestamp();

        Assert.ThrowsAny<OperationCanceledException>(
            () => new InterpolationPipeline(new AveragingInterpolator()).Run(pipe, _folder["out.mkv"], Converter.Lossless, cancellation: user.Token));

        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 20);
        Assert.Equal(["in.nut", "pipe"], _folder.Names);
    }

    [Fact]
    public async Task Leaving_the_loop_over_frames_ends_the_work_at_once()
    {
        string pipe = Pipe(bytes: (int)new FileInfo(_folder["in.nut"]).Length / 2);
        long begin = Stopwatch.GetTimestamp();
        int frames = 0;
        await foreach (InterpolatedFrame frame in new FrameStream(new AveragingInterpolator()).ReadAsync(
            pipe, Converter.Lossless, cancellation: TestContext.Current.CancellationToken))
        {
            frame.Dispose();
            if (++frames == 10)
            {
                break;
            }
        }

        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 20);
    }

    // Gives the first bytes of the clip, and then nothing until the test ends; it is closed only then.
    private string Pipe(int bytes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes are made by the command mkfifo.");
        string path = _folder["pipe"];
        using (Process make = Process.Start("mkfifo", [path]))
        {
            make.WaitForExit();
        }

        byte[] clip = File.ReadAllBytes(_folder["in.nut"]);
        new Thread(() =>
        {
            try
            {
                using FileStream pipe = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                pipe.Write(clip.AsSpan(0, Math.Min(bytes, clip.Length)));
                _end.Wait(TimeSpan.FromSeconds(30));
            }
            catch (IOException)
            {
                // The reader has enough.
            }
        })
        { IsBackground = true }.Start();
        return path;
    }

    private sealed class FailingInterpolator : IFrameInterpolator
    {
        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
            throw new InvalidOperationException("no network");
    }
}
