using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Verification;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>The frames of a conversion in another program's loop, by the class that such a program uses.</summary>
public sealed class ReadFramesTests : IDisposable
{
    private static readonly FilterOptions Average = new()
    {
        Interpolation = new() { Method = InterpolationMethod.Average },
        Conversion = new() { SceneCutDetection = false },
    };

    private readonly ClipFolder _folder = new();

    public ReadFramesTests() => FfmpegCommand.Run(
        $"-f lavfi -i color=black:size=64x48:rate=25,format=gray,geq=lum=16+8*N -frames:v 12 -c:v ffv1 -g 1 {_folder["in.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(InterpolationMethod.Average)]
    [InlineData(InterpolationMethod.Network)]
    public async Task Old_and_new_frames_come_in_order_with_their_times(InterpolationMethod method)
    {
        FilterOptions options = Average with
        {
            Interpolation = new() { Method = method, Model = "fast" },
            Conversion = Average.Conversion with { Timing = new() { Factor = 4 } },
        };
        List<(long Milliseconds, bool IsPredicted)> frames = [];
        await foreach (InterpolatedFrame frame in new VideoConverter(options).ReadFramesAsync(
            _folder["in.mkv"], cancellation: TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                int number = frames.Count;
                frames.Add((Rational.Rescale(frame.Time.Timestamp, frame.TimeBase, new(1, 1000)), frame.IsPredicted));
                Assert.Equal((64, 48, "gray"), (frame.Width, frame.Height, frame.PixelFormat));

                // Two codes from frame to frame, up to the last original, which is repeated.
                double expected = 16 + (2 * Math.Min(number, 44));
                Assert.InRange(frame.Row(0, 24)[32], expected - 1, expected + 1);
            }
        }

        Assert.Equal(Enumerable.Range(0, 48).Select(number => (number * 10L, number % 4 != 0 && number < 44)), frames);
    }

    [Fact]
    public void Options_that_cannot_be_are_refused_by_name()
    {
        ConversionOptions usual = Average.Conversion;
        (string Name, ConversionOptions Options)[] conversions =
        [
            ("QueueLength", usual with { QueueLength = 0 }), ("DecoderThreads", usual with { DecoderThreads = 100_000 }),
            ("EncoderThreads", usual with { EncoderThreads = -1 }), ("SegmentLength", usual with { SegmentLength = 0 }),
            ("Quality", usual with { Quality = double.NaN }), ("SceneCutThreshold", usual with { SceneCutThreshold = double.NaN }),
            ("Encoder", usual with { Encoder = "" }), ("EncoderOptions", usual with { EncoderOptions = null! }),
            ("Interlaced", usual with { Interlaced = (InterlacedHandling)77 }), ("PictureRate", usual with { PictureRate = default(Rational) }),
            ("FirstOutputPicture", usual with { FirstOutputPicture = -1 }), ("timing", usual with { Timing = null! }),
            ("Factor", usual with { Timing = new() { Factor = 0 } }), ("TargetRate", usual with { Timing = new() { TargetRate = new Rational(-1, 1) } }),
            ("SlowMotion", usual with { Timing = new() { SlowMotion = 3 } }), ("LongestGap", usual with { Timing = new() { LongestGap = 0 } }),
            ("conversion", null!),
        ];
        (string Name, InterpolationOptions Options)[] interpolations =
        [
            ("interpolation", null!), ("Model", new() { Model = null! }), ("network", new() { Network = null! }),
            ("Method", new() { Method = (InterpolationMethod)9 }), ("Ensemble", new() { Network = new() { Ensemble = 3 } }),
            ("MemoryLimit", new() { Network = new() { MemoryLimit = -1 } }),
        ];
        (string Name, FilterOptions Options)[] wrong =
        [
            .. conversions.Select(pair => (pair.Name, Average with { Conversion = pair.Options })),
            .. interpolations.Select(pair => (pair.Name, Average with { Interpolation = pair.Options })),
            ("options", null!),
        ];
        foreach ((string name, FilterOptions options) in wrong)
        {
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => new VideoConverter(options));
            Assert.EndsWith(name, error.ParamName, StringComparison.Ordinal);
            Assert.ThrowsAny<ArgumentException>(() => new ConversionVerifier(options));
        }

        Assert.Throws<ArgumentNullException>("input", () => new VideoConverter(Average).Convert(null!, "out.mkv"));
        Assert.Throws<ArgumentNullException>("output", () => new VideoConverter(Average).Plan(_folder["in.mkv"], null!));
    }

    [Fact]
    public async Task Leaving_the_loop_early_lets_go_of_the_file_and_another_loop_begins_anew()
    {
        VideoConverter converter = new(Average);
        for (int round = 0; round < 3; round++)
        {
            int count = 0;
            await foreach (InterpolatedFrame frame in converter.ReadFramesAsync(_folder["in.mkv"], cancellation: TestContext.Current.CancellationToken))
            {
                using (frame)
                {
                    Assert.Equal(16, frame.Row(0, 0)[0]);
                    count++;
                    break;
                }
            }

            Assert.Equal(1, count);
        }

        using FileStream alone = new(_folder["in.mkv"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task Cancelling_ends_the_loop()
    {
        using CancellationTokenSource user = new();
        int count = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (InterpolatedFrame frame in new VideoConverter(Average).ReadFramesAsync(_folder["in.mkv"], cancellation: user.Token))
            {
                frame.Dispose();
                if (++count == 5)
                {
                    await user.CancelAsync();
                }
            }
        });
        Assert.InRange(count, 5, 12);
    }

    [Fact]
    public async Task Errors_come_to_the_loop_and_notes_to_the_listener()
    {
        await Assert.ThrowsAsync<MediaException>(() => Count(Average, "none.mkv"));
        await Assert.ThrowsAsync<ConfigurationException>(() => Count(Average with { Interpolation = new() { Model = "no such model" } }, "in.mkv"));
        await Assert.ThrowsAsync<MediaException>(() => Count(Average with { Conversion = new() { PixelFormat = "nonsense" } }, "in.mkv"));

        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 10 -c:v ffv1 -g 1 {_folder["long.mkv"]}");
        byte[] clip = File.ReadAllBytes(_folder["long.mkv"]);
        File.WriteAllBytes(_folder["cut.mkv"], clip[..(clip.Length * 6 / 10)]);
        List<string> notes = [];
        Assert.InRange(await Count(Average, "cut.mkv", notes.Add), 200, 400);
        Assert.Contains(notes, note => note.StartsWith("The input seems to be cut short: it has ", StringComparison.Ordinal)
            && note.EndsWith(" of the 10.0 seconds that it states are missing.", StringComparison.Ordinal));
    }

    private async Task<int> Count(FilterOptions options, string name, Action<string>? note = null)
    {
        int count = 0;
        await foreach (InterpolatedFrame frame in new VideoConverter(options).ReadFramesAsync(_folder[name], note, TestContext.Current.CancellationToken))
        {
            frame.Dispose();
            count++;
        }

        return count;
    }
}
