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
    [InlineData("mkv", "libx264", false)]
    [InlineData("mp4", "libx264", false)]
    [InlineData("mov", "libx264", false)]
    [InlineData("ts", "libx264", false)]
    [InlineData("mkv", "ffv1", false)]
    [InlineData("avi", "mjpeg", false)]
    [InlineData("avi", "ffv1", true)]
    [InlineData("avi", "utvideo", true)]
    [InlineData("mpg", "mpeg2video", true)]
    [InlineData("mxf", "mpeg2video", true)]
    [InlineData("wmv", "wmv2", true)]
    [InlineData("mp4", "mpeg4", true)]
    [InlineData("mov", "prores_ks", true)]
    [InlineData("nut", "ffv1", true)]
    public void Black_and_white_look_as_before(string extension, string encoder, bool isLimited)
    {
        FfmpegCommand.RequireEncoder(encoder);
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.4 -vf scale=out_range=full,format=yuvj420p -color_range pc -c:v libx264 -qp 1 "
            + _folder["in.mp4"]);
        ConversionOptions options = new() { Encoder = encoder, SceneCutDetection = false };

        ConversionResult result = Converter.RunVerified(_folder["in.mp4"], _folder[$"out.{extension}"], options);

        Assert.Equal(isLimited, result.Messages.Any(message => message.StartsWith("Full range becomes video range", StringComparison.Ordinal)));
        double[] before = Rgb("in.mp4"), after = Rgb($"out.{extension}");
        double error = Math.Sqrt(before.Zip(after, (a, b) => (a - b) * (a - b)).Average());
        Assert.True(error < 5, $"The first frame is off by {error:0.0} of 255."); // 17 where the range is mistaken
    }

    // As a player shows the first frame.
    private double[] Rgb(string name) => [.. FirstFrame(_folder[name]).Select(value => (double)value)];

    private byte[] FirstFrame(string path)
    {
        FfmpegCommand.Run($"-i {path} -frames:v 1 -vf scale=96:64:flags=accurate_rnd+full_chroma_int -pix_fmt rgb24 -f rawvideo {_folder["frame.rgb"]}");
        return File.ReadAllBytes(_folder["frame.rgb"]);
    }
}
