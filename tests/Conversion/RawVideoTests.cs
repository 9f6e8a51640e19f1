using System.Globalization;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Uncompressed video comes back as it was written, in whatever container.</summary>
public sealed class RawVideoTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yuv444p10le", "ffv1", "yuv444p10le")]
    [InlineData("yuv420p10le", "ffv1", "yuv420p10le")]
    [InlineData("yuva420p", "ffv1", "yuva420p")]
    [InlineData("rgb24", "png", "rgb24")]
    [InlineData("gray16be", "png", "gray16le")]
    [InlineData("ya16be", "png", "rgba64le")]
    public void What_was_written_is_read_back(string format, string coding, string inNut)
    {
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=5 -frames:v 3 -vf format={format} -c:v {coding} -pix_fmt {format} {_folder["in.mkv"]}");
        double[][] original = RawFrames.Read(_folder["in.mkv"], "gray", 3, wide: false);
        foreach (string name in new[] { "out.nut", "out.mkv", "out.avi", "out.mov", "out.wmv" })
        {
            ConversionResult result = Convert(name);

            Assert.Equal(6, result.FramesOut);
            string found = FfmpegCommand.Probe(_folder[name], "-select_streams v -show_entries stream=pix_fmt").GetRawText();
            Assert.True(name is not ("out.nut" or "out.mkv") || found.Contains($"\"{inNut}\"", StringComparison.Ordinal), name + found);
            double[][] frames = RawFrames.Read(_folder[name], "gray", 6, wide: false);
            for (int i = 0; i < original.Length; i++)
            {
                double difference = original[i].Zip(frames[2 * i], (a, b) => Math.Abs(a - b)).Average();
                Assert.True(difference < 1.5, string.Create(CultureInfo.InvariantCulture, $"{name}: frame {i} is {difference} off, {found}"));
            }
        }
    }

    [Theory]
    [InlineData("out.avi")]
    [InlineData("out.mov")]
    [InlineData("out.wmv")]
    public void Every_format_that_is_offered_is_read_back(string output)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=5 -frames:v 2 -pix_fmt yuv444p -c:v ffv1 {_folder["in.mkv"]}");
        double[][] original = RawFrames.Read(_folder["in.mkv"], "gray", 2, wide: false);
        MediaException refused = Assert.Throws<MediaException>(() => Convert(output, "yuv444p16le"));
        string[] offered = refused.Message.Split("It supports ")[1].Split('.')[0].Split(", ");
        Assert.InRange(offered.Length, 10, 12);
        foreach (string format in offered)
        {
            Convert(output, format);
            double[][] frames = RawFrames.Read(_folder[output], "gray", 4, wide: false);
            double difference = original[1].Zip(frames[2], (a, b) => Math.Abs(a - b)).Average();

            // Whether grey uses the whole range is stated by none of these files.
            Assert.True(difference < (format == "gray" ? 12 : 1.5), string.Create(CultureInfo.InvariantCulture, $"{format} is {difference} off"));
            File.Delete(_folder[output]);
        }
    }

    [Theory]
    [InlineData("out.avi", "yuv444p10le")]
    [InlineData("out.mov", "rgb24")]
    [InlineData("out.nut", "p010le")]
    public void A_format_that_would_not_come_back_is_refused_with_those_that_do(string output, string format)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=5 -frames:v 3 -c:v ffv1 {_folder["in.mkv"]}");

        MediaException refused = Assert.Throws<MediaException>(() => Convert(output, format));

        Assert.Contains($"does not support the pixel format {format}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("yuv420p, ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("In .mkv and .nut nearly all are read back.", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder[output]));
    }

    private ConversionResult Convert(string output, string? format = null) => Converter.Run(
        _folder["in.mkv"], _folder[output], Converter.Fast with { Encoder = "rawvideo", EncoderPreset = null, PixelFormat = format });
}
