using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>Whatever ends a conversion, nothing of libav's is left to the finalizer. Runs alone: objects are counted for the whole process.</summary>
[Collection(nameof(LiveHandleTests))]
[CollectionDefinition(nameof(LiveHandleTests), DisableParallelization = true)]
public sealed class LiveHandleTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public static TheoryData<string, string> Failures => new()
    {
        { "in.mp4", "nothing" },
        { "in.mp4", "the interpolator" },
        { "in.mp4", "cancelled" },
        { "in.mp4", "the encoder's options" },
        { "in.mp4", "the encoder's pixel format" },
        { "in.mp4", "the output's folder" },
        { "in.mp4", "the rate" },
        { "slow.mkv", "nothing" },
        { "slow.mkv", "the interpolator" },
        { "text.mp4", "the container" },
        { "cut.mp4", "the container" },
        { "noise.mkv", "the decoder" },
        { "missing.mp4", "the container" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Failures))]
    public void Nothing_is_left_when_a_conversion_ends(string input, string failing)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine -t 2 -c:v libx264 -preset ultrafast -c:a aac {_folder["in.mp4"]}");
        File.Copy(_folder["in.mp4"], _folder["slow.mkv"]);
        File.WriteAllText(_folder["text.mp4"], "not a video");
        File.WriteAllBytes(_folder["cut.mp4"], File.ReadAllBytes(_folder["in.mp4"])[..2000]);
        FfmpegCommand.Run($"-i {_folder["in.mp4"]} -c copy -bsf:v noise=amount=1 {_folder["noise.mkv"]}");
        using CancellationTokenSource cancellation = new();
        bool slow = input == "slow.mkv";
        ConversionOptions options = Converter.Fast with
        {
            SceneCutDetection = true,
            SegmentLength = 1,
            Timing = failing == "the rate" ? new() { TargetRate = new(5, 1) } : slow ? new() { SlowMotion = 2 } : new(),
            EncoderOptions = failing == "the encoder's options" ? Converter.Fast.EncoderOptions.Add("profile", "none-of-these") : Converter.Fast.EncoderOptions,
            PixelFormat = failing == "the encoder's pixel format" ? "rgb48" : null,
        };
        string output = failing == "the output's folder" ? "no/such/out.mkv" : "out.mkv";
        Failing interpolator = new(failing, cancellation);
        Collect();
        long before = LibavHandle.Live;

        Exception? error = Record.Exception(() => new InterpolationPipeline(interpolator, "settings").Run(
            _folder[input], _folder[output], options, cancellation: cancellation.Token));

        Assert.Equal(failing == "nothing", error is null);
        Assert.Equal(before, LibavHandle.Live);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(int.MaxValue)]
    public async Task Nothing_is_left_when_a_loop_is_left(int frames)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -t 2 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");
        Collect();
        long before = LibavHandle.Live;

        int taken = 0;
        await foreach (InterpolatedFrame frame in new FrameStream(new AveragingInterpolator()).ReadAsync(
            _folder["in.mp4"], Converter.Fast, cancellation: TestContext.Current.CancellationToken))
        {
            frame.Dispose();
            if (++taken == frames)
            {
                break;
            }
        }

        Assert.Equal(Math.Min(frames, 100), taken);
        Assert.Equal(before, LibavHandle.Live);
    }

    [Fact]
    public void What_is_forgotten_is_freed_by_the_finalizer()
    {
        Collect();
        long before = LibavHandle.Live;
        Forget();
        Assert.True(LibavHandle.Live > before);
        Collect();
        Assert.Equal(before, LibavHandle.Live);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget()
        {
            new OptionDictionary().Set("key", "value");
            _ = new Packet();
            VideoFrame frame = new();
            frame.Allocate(64, 64, FFmpeg.AutoGen.AVPixelFormat.AV_PIX_FMT_YUV420P);
        }
    }

    // What earlier tests forgot is not counted.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private sealed class Failing(string failing, CancellationTokenSource cancellation) : IFrameInterpolator
    {
        private readonly AveragingInterpolator _average = new();
        private int _count;

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken token = default)
        {
            if (++_count == 30)
            {
                if (failing == "the interpolator")
                {
                    throw new InvalidOperationException("It is meant to fail.");
                }

                if (failing == "cancelled")
                {
                    cancellation.Cancel();
                }
            }

            return _average.Begin(first, second, time, between, token);
        }
    }
}
