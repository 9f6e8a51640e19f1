using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>
/// Each allocation of native memory fails once: what was being done ends, and nothing is left. Runs alone: blocks are counted for the process.
/// </summary>
[Collection(nameof(LiveHandleTests))]
public sealed class NativeMemoryTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose()
    {
        NativeFloats.Refuses = null;
        _folder.Dispose();
    }

    [Theory]
    [InlineData("--method average", "yuv420p")]
    [InlineData("pixel formats", "yuv422p")]
    [InlineData("network", "yuv420p")]
    public void Every_block_may_be_missing_and_nothing_is_left(string how, string format)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -frames:v 3 -pix_fmt {format} -c:v ffv1 {_folder["in.mkv"]}");
        ConversionOptions options = Converter.Lossless with { PixelFormat = how == "pixel formats" ? "yuv444p" : null };
        long all = 0, live = NativeFloats.Live, handles = LibavHandle.Live;
        NativeFloats.Refuses = _ => Interlocked.Increment(ref all) < 0;
        Convert();
        File.Delete(_folder["out.mkv"]);
        Assert.True(all >= (how == "network" ? 40 : 4), $"{all} blocks");
        AssertNothingIsLeft();

        // Of the network's some two hundred blocks all kinds are among every third.
        for (long n = 1; n <= all; n += all > 50 ? 3 : 1)
        {
            long count = 0;
            NativeFloats.Refuses = _ => Interlocked.Increment(ref count) == n;

            Exception? error = Record.Exception(Convert);
            Assert.True(error is OutOfMemoryException, $"block {n} of {all}, {count} in this run: {error}");

            AssertNothingIsLeft();
        }

        void Convert()
        {
            // Without the warm-up of kernels on another thread, whose blocks would be counted, too.
            using TiledInterpolator? network = how == "network"
                ? EngineExecutor.Create(NetworkWeights.Load(Path.Combine(ModelFolder.Find(), "fast.safetensors")), new())
                : null;
            new InterpolationPipeline(network?.ForAnyTime() ?? new AveragingInterpolator()).Run(_folder["in.mkv"], _folder["out.mkv"], options);
        }

        void AssertNothingIsLeft()
        {
            Assert.Equal(["in.mkv"], _folder.Names);
            Assert.Equal((live, handles), (NativeFloats.Live, LibavHandle.Live));
        }
    }
}
