using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>A device that still computes a pair while the next is read: the output is that of an interpolator which waits.</summary>
public class BegunPairsTests
{
    [Theory]
    [InlineData("--factor", 2)]
    [InlineData("--factor", 4)]
    [InlineData("--fps", 60)]
    public void The_output_is_the_same_and_pairs_overlap(string option, int value)
    {
        using ClipFolder folder = new();

        // Motion, a cut, a still picture, a cut, motion.
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4 -f lavfi -i smptebars=size=64x48:rate=25:duration=0.2 "
            + "-f lavfi -i mandelbrot=size=64x48:rate=25:end_scale=0.05 -filter_complex [0][1][2]concat=n=3,format=yuv420p -frames:v 24 -c:v ffv1 "
            + folder["in.mkv"]);
        ConversionOptions options = Converter.Lossless with
        {
            SceneCutDetection = true,
            Timing = option == "--fps" ? new() { TargetRate = new(value, 1) } : new() { Factor = value },
        };
        ConversionResult expected = Converter.Run(folder["in.mkv"], folder["waits.mkv"], options);
        Lagging lagging = new();
        ConversionResult actual = new InterpolationPipeline(lagging).Run(folder["in.mkv"], folder["lags.mkv"], options);
        Assert.Equal(FrameHashes.OfPackets(folder["waits.mkv"], "0:v"), FrameHashes.OfPackets(folder["lags.mkv"], "0:v"));
        Assert.Equal(
            (expected.FramesOut, expected.FramesInterpolated, expected.FramesRepeated, expected.SceneCuts),
            (actual.FramesOut, actual.FramesInterpolated, actual.FramesRepeated, actual.SceneCuts));
        Assert.InRange(actual.SceneCuts, 1, 2);
        Assert.True(lagging.Overlapped, "no pair was begun before the one before it was finished");
        Assert.Equal(0, lagging.Open);
        Assert.Equal(["It lags."], actual.Messages);
    }

    [Fact]
    public void A_device_that_fails_when_it_is_waited_for_ends_the_conversion_and_leaves_nothing()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i mandelbrot=size=64x48:rate=25:end_scale=0.05 -frames:v 10 -c:v ffv1 {folder["in.mkv"]}");
        Lagging lagging = new() { FailsAt = 4 };
        Assert.Throws<ModelException>(() => new InterpolationPipeline(lagging).Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless));
        Assert.Equal(["in.mkv"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    /// <summary>The average, computed as late as possible of what the frames held when it was begun.</summary>
    private sealed class Lagging : IFrameInterpolator
    {
        private readonly AveragingInterpolator _average = new();
        private int _count;

        public int Open { get; private set; }

        public bool Overlapped { get; private set; }

        public int FailsAt { get; init; } = -1;

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            PlanarFrame earlier = Copy(first), later = Copy(second);
            between.SamplePlane(0).Fill(float.NaN);
            Overlapped |= Open++ > 0;
            int number = _count++;
            return () =>
            {
                if (number == FailsAt)
                {
                    throw new ModelException("The device is gone.");
                }

                Open--;
                _average.Interpolate(earlier, later, time, between, cancellation);
                earlier.Dispose();
                later.Dispose();
            };
        }

        public void Listen(Action<string> message) => message("It lags.");

        private static PlanarFrame Copy(PlanarFrame frame)
        {
            PlanarFrame copy = new(frame.Width, frame.Height, frame.SampleCount, frame.SamplesAreRgb, frame.Depth);
            for (int plane = 0; plane < frame.SampleCount; plane++)
            {
                frame.SamplePlane(plane).CopyTo(copy.SamplePlane(plane));
            }

            return copy;
        }
    }
}
