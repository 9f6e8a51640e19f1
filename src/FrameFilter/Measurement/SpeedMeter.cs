using System.Diagnostics;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Measurement;

/// <summary>Measures conversions and kernels on this machine, with clips of its own: <c>framefilter bench</c>.</summary>
/// <param name="options">The conversion's settings.</param>
/// <param name="files">Where models lie; null: beside the application.</param>
public sealed unsafe class SpeedMeter(FilterOptions options, ApplicationFiles? files = null) : IDisposable
{
    private const int ClipFrames = 12;
    private readonly LazyDisposable<IFrameInterpolator> _interpolator =
        new(() => InterpolatorFactory.Create(options.Interpolation, (files ?? ApplicationFiles.Find()).Models));

    /// <summary>Measures frames of a size.</summary>
    /// <param name="width">Pixels in a row, even.</param>
    /// <param name="height">Rows, even.</param>
    /// <param name="time">About how long; two frames are predicted twice in any case.</param>
    /// <param name="cancellation">Ends the work.</param>
    public SpeedOfSize Measure(int width, int height, TimeSpan time, CancellationToken cancellation)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("adaconv-bench-");
        try
        {
            string raw = Path.Combine(work.FullName, "raw.y4m"), clip = Path.Combine(work.FullName, "clip.mp4"),
                output = Path.Combine(work.FullName, "out.mp4");
            MovingClip.Write(raw, width, height, ClipFrames / 2);
            new InterpolationPipeline(new AveragingInterpolator()).Run(raw, clip, new() { SceneCutDetection = false }, cancellation: cancellation);
            File.Delete(raw);

            (double decode, double planes, double predict, double encode) = MeasureStages(clip, output, time / 2, cancellation);
            (double rate, int predictions) = MeasureConversion(clip, output, time / 2, cancellation);
            return new(width, height, rate, predictions, decode, planes, predict, encode);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Measures the separable convolution: the two sizes that networks use it with.</summary>
    /// <param name="time">How long each.</param>
    public IReadOnlyList<SpeedOfKernel> MeasureKernels(TimeSpan time)
    {
        EngineOptions engine = new(options.Interpolation.Network.Kernels, options.Interpolation.Network.Threads);
        return
        [
            MeasureKernel("9 taps at half resolution, 1920×1080", new(1, 3, 1080, 1920, 9, 2, true), engine, time),
            MeasureKernel("51 taps, 864×480", new(1, 3, 480, 864, 51, 1, true), engine, time),
        ];
    }

    /// <summary>Measures the processor, the memory, and the network's convolutions beside them: on one thread, and on as many as the settings say.</summary>
    /// <param name="sizes">Sizes of frames.</param>
    /// <param name="time">How long, roughly; two frames of each size are computed in any case.</param>
    /// <param name="cancellation">Ends the work.</param>
    public IReadOnlyList<SpeedOfThreads> MeasureProcessor(
        IReadOnlyList<(int Width, int Height)> sizes, TimeSpan time, CancellationToken cancellation)
    {
        InterpolatorOptions network = options.Interpolation.Network;
        EngineOptions engine = new(network.Kernels, network.Threads);
        bool engineRuns = options.Interpolation.Method == InterpolationMethod.Network
            && (network.Device == ComputeDevice.Cpu || (network.Device == ComputeDevice.Auto && NetworkExecutors.WhyNotCuda(out _) is not null));
        using ConvolutionMeter? meter = engineRuns
            ? new(InterpolatorFactory.WeightsOf(options.Interpolation, (files ?? ApplicationFiles.Find()).Models)!, network.Kernels)
            : null;
        int[] counts = [.. new[] { 1, engine.ResolveThreads() }.Distinct()];
        TimeSpan share = time / (sizes.Count * counts.Length);
        return
        [
            .. counts.Select(threads =>
            {
                double peak = PeakRate.Measure(engine, threads), memory = MemoryRate.Measure(threads);
                ConvolutionTime[] times = meter is null ? [] : [.. sizes.Select(size => meter.Measure(size.Width, size.Height, threads, share, cancellation))];
                peak = Math.Max(peak, PeakRate.Measure(engine, threads)); // clocks differ from moment to moment
                return new SpeedOfThreads(threads, peak, memory,
                [
                    .. times.Zip(sizes, (one, size) => new SpeedOfConvolutions(
                        size.Width, size.Height, 2 * one.MultiplyAdds / 1e9, one.Seconds, one.GigaFlopsPerSecond,
                        peak == 0 ? null : one.GigaFlopsPerSecond / peak)),
                ]);
            }),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _interpolator.Dispose();

    private static SpeedOfKernel MeasureKernel(string name, SeparableConvolutionShape shape, EngineOptions engine, TimeSpan time)
    {
        long image = (long)shape.Planes * shape.Height * shape.Width, taps = (long)shape.Taps * shape.TapHeight * shape.TapWidth;
        float* memory = NativeFloats.Allocate(2 * (image + taps));
        try
        {
            for (long i = 0; i < 2 * (image + taps); i++)
            {
                memory[i] = (i % 97) / 97f;
            }

            double best = double.MaxValue;
            long begin = Stopwatch.GetTimestamp();
            for (int run = 0; run < 3 || Stopwatch.GetElapsedTime(begin) < time; run++)
            {
                long start = Stopwatch.GetTimestamp();
                SeparableConvolution.Forward(shape, memory, memory + image, memory + image + taps, memory + image + (2 * taps), engine);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            double operations = 2.0 * shape.Taps * (shape.Taps + 1) * shape.Planes * shape.Height * shape.Width;
            return new(name, operations / best / 1e9);
        }
        finally
        {
            NativeFloats.Free(memory);
        }
    }

    // Each stage by itself, as the pipeline runs it, in seconds for one new frame.
    private (double Decode, double Planes, double Predict, double Encode) MeasureStages(
        string clip, string output, TimeSpan time, CancellationToken cancellation)
    {
        List<VideoFrame> frames = [];
        using OriginalFrames original = new(clip, options.Conversion with { SceneCutDetection = false, PictureRate = null }, pixelFormat: null, cancellation);
        try
        {
            long begin = Stopwatch.GetTimestamp();
            Stages.Run(cancellation, original.Decode, token =>
            {
                foreach (SourceFrame frame in original.Read(token))
                {
                    VideoFrame kept = new();
                    kept.ReferTo(frame.Frame);
                    frames.Add(kept);
                }
            });
            cancellation.ThrowIfCancellationRequested();
            double decode = Stopwatch.GetElapsedTime(begin).TotalSeconds / frames.Count;

            using FramePlanes converter = FramePlanes.For(frames[0]);
            using PlanarFrame first = converter.CreatePlanes(), second = converter.CreatePlanes(), between = converter.CreatePlanes();
            using PicturePool pictures = new();
            converter.Read(frames[0], first);
            begin = Stopwatch.GetTimestamp();
            for (int i = 1; i < frames.Count; i++)
            {
                converter.Read(frames[i], second);
                converter.Write(second, pictures.RentLike(frames[0]));
            }

            double planes = Stopwatch.GetElapsedTime(begin).TotalSeconds / (frames.Count - 1);
            converter.Read(frames[1], second);
            TimedInterpolator timed = new(_interpolator.Value);
            begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < 2 || (i < 50 && Stopwatch.GetElapsedTime(begin) < time); i++)
            {
                second.NumberPicture(); // another pair each time
                timed.Interpolate(first, second, 0.5, between, cancellation);
            }

            return (decode, planes, timed.Typical!.Value.TotalSeconds, MeasureEncoding(original, frames, output));
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    private static double MeasureEncoding(OriginalFrames original, List<VideoFrame> frames, string output)
    {
        long begin = Stopwatch.GetTimestamp();
        using FrameFileWriter writer = new(original.Demuxer, output, new(), frames[0], new(1, 50), new(50, 1));
        for (int i = 0; i < frames.Count; i++)
        {
            writer.Write(frames[i], i, 1);
        }

        writer.Finish();
        return 2 * Stopwatch.GetElapsedTime(begin).TotalSeconds / frames.Count;
    }

    // A whole conversion, from its first new frame to the last one that the time allows.
    private (double Rate, int Predictions) MeasureConversion(string clip, string output, TimeSpan time, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        long begin = Stopwatch.GetTimestamp(), first = 0, last = 0;
        TimedInterpolator timed = new(_interpolator.Value, predicted =>
        {
            last = Stopwatch.GetTimestamp();
            first = predicted == 1 ? last : first;
            if (predicted >= 2 && Stopwatch.GetElapsedTime(begin) > time)
            {
                enough.Cancel();
            }
        });
        try
        {
            ConversionOptions conversion = options.Conversion with { SceneCutDetection = false, Timing = new(), Overwrite = true };
            new InterpolationPipeline(timed).Run(clip, output, conversion, cancellation: enough.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time was up.
        }

        int frames = timed.Times.Count - 1;
        return (frames / Stopwatch.GetElapsedTime(first, last).TotalSeconds, frames);
    }

    private sealed class LazyDisposable<T>(Func<T> make) : IDisposable
        where T : class
    {
        private readonly Lazy<T> _lazy = new(make);

        public T Value => _lazy.Value;

        public void Dispose()
        {
            if (_lazy.IsValueCreated)
            {
                (_lazy.Value as IDisposable)?.Dispose();
            }
        }
    }
}
