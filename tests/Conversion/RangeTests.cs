using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Full range is kept where coding or container can say so, and becomes video range where players would take it for that.</summary>
public sealed class RangeTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yuvj420p", "libx264 -qp 1", "mkv", "libx264", false)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mp4", "libx264", false)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mov", "libx264", false)]
    [InlineData("yuvj420p", "libx264 -qp 1", "ts", "libx264", false)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mkv", "ffv1", false)]
    [InlineData("yuvj420p", "libx264 -qp 1", "avi", "mjpeg", false)]
    [InlineData("yuvj420p", "libx264 -qp 1", "avi", "utvideo", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mxf", "mpeg2video", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "wmv", "wmv2", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mp4", "mpeg4", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mkv", "mpeg2video", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mkv", "prores_ks", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "webm", "libvpx", true)]
    [InlineData("yuvj420p", "libx264 -qp 1", "mkv", "mpeg4", false)]
    [InlineData("yuv420p", "ffv1", "avi", "ffv1", true)]
    [InlineData("yuv420p", "ffv1", "mpg", "mpeg2video", true)]
    [InlineData("yuv420p", "ffv1", "nut", "ffv1", true)]
    [InlineData("yuv420p", "ffv1", "mkv", "libvpx-vp9", false)]
    [InlineData("yuv422p10le", "ffv1", "mov", "prores_ks", true)]
    [InlineData("yuv422p10le", "ffv1", "mkv", "ffv1", false)]
    public void Black_and_white_look_as_before(string format, string coding, string extension, string encoder, bool isLimited)
    {
        FfmpegCommand.RequireEncoder(encoder);
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.4 -vf scale=out_range=full,format={format} -color_range pc -c:v {coding} {_folder["in.mkv"]}");
        ConversionOptions options = new() { Encoder = encoder, SceneCutDetection = false };

        ConversionResult result = Converter.RunVerified(_folder["in.mkv"], _folder[$"out.{extension}"], options);

        Assert.Equal(isLimited, result.Messages.Any(message => message.StartsWith("Full range becomes video range", StringComparison.Ordinal)));
        double[] before = Rgb("in.mkv"), after = Rgb($"out.{extension}");
        double error = Math.Sqrt(before.Zip(after, (a, b) => (a - b) * (a - b)).Average());
        Assert.True(error < 6, $"The first frame is off by {error:0.0} of 255."); // 13 and more where the range is mistaken
    }

    [Theory]
    [InlineData("yuv420p")]
    [InlineData("yuv444p")]
    public void A_range_that_becomes_full_midway_is_brought_to_the_first(string encoded)
    {
        string[] parts = ["tv", "pc"];
        for (int part = 0; part < 2; part++)
        {
            string range = parts[part] == "pc" ? "full" : "limited";
            FfmpegCommand.Run(
                $"-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.4 -vf scale=out_range={range},format=yuv420p -color_range {parts[part]} -colorspace bt709 "
                + $"-output_ts_offset {part * 0.4:0.0} -c:v libx264 -qp 1 -g 5 -bf 0 -f mpegts {_folder[$"{part}.ts"]}");
        }

        File.WriteAllBytes(_folder["in.ts"], [.. File.ReadAllBytes(_folder["0.ts"]), .. File.ReadAllBytes(_folder["1.ts"])]);
        ConversionOptions options = new() { Encoder = "ffv1", PixelFormat = encoded, SceneCutDetection = false };

        ConversionResult result = Converter.Run(_folder["in.ts"], _folder["out.mkv"], options);

        Assert.Contains(result.Messages, text => text.StartsWith("From frame 11 on, colours use", StringComparison.Ordinal));
        double[] before = Rgb("0.ts");
        FfmpegCommand.Run($"-i {_folder["out.mkv"]} -vf select=gte(n\\,20) -frames:v 1 -c:v ffv1 {_folder["later.mkv"]}");
        double[] after = Rgb("later.mkv");
        double error = Math.Sqrt(before.Zip(after, (a, b) => (a - b) * (a - b)).Average());
        Assert.True(error < 6, $"The first frame of the second part, which is the video's first again, is off by {error:0.0} of 255.");
    }

    [Fact]
    public void Shape_and_colours_that_change_midway_are_told()
    {
        string[] parts = ["setsar=1:1 -colorspace bt709 -color_primaries bt709 -color_trc bt709",
            "setsar=16/11 -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084"];
        for (int part = 0; part < 2; part++)
        {
            FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.4 -vf format=yuv420p,{parts[part]} "
                + $"-output_ts_offset {part * 0.4:0.0} -c:v libx264 -g 5 -bf 0 -f mpegts {_folder[$"{part}.ts"]}");
        }

        File.WriteAllBytes(_folder["in.ts"], [.. File.ReadAllBytes(_folder["0.ts"]), .. File.ReadAllBytes(_folder["1.ts"])]);
        ConversionResult result = Converter.Run(_folder["in.ts"], _folder["out.mkv"], new() { Encoder = "ffv1" });

        Assert.Contains(result.Messages, text => text.StartsWith(
            "From frame 11 on, the picture is meant to be shown 2.18 times as wide as high, the first 1.50 times.", StringComparison.Ordinal));
        Assert.Contains(result.Messages, text => text.StartsWith(
            "From frame 11 on, the colours are bt2020/smpte2084/bt2020nc instead of bt709/bt709/bt709", StringComparison.Ordinal));
    }

    // As a player shows the first frame.
    private double[] Rgb(string name) => [.. FirstFrame(_folder[name]).Select(value => (double)value)];

    private byte[] FirstFrame(string path)
    {
        FfmpegCommand.Run($"-i {path} -frames:v 1 -vf scale=96:64:flags=accurate_rnd+full_chroma_int -pix_fmt rgb24 -f rawvideo {_folder["frame.rgb"]}");
        return File.ReadAllBytes(_folder["frame.rgb"]);
    }
}
