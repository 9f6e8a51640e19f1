using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>New frames that depend on the pairs before and after are the same wherever a conversion is broken or divided.</summary>
public sealed class CurvedMotionTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public CurvedMotionTests() => FfmpegCommand.Run(
        // Things that speed up, a cut, and others; key frames every half second.
        "-f lavfi -i testsrc2=size=96x64:rate=25:duration=2.4 -f lavfi -i mandelbrot=size=96x64:rate=25:end_scale=0.05 -filter_complex "
        + $"[0][1]concat=n=2,format=yuv420p -frames:v 100 -c:v libx264 -g 12 -bf 2 {_folder["in.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_conversion_broken_off_or_made_in_parts_has_the_frames_of_an_unbroken_one()
    {
        const int factor = 2;
        FilterOptions options = Network(MotionPath.Curved, factor);
        TestJob.Convert(_folder["in.mkv"], _folder["whole.mkv"], options with { Conversion = options.Conversion with { SegmentLength = 3600 } });
        TestJob.Convert(_folder["in.mkv"], _folder["straight.mkv"], Network(MotionPath.Straight, factor));
        string[] whole = FrameHashes.OfVideo(_folder["whole.mkv"]), straight = FrameHashes.OfVideo(_folder["straight.mkv"]);
        Assert.Equal(100 * factor, whole.Length);
        Assert.Equal(straight.Length, whole.Length);
        Assert.InRange(whole.Zip(straight).Count(pair => pair.First != pair.Second), 50, 99 * (factor - 1)); // no original

        using CancellationTokenSource stop = new(), runs = new();
        Assert.ThrowsAny<OperationCanceledException>(() => Convert(options, 60, stop));
        List<string> messages = [];
        Convert(options, int.MaxValue, runs, messages.Add);
        Assert.Contains(messages, message => message.Contains("Resuming", StringComparison.Ordinal));
        Assert.Equal(whole, FrameHashes.OfVideo(_folder["broken.mkv"]));

        TestJob job = new(_folder, "in.mkv", "parts.mkv", options, parts: 4);
        bool sought = false;
        for (int part = 3; part >= 0; part--)
        {
            List<string> notes = [];
            job.Work(part, notes);
            sought |= part > 1 && !notes.Exists(note => note.Contains("from the beginning", StringComparison.Ordinal));
        }

        job.Join();
        Assert.True(sought, "every part was decoded from the beginning");
        Assert.Equal(whole, FrameHashes.OfVideo(_folder["parts.mkv"]));
    }

    private void Convert(FilterOptions options, int pairs, CancellationTokenSource stop, Action<string>? message = null)
    {
        string weights = Path.Combine(ApplicationFiles.Find().Models, "fast.safetensors");
        using TiledInterpolator network = EngineExecutor.Load(weights, options.Interpolation.Network);
        new InterpolationPipeline(new Stopping(network.ForAnyTime(), pairs, stop), "settings").Run(
            _folder["in.mkv"], _folder["broken.mkv"], options.Conversion, message: message, cancellation: stop.Token);
    }

    private static FilterOptions Network(MotionPath motion, int factor) => new()
    {
        Interpolation = new() { Model = "fast", Network = new() { Grain = Grain.Keep, Motion = motion, Threads = 1 } },
        Conversion = new() { Encoder = "ffv1", SegmentLength = 1, Timing = new() { Factor = factor } },
    };

    /// <summary>Stops a conversion at one of the pairs.</summary>
    private sealed class Stopping(IFrameInterpolator interpolator, int pairs, CancellationTokenSource stop) : IFrameInterpolator
    {
        private readonly HashSet<long> _seen = [];

        public bool LooksAhead => interpolator.LooksAhead;

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            if (_seen.Add(first.Picture) && _seen.Count == pairs)
            {
                stop.Cancel();
            }

            return interpolator.Begin(first, second, time, between, cancellation);
        }

        public void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default) => interpolator.Look(first, second, cancellation);

        public double Nearest(double time) => interpolator.Nearest(time);
    }
}
