using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>50 progressive frames a second, woven to 25 interlaced ones: what comes out is held against the 50.</summary>
public sealed class FieldTests : IDisposable
{
    private const int Width = 176, Height = 160, Count = 40, Samples = Width * Height;
    private static readonly ConversionOptions Lossless420 = Converter.Lossless with { PixelFormat = "yuv420p" };

    // The same for all tests, as one and the same clip is copied for each.
    private static double[][]? truthFrames;
    private readonly ClipFolder _folder = new();

    public FieldTests() => FfmpegCommand.Run(
        $"-f lavfi -i testsrc2=size={Width}x{Height}:rate=50 -frames:v {Count} -vf 'noise=alls=6,gblur=sigma=0.7,format=yuv420p' -c:v ffv1 "
        + _folder["truth.mkv"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tff", "in.mkv", "-c:v ffv1 -flags +ildct")]
    [InlineData("bff", "in.mkv", "-c:v ffv1 -flags +ildct")]
    [InlineData("tff", "in.mov", "-c:v utvideo")]
    [InlineData("bff", "in.mov", "-c:v utvideo")]
    [InlineData("tff", "untold.mkv", "-c:v utvideo")]
    [InlineData("bff", "untold.mkv", "-c:v utvideo")]
    [InlineData("tff", "in.mp4", "-c:v libx264 -qp 2 -preset veryfast -flags +ildct+ilme -x264opts tff=1")]
    [InlineData("bff", "in.ts", "-c:v libx264 -qp 2 -preset veryfast -flags +ildct+ilme -x264opts bff=1")]
    [InlineData("tff", "in.mpg", "-c:v mpeg2video -q:v 1 -bf 2 -flags +ildct+ilme")]
    [InlineData("tff", "raw.mov", "-c:v rawvideo -pix_fmt uyvy422")]
    [InlineData("bff", "in.mxf", "-c:v mpeg2video -q:v 1 -flags +ildct+ilme -top 0")]
    [InlineData("tff", "in.avi", "-c:v mpeg4 -q:v 1 -flags +ildct+ilme -top 1")]
    public void Each_field_becomes_a_frame_at_its_own_time_and_nothing_is_predicted(string order, string name, string coding)
    {
        Weave(order, name, coding);
        ConversionResult fields = Convert(name, "fields.mkv", Lossless420);
        Convert(name, "frames.mkv", Lossless420 with { Interlaced = InterlacedHandling.Frames });

        Assert.Equal(["The video is interlaced; each field becomes a frame (bwdif)."], fields.Messages);
        Assert.Equal((Count / 2, Count, 0), (fields.FramesIn, fields.FramesOut, fields.FramesInterpolated));
        Assert.Equal((new Rational(25, 1), new Rational(50, 1)), (fields.InputRate, fields.OutputRate));
        double[] times = Times("fields.mkv");
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index / 50.0, frame.Item - times[0], 0.0011));

        // Every plane for itself: chroma has half of the rows. Of both orders, the wrong one would put every second frame a field late or early.
        (double[] luma, double[] chroma) = Scores("fields.mkv");
        (double[] lumaOfFrames, double[] chromaOfFrames) = Scores("frames.mkv");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{order} {name}: luma {luma.Average():0.0} dB (least {luma.Min():0.0}), frames {lumaOfFrames.Average():0.0} (least {lumaOfFrames.Min():0.0}); "
            + $"chroma {chroma.Average():0.0} (least {chroma.Min():0.0}), frames {chromaOfFrames.Average():0.0} (least {chromaOfFrames.Min():0.0})");
        Assert.InRange(luma.Min(), lumaOfFrames.Min() + 1, 99);
        Assert.InRange(luma.Average(), lumaOfFrames.Average() + 1, 99);
        Assert.InRange(chroma.Average(), chromaOfFrames.Average() + 0.3, 99);
        Assert.InRange(luma[2..^2].Max() - luma[2..^2].Min(), 0, 4); // The first and the last frame lack a neighbour.
    }

    [Fact]
    public void Higher_factors_predict_between_the_fields()
    {
        Weave("tff", "in.mkv", "-c:v ffv1 -flags +ildct");
        Convert("in.mkv", "fields.mkv", Converter.Lossless);
        ConversionResult four = Convert("in.mkv", "out.mkv", Converter.Lossless with { Timing = new() { Factor = 4 } });

        Assert.Equal((Count / 2, 2 * Count, Count - 1), (four.FramesIn, four.FramesOut, four.FramesInterpolated));
        Assert.Equal(FrameHashes.OfVideo(_folder["fields.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]).Where((_, i) => i % 2 == 0));
        Assert.All(Times("out.mkv").Index(), frame => Assert.Equal(frame.Index / 100.0, frame.Item, 0.0011));
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(60, 1)]
    [InlineData(30, 1)]
    [InlineData(25, 0)]
    public void A_rate_takes_the_fields_that_fall_on_it_and_predicts_the_others(int rate, int least)
    {
        Weave("bff", "in.mkv", "-c:v ffv1 -flags +ildct");
        Convert("in.mkv", "fields.mkv", Converter.Lossless);
        ConversionResult result = Convert("in.mkv", "out.mkv", Converter.Lossless with { Timing = new() { TargetRate = new(rate, 1) } });

        double[] times = Times("out.mkv");
        Assert.Equal(Count * rate / 50, times.Length);
        Assert.InRange(result.FramesInterpolated, least, least * Count);
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index / (double)rate, frame.Item, 0.0011));
        string[] fields = FrameHashes.OfVideo(_folder["fields.mkv"]), frames = FrameHashes.OfVideo(_folder["out.mkv"]);
        Assert.All(frames.Index().Where(frame => frame.Index * 50 % rate == 0), frame => Assert.Equal(fields[frame.Index * 50 / rate], frame.Item));
    }

    [Fact]
    public void A_constant_rate_is_that_of_the_fields()
    {
        Weave("tff", "in.mkv", "-c:v ffv1 -flags +ildct");
        Convert("in.mkv", "fields.mkv", Converter.Lossless);
        ConversionResult result = Convert("in.mkv", "out.mkv", Converter.Lossless with { Timing = new() { VariableRate = VariableRate.Constant } });

        Assert.Equal(0, result.FramesInterpolated);
        Assert.Equal(FrameHashes.OfVideo(_folder["fields.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Slow_motion_shows_the_fields_one_after_the_other(int slow)
    {
        Weave("tff", "in.mkv", "-c:v ffv1 -flags +ildct");
        Convert("in.mkv", "fields.mkv", Converter.Lossless);
        ConversionResult result = Convert("in.mkv", "out.mkv", Converter.Lossless with { Timing = new() { SlowMotion = slow } });

        Assert.Equal((new Rational(25, 1), slow == 2 ? 0 : Count - 1), (result.OutputRate, result.FramesInterpolated));
        Assert.Equal(FrameHashes.OfVideo(_folder["fields.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]).Where((_, i) => i % (slow / 2) == 0));
        Assert.All(Times("out.mkv").Index(), frame => Assert.Equal(frame.Index / 25.0, frame.Item, 0.0011));
    }

    [Theory]
    [InlineData("tff", "m2v", "-c:v mpeg2video -q:v 1", "-flags +ildct+ilme -top 1")]
    [InlineData("bff", "m2v", "-c:v mpeg2video -q:v 1", "-flags +ildct+ilme -top 0")]
    [InlineData("tff", "h264", "-c:v libx264 -qp 2 -bf 0 -x264opts no-scenecut", "-flags +ildct+ilme -x264opts tff=1")]
    [InlineData("bff", "h264", "-c:v libx264 -qp 2 -bf 0 -x264opts no-scenecut", "-flags +ildct+ilme -x264opts bff=1")]
    public void Among_interlaced_frames_progressive_ones_stay_as_they_are_and_have_one_predicted_behind_each(
        string order, string kind, string coding, string interlaced)
    {
        // Five and five frames; the video begins with progressive ones.
        List<string> parts = [];
        for (int part = 0; part < 4; part++)
        {
            bool isWoven = part % 2 == 1;
            string frames = $"trim=start_frame={10 * part}:end_frame={10 * (part + 1)},setpts=PTS-STARTPTS";
            string filter = isWoven ? $"tinterlace=interleave_{(order == "tff" ? "top" : "bottom")},setfield={order}" : "select=not(mod(n\\,2))";
            parts.Add(_folder[$"{part}.{kind}"]);
            FfmpegCommand.Run($"-i {_folder["truth.mkv"]} -vf '{frames},{filter},setpts=N/25/TB' -r 25 {coding} {(isWoven ? interlaced : "")} {parts[^1]}");
        }

        File.WriteAllBytes(_folder[$"all.{kind}"], [.. parts.SelectMany(File.ReadAllBytes)]);
        FfmpegCommand.Run($"-r 25 -i {_folder[$"all.{kind}"]} -c copy -bsf:v setts=ts=40*N {_folder["in.mkv"]}");
        ConversionResult result = Convert("in.mkv", "out.mkv", Converter.Lossless);

        Assert.Equal((Count / 2, Count, Count / 4), (result.FramesIn, result.FramesOut, result.FramesInterpolated));
        double[] times = Times("out.mkv");
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index / 50.0, frame.Item - times[0], 0.0011));
        string[] before = FrameHashes.OfVideo(_folder["in.mkv"]), after = FrameHashes.OfVideo(_folder["out.mkv"]);
        Assert.All(Enumerable.Range(0, Count / 2).Where(i => i / 5 % 2 == 0), frame => Assert.Equal(before[frame], after[2 * frame]));
        (double[] luma, _) = Scores("out.mkv");
        Assert.All(Enumerable.Range(0, Count).Where(i => i / 10 % 2 == 1), i => Assert.InRange(luma[i], 27, 99));
    }

    [Fact]
    public void Behind_a_missing_frame_the_second_field_keeps_its_time()
    {
        Weave("tff", "whole.mkv", "-c:v ffv1 -flags +ildct");
        FfmpegCommand.Run($"-i {_folder["whole.mkv"]} -c copy -bsf:v noise=drop=eq(n\\,10) {_folder["in.mkv"]}");
        Convert("in.mkv", "out.mkv", Converter.Lossless);

        double[] times = Times("out.mkv");
        Assert.Equal(Count - 2, times.Length);
        Assert.Equal([0.36, 0.38, 0.44, 0.46], times[18..22].Select(time => Math.Round(time, 3)));
    }

    [Fact]
    public void Segments_divide_fields_without_a_trace()
    {
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=50 -t 6 -vf tinterlace=interleave_top,setfield=tff -c:v ffv1 -flags +ildct {_folder["long.mkv"]}");
        ConversionOptions options = Converter.Lossless with { SegmentLength = 1, Timing = new() { Factor = 4 } };
        Assert.Equal(600, Convert("long.mkv", "one.mkv", options with { SegmentLength = 60 }).FramesOut);

        using CancellationTokenSource stop = new();
        TimedInterpolator stopping = new(new AveragingInterpolator(), predicted =>
        {
            if (predicted == 220)
            {
                stop.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => new InterpolationPipeline(stopping, "settings")
            .Run(_folder["long.mkv"], _folder["out.mkv"], options, cancellation: stop.Token));
        ConversionResult resumed = new InterpolationPipeline(new AveragingInterpolator(), "settings").Run(_folder["long.mkv"], _folder["out.mkv"], options);

        Assert.Contains(resumed.Messages, message => message.StartsWith("Resuming after ", StringComparison.Ordinal));
        Assert.Equal(FrameHashes.OfVideo(_folder["one.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
        Assert.Equal(Times("one.mkv"), Times("out.mkv"));
    }

    [Theory]
    [InlineData("top", "in.mkv")]
    [InlineData("bottom", "in.mp4")]
    public void Fields_that_are_coded_as_pictures_are_woven_first(string order, string name)
    {
        FfmpegCommand.Run(
            $"-i {_folder["truth.mkv"]} -vf tinterlace=interleave_{order},setfield={order[0]}ff,separatefields -c:v libx265 "
            + $"-x265-params log-level=none:lossless=1:interlace={order[0]}ff {_folder[name]}");
        ConversionResult result = Convert(name, "out.mkv", Converter.Lossless);

        Assert.Equal((Count, 0, new Rational(50, 1)), (result.FramesOut, result.FramesInterpolated, result.OutputRate));
        double[] times = Times("out.mkv");
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index / 50.0, frame.Item - times[0], 0.0011));
        Weave(order[0] + "ff", "woven.mkv", "-c:v ffv1 -flags +ildct");
        Convert("woven.mkv", "fields.mkv", Converter.Lossless);
        Assert.Equal(FrameHashes.OfVideo(_folder["fields.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
        Assert.Equal(Count, Convert(name, "frames.mkv", Converter.Lossless with { Interlaced = InterlacedHandling.Frames }).FramesOut);
    }

    [Theory]
    [InlineData("tff", FieldOrder.Top)]
    [InlineData("bff", FieldOrder.Bottom)]
    public void Video_that_says_nothing_of_fields_has_them_on_request(string order, FieldOrder stated)
    {
        Weave(order, "in.avi", "-c:v huffyuv -pix_fmt yuv422p");
        Assert.Empty(Convert("in.avi", "untold.mkv", Converter.Lossless).Messages);
        ConversionResult result = Convert("in.avi", "out.mkv", Converter.Lossless with { FieldOrder = stated, PixelFormat = "yuv420p" });

        Assert.Equal(0, result.FramesInterpolated);
        (double[] luma, _) = Scores("out.mkv");
        Assert.InRange(luma.Min(), 25, 99);
    }

    [Theory]
    [InlineData("setfield=tff", "-c:v ffv1 -flags +ildct", "progressive: of the first 100 frames 0 look interlaced and", "--interlaced ignore")]
    [InlineData("telecine,setfield=tff", "-c:v ffv1 -flags +ildct", "film spread over fields (3:2 pulldown): ", "--interlaced film")]
    [InlineData("tinterlace=interleave_bottom,setfield=prog", "-c:v ffv1", "interlaced, bottom field first: of the first 100 frames", "--field-order bottom")]
    public void Where_the_file_does_not_fit_its_pictures_a_message_says_what_would(string filter, string coding, string found, string advice)
    {
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=50 -frames:v 220 -vf format=yuv420p,gblur=sigma=2,{filter} {coding} {_folder["in.mkv"]}");
        string message = Assert.Single(
            Convert("in.mkv", "out.mkv", Converter.Fast).Messages, message => message.StartsWith("Fields: ", StringComparison.Ordinal));

        Assert.StartsWith($"Fields: {found}", message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_are_interlaced_in_the_sense_of_PNG_are_whole()
    {
        FfmpegCommand.Run($"-i {_folder["truth.mkv"]} -frames:v 4 -pix_fmt rgb24 -c:v png -flags +ildct {_folder["in.mov"]}");
        ConversionResult result = Convert("in.mov", "out.mov", new() { Encoder = "png", SceneCutDetection = false });

        Assert.DoesNotContain(result.Messages, message => message.Contains("interlaced", StringComparison.Ordinal));
        Assert.Equal((4, 8), (result.FramesIn, result.FramesOut));
        Assert.Equal(FrameHashes.OfVideo(_folder["in.mov"]), FrameHashes.OfVideo(_folder["out.mov"]).Where((_, i) => i % 2 == 0));
    }

    private void Weave(string order, string name, string coding) => FfmpegCommand.Run(
        $"-i {_folder["truth.mkv"]} -vf tinterlace=interleave_{(order == "tff" ? "top" : "bottom")},setfield={order} {coding} {_folder[name]}");

    private ConversionResult Convert(string input, string output, ConversionOptions options) => Converter.Run(_folder[input], _folder[output], options);

    private double[] Times(string name) => [.. VideoTimes.Of(_folder[name]).Frames];

    // Each output frame against that of the truth at its place: luma, and both chroma planes together, in dB.
    private (double[] Luma, double[] Chroma) Scores(string name)
    {
        double[][] truth = LazyInitializer.EnsureInitialized(ref truthFrames, () => RawFrames.Read(_folder["truth.mkv"], "yuv420p", Count, wide: false));
        double[][] frames = RawFrames.Read(_folder[name], "yuv420p", Count, wide: false);
        return (Of(..Samples), Of(Samples..));

        double[] Of(Range samples) => [.. truth.Zip(frames, (a, b) => Score(a.AsSpan(samples), b.AsSpan(samples)))];

        static double Score(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
            {
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            }

            return 10 * Math.Log10(255 * 255 / Math.Max(1e-5, sum / a.Length));
        }
    }
}
