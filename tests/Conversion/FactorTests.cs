using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Factors and rates other than doubling. In these clips frame n has the code 16 + 8n, so that averaging gives frames of phase p
/// just p more.</summary>
public class FactorTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void The_rate_is_multiplied_by_halving_again_and_again(int factor)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(Ramp(25, 6) + folder["in.mkv"]);
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless with { Timing = new() { Factor = factor } });
        Assert.Equal(6 * factor, result.FramesOut);
        Assert.Equal(5 * (factor - 1), result.FramesInterpolated);
        Assert.Equal(factor - 1, result.FramesRepeated);
        Assert.Equal(new Rational(25 * factor, 1), result.OutputRate);
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", 6 * factor, wide: false);
        VideoTimes times = VideoTimes.Of(folder["out.mkv"]);
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.Equal(16 + Math.Min(40, 8 * i / factor), frames[i][0]);
            Assert.Equal(i / (25.0 * factor), times.Frames[i], 0.00051);
        }
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(4, null)]
    [InlineData(null, 100)]
    public void A_loop_leads_from_the_last_frame_to_the_first(int? factor, int? rate)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(Ramp(25, 6) + folder["in.mkv"]);
        ConversionResult result = Converter.Run(
            folder["in.mkv"],
            folder["out.mkv"],
            Converter.Lossless with { Timing = new() { Factor = factor, TargetRate = rate is { } asked ? new(asked, 1) : null, Loop = true } });
        int parts = factor ?? (rate!.Value / 25);
        Assert.Equal((6 * parts, 6 * (parts - 1), 0), (result.FramesOut, result.FramesInterpolated, result.FramesRepeated));
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", 6 * parts, wide: false);
        for (int i = 0; i < frames.Length; i++)
        {
            double way = i / (double)parts;
            Assert.Equal(16 + (way <= 5 ? 8 * way : 40 * (6 - way)), frames[i][0]);
        }
    }

    [Theory]
    [InlineData("24", "60")]
    [InlineData("25", "60")]
    [InlineData("24000/1001", "60000/1001")]
    [InlineData("30000/1001", "30")]
    [InlineData("15", "15")]
    public void Any_rate_above_the_inputs_is_reached_on_an_exact_grid(string from, string to)
    {
        using ClipFolder folder = new();
        Rational input = Parse(from), output = Parse(to);
        FfmpegCommand.Run(Ramp(from, 25).Replace("-c:v ffv1", "-c:v qtrle -pix_fmt gray") + folder["in.mov"]);
        ConversionResult result = Converter.Run(
            folder["in.mov"], folder["out.mov"], Converter.Lossless with { Encoder = "qtrle", Timing = new() { TargetRate = output } });
        int count = (int)Math.Round(25 / input.ToDouble() * output.ToDouble(), MidpointRounding.AwayFromZero);
        Assert.Equal(count, result.FramesOut);
        VideoTimes times = VideoTimes.Of(folder["out.mov"]);
        double[][] frames = RawFrames.Read(folder["out.mov"], "gray", count, wide: false);
        for (int i = 0; i < count; i++)
        {
            double place = i * input.ToDouble() / output.ToDouble();
            Assert.Equal(i / output.ToDouble(), times.Frames[i], 2e-6);
            Assert.Equal(16 + Math.Min(192, 8 * place), frames[i][0], 0.5 + 1e-6);
        }

        Assert.Equal(to.Contains('/') ? to : to + "/1", times.Rate);
    }

    [Fact]
    public void A_grid_begins_with_the_first_frame_wherever_that_stands()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i color=black:size=32x32:rate=24,format=gray,geq=lum=16+8*N -f lavfi -i sine=duration=1.5 -vf setpts=PTS+0.517/TB -frames:v 24 "
            + $"-c:v libx264 -qp 0 -preset ultrafast -c:a aac {folder["in.mp4"]}");
        ConversionOptions options = Converter.Fast with { Timing = new() { TargetRate = new(60000, 1001) } };
        Converter.Run(folder["in.mp4"], folder["out.mp4"], options);
        IReadOnlyList<double> before = VideoTimes.Of(folder["in.mp4"]).Frames, after = VideoTimes.Of(folder["out.mp4"]).Frames;
        Assert.InRange(before[0], 0.5, 0.53);
        for (int i = 0; i < after.Count; i++)
        {
            Assert.Equal(before[0] + (i * 1001 / 60000.0), after[i], 2e-5);
        }
    }

    [Fact]
    public void A_rate_below_the_inputs_is_refused()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(Ramp(30, 3) + folder["in.mkv"]);
        MediaException refusal = Assert.Throws<MediaException>(() =>
            Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless with { Timing = new() { TargetRate = new(25, 1) } }));
        Assert.Contains("30 frames per second, more than the requested 25", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], folder.Names);
    }

    [Fact]
    public void At_a_cut_each_new_frame_shows_the_nearer_scene_or_a_mix()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i mandelbrot=size=128x72:rate=25 -f lavfi -i cellauto=size=128x72:rate=25:rule=110:random_seed=7 "
            + $"-filter_complex [0:v]trim=end_frame=4,format=yuv420p[a];[1:v]trim=start_frame=30:end_frame=34,setpts=PTS-STARTPTS,format=yuv420p[b];"
            + $"[a][b]concat=n=2:v=1 -c:v ffv1 {folder["in.mkv"]}");
        ConversionOptions options = Converter.Lossless with { SceneCutDetection = true, Timing = new() { Factor = 4 } };
        ConversionResult repeated = Converter.Run(folder["in.mkv"], folder["repeat.mkv"], options);
        Converter.Run(folder["in.mkv"], folder["blend.mkv"], options with { CutHandling = CutHandling.Blend });
        Assert.Equal(1, repeated.SceneCuts);
        string[] repeat = FrameHashes.OfVideo(folder["repeat.mkv"]), blend = FrameHashes.OfVideo(folder["blend.mkv"]);

        // Frame 12 is the first scene's last, 16 the second one's first.
        Assert.Equal([repeat[12], repeat[12], repeat[16]], repeat[13..16]);
        Assert.Equal(5, blend[12..17].Distinct().Count());
    }

    [Fact]
    public void A_gap_is_held_instead_of_predicted_across()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(Ramp(25, 30).Replace("geq=", "select=not(between(n\\,10\\,19)),geq=") + "-fps_mode vfr " + folder["in.mkv"]);
        ConversionResult held = Converter.Run(folder["in.mkv"], folder["held.mkv"], Converter.Lossless);
        Assert.Contains("1 gap was too long", Assert.Single(held.Messages), StringComparison.Ordinal);
        double[][] frames = RawFrames.Read(folder["held.mkv"], "gray", (int)held.FramesOut, wide: false);
        Assert.Equal(frames[18][0], frames[19][0]);
        VideoTimes times = VideoTimes.Of(folder["held.mkv"]);
        Assert.Equal(0.22, times.Frames[20] - times.Frames[19], 0.0011);

        ConversionResult predicted = Converter.Run(
            folder["in.mkv"], folder["all.mkv"], Converter.Lossless with { Timing = new() { LongestGap = null } });
        Assert.Empty(predicted.Messages);
        Assert.Equal(held.FramesInterpolated + 1, predicted.FramesInterpolated);
    }

    [Fact]
    public void A_variable_rate_becomes_constant_on_request()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=30 -vf select=not(eq(mod(n\\,5)\\,1)) -frames:v 40 -fps_mode vfr -r 30 "
            + $"-c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        ConversionResult result = Converter.Run(
            folder["in.mp4"], folder["out.mp4"], Converter.Fast with { Timing = new() { VariableRate = VariableRate.Constant } });
        VideoTimes before = VideoTimes.Of(folder["in.mp4"]), after = VideoTimes.Of(folder["out.mp4"]);
        double step = 1 / result.OutputRate.ToDouble();
        for (int i = 0; i < after.Frames.Count; i++)
        {
            Assert.Equal(i * step, after.Frames[i] - after.Frames[0], 2e-6);
        }

        Assert.Equal(before.StreamDuration, after.StreamDuration, step);
    }

    [Theory]
    [InlineData(true, "60", null, null)]
    [InlineData(false, "60", null, null)] // the nearest eighth of the way
    [InlineData(true, null, 4, null)]
    [InlineData(true, null, null, 8)]
    public async Task A_network_that_knows_the_time_is_asked_for_every_place_itself(bool knowsTime, string? rate, int? factor, int? slow)
    {
        // Weights of zeros find no motion and blend by the time: averaging.
        using ClipFolder folder = new();
        InterpolationNetwork network = InterpolationNetwork.Of(
            NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0, KernelSize = 3, KnowsTime = knowsTime });
        Dictionary<string, float[]> zeros = network.Layers.SelectMany(layer => layer.Tensors)
            .ToDictionary(tensor => tensor.Name, tensor => new float[tensor.Shape.Aggregate(1L, (product, extent) => product * extent)]);
        new NetworkWeights(network, zeros, new Dictionary<string, string>()).Save(folder["zeros.safetensors"], half: true);
        FfmpegCommand.Run($"-f lavfi -i color=black:size=32x32:rate=24,format=gray,geq=lum=16+40*N -frames:v 6 -c:v ffv1 {folder["in.mkv"]}");
        FilterOptions options = new()
        {
            Interpolation = new() { Model = folder["zeros.safetensors"] },
            Conversion = Converter.Lossless with
            {
                PixelFormat = "gray",
                Timing = new() { TargetRate = rate is null ? null : Parse(rate), Factor = factor, SlowMotion = slow },
            },
        };
        int count = 0;
        await foreach (InterpolatedFrame frame in new VideoConverter(options).ReadFramesAsync(
            folder["in.mkv"], cancellation: TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                double place = Math.Min(5, rate is null ? (double)count / (factor ?? slow)!.Value : count * 0.4);
                if (!knowsTime)
                {
                    place = Math.Floor(8 * place + 0.5) / 8;
                }

                Assert.Equal(16 + 40 * place, frame.Row(0, 16)[16], 0.5 + 1e-3);
                count++;
            }
        }

        Assert.Equal(rate is null ? 6 * (factor ?? slow) : 15, count);
    }

    private static string Ramp(object rate, int frames) =>
        $"-f lavfi -i color=black:size=32x32:rate={rate},format=gray,geq=lum=16+8*N -frames:v {frames} -c:v ffv1 ";

    private static Rational Parse(string rate)
    {
        string[] parts = rate.Split('/');
        return new(long.Parse(parts[0]), parts.Length == 2 ? long.Parse(parts[1]) : 1);
    }
}
