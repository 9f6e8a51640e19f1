using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>What the encoder is given, read back from lossless files, bit by bit.</summary>
public class PixelTests
{
    [Theory]
    [InlineData("yuv420p")]
    [InlineData("yuv422p10le")]
    [InlineData("yuv444p12le")]
    [InlineData("yuv411p")]
    [InlineData("yuv410p")]
    [InlineData("yuva420p")]
    [InlineData("yuva444p10le")]
    [InlineData("bgr0")]
    [InlineData("gbrp12le")]
    [InlineData("gray")]
    [InlineData("gray10le")]
    [InlineData("bgra")]
    public void Originals_reach_the_encoder_untouched(string format)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=102x58:rate=25 -frames:v 5 -c:v ffv1 -pix_fmt {format} {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless);
        string[] before = FrameHashes.OfVideo(folder["in.mkv"]), after = FrameHashes.OfVideo(folder["out.mkv"]);

        Assert.Equal(10, after.Length);
        Assert.Equal(before, after.Where((_, i) => i % 2 == 0));
        Assert.NotEqual(after[0], after[1]);
        Assert.Equal(after[8], after[9]);
        Assert.Equal(4, result.FramesInterpolated);
        Assert.Equal(1, result.FramesRepeated);
        Assert.Equal(format, result.PixelFormat);
        Assert.Empty(result.Messages);
    }

    [Theory]
    [InlineData("libx264", "-c:v libx264 -qp 0 -pix_fmt yuv420p", "qp", "0")]
    [InlineData("ffv1", "-c:v ffv1 -pix_fmt yuv444p10le", "slices", "4")]
    public void A_still_clip_stays_still(string encoder, string arguments, string option, string value)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.04 -vf loop=11:1 -frames:v 12 {arguments} {folder["in.mkv"]}");
        ConversionOptions options = Converter.Lossless with
        {
            Encoder = encoder,
            EncoderOptions = Converter.Lossless.EncoderOptions.Add(option, value),
        };
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], options);
        string[] after = FrameHashes.OfVideo(folder["out.mkv"]);
        Assert.Equal(24, after.Length);
        Assert.Single(after.Distinct());
        Assert.Equal(FrameHashes.OfVideo(folder["in.mkv"])[0], after[0]);
        Assert.Equal(12, result.FramesRepeated);
        Assert.Equal(0, result.FramesInterpolated);
    }

    /// <remarks>The clips brighten slowly, so that every new frame is interpolated; expected is the mean of its neighbours.</remarks>
    [Theory]
    [InlineData("yuv420p", "bt709", "tv")]
    [InlineData("yuv420p", "bt709", "pc")]
    [InlineData("yuv420p", "smpte170m", "tv")]
    [InlineData("yuv422p", "smpte170m", "pc")]
    [InlineData("yuv420p10le", "bt709", "tv")]
    [InlineData("yuv420p10le", "bt2020nc", "pc")]
    [InlineData("yuv420p", "", "")]
    [InlineData("yuv444p10le", "", "")]
    [InlineData("gbrp10le", "", "")]
    public void New_frames_match_the_old_in_colour(string format, string matrix, string range)
    {
        using ClipFolder folder = new();
        string tags = matrix.Length > 0 ? $"-colorspace {matrix} -color_range {range}" : "";
        string ramp = "gradients=size=96x64:rate=25:x0=0:y0=0:x1=95:y1=63:nb_colors=3:c0=0x203040:c1=0xC0F0E0:c2=0xFF2010:speed=0.02";
        FfmpegCommand.Run($"-f lavfi -i {ramp} -frames:v 6 -c:v ffv1 -pix_fmt {format} {tags} {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless);
        bool wide = format.Contains("10", StringComparison.Ordinal);
        double[][] frames = RawFrames.Read(folder["out.mkv"], format, 12, wide);
        for (int i = 1; i < 11; i += 2)
        {
            double error = 0, bias = 0, change = 0;
            for (int s = 0; s < frames[i].Length; s++)
            {
                double expected = (frames[i - 1][s] + frames[i + 1][s]) / 2;
                error += Math.Abs(frames[i][s] - expected);
                bias += frames[i][s] - expected;
                change += Math.Abs(frames[i - 1][s] - frames[i + 1][s]);
            }

            Assert.True(change > 0, "the clip must move");
            Assert.True(error / frames[i].Length < 0.3, $"frame {i}: mean error {error / frames[i].Length}");

            // R, G, B are scaled to 0..1 and back, which decides halves by the last bit instead of by evenness.
            Assert.Equal(0, bias / frames[i].Length, format == "gbrp10le" ? 0.25 : 0.05);
        }

        if (matrix.Length > 0)
        {
            var stream = FfmpegCommand.Probe(folder["out.mkv"], "-show_streams").GetProperty("streams")[0];
            Assert.Equal(matrix, stream.GetProperty("color_space").GetString());
            Assert.Equal(range, stream.GetProperty("color_range").GetString());
        }
    }

    [Fact]
    public void Full_range_under_its_old_name_is_only_renamed()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 -c:v mjpeg -q:v 2 -pix_fmt yuvj420p {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless);
        string[] before = FrameHashes.OfVideo(folder["in.mkv"], "yuvj420p"), after = FrameHashes.OfVideo(folder["out.mkv"], "yuvj420p");
        Assert.Equal(before, after.Where((_, i) => i % 2 == 0));
        Assert.Equal("pc", FfmpegCommand.Probe(folder["out.mkv"], "-show_streams").GetProperty("streams")[0].GetProperty("color_range").GetString());
        Assert.Empty(result.Messages);
    }

    [Fact]
    public void Odd_sizes_lose_nothing_with_H264()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc=size=97x63:rate=25 -frames:v 3 -c:v ffv1 -pix_fmt yuv420p {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(
            folder["in.mkv"], folder["out.mkv"], Converter.Fast with { EncoderOptions = Converter.Fast.EncoderOptions.Add("qp", "0") });
        Assert.Equal("yuv444p", result.PixelFormat);
        Assert.Contains(result.Messages, text => text.Contains("97×63", StringComparison.Ordinal));
        double[][] before = RawFrames.Read(folder["in.mkv"], "yuv420p", 3, wide: false);
        double[][] after = RawFrames.Read(folder["out.mkv"], "yuv444p", 6, wide: false);
        for (int y = 0; y < 63; y++)
        {
            for (int x = 0; x < 97; x++)
            {
                Assert.Equal(before[1][(y * 97) + x], after[2][(y * 97) + x]);
                Assert.Equal(before[1][(97 * 63) + (y / 2 * 49) + (x / 2)], after[2][(97 * 63) + (y * 97) + x]);
            }
        }
    }

    [Theory]
    [InlineData("-c:v rawvideo -pix_fmt bgr24", "avi", "bgr0", "rgb24")]
    [InlineData("-c:v rawvideo -pix_fmt yuyv422", "avi", "yuv422p", "yuv422p")]
    [InlineData("-c:v rawvideo -pix_fmt rgb565le", "avi", "bgr0", "rgb24")]
    [InlineData("-c:v gif -pix_fmt rgb8", "gif", "bgra", "rgb24")]
    public void Unusual_formats_are_converted_once_without_loss(string arguments, string extension, string expected, string compared)
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 {arguments} {input}");
        ConversionResult result = Converter.Run(input, folder["out.mkv"], Converter.Lossless);
        string[] before = FrameHashes.OfVideo(input, compared), after = FrameHashes.OfVideo(folder["out.mkv"], compared);
        Assert.Equal(expected, result.PixelFormat);
        Assert.Equal(6, after.Length);
        Assert.Equal(before, after.Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public void A_format_that_the_encoder_lacks_gives_way_to_the_nearest_with_a_note()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 -c:v ffv1 -pix_fmt yuv422p12le {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"]);
        Assert.Equal("yuv422p10le", result.PixelFormat);
        Assert.Equal(["Encoding yuv422p10le instead of yuv422p12le, which libx264 does not support. Of 12 bits a sample, 10 are kept."], result.Messages);
    }

    [Fact]
    public void Cuts_repeat_the_earlier_frame_or_blend()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i mandelbrot=size=128x72:rate=25 -f lavfi -i cellauto=size=128x72:rate=25:rule=110:random_seed=7 "
            + $"-filter_complex [0:v]trim=end_frame=4,format=yuv420p[a];[1:v]trim=start_frame=30:end_frame=34,setpts=PTS-STARTPTS,format=yuv420p[b];"
            + $"[a][b]concat=n=2:v=1 -c:v ffv1 {folder["in.mkv"]}");
        ConversionOptions options = Converter.Lossless with { SceneCutDetection = true };
        ConversionResult repeated = Converter.Run(folder["in.mkv"], folder["repeat.mkv"], options);
        ConversionResult blended = Converter.Run(folder["in.mkv"], folder["blend.mkv"], options with { CutHandling = CutHandling.Blend });
        Assert.Equal(1, repeated.SceneCuts);
        Assert.Equal(1, blended.SceneCuts);
        string[] repeat = FrameHashes.OfVideo(folder["repeat.mkv"]), blend = FrameHashes.OfVideo(folder["blend.mkv"]);
        Assert.Equal(repeat[6], repeat[7]);
        Assert.NotEqual(blend[6], blend[7]);
        Assert.NotEqual(blend[8], blend[7]);
        Assert.Equal(repeated.FramesInterpolated, blended.FramesInterpolated);
    }
}
