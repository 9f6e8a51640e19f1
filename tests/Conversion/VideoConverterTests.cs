using System.Diagnostics;
using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>The whole filter with the shipped weights.</summary>
public class VideoConverterTests
{
    // A colour that rises by four codes a frame, and a slow ramp: what lies between is known.
    private const string Fade = "color=black:size=160x96:rate=25,format=gbrp,geq=r='60+N*4':g='110+N*4':b='150+N*4'";
    private const string Ramp = "gradients=size=160x96:rate=25:x0=0:y0=0:x1=159:y1=95:nb_colors=3:c0=0x203040:c1=0xC0F0E0:c2=0xFF2010:speed=0.005";

    /// <remarks>Half a code value of 8 bits, as promised; two of 10 bits, which are the same step.</remarks>
    [Theory]
    [InlineData(Fade, "yuv420p", "bt709", "tv")]
    [InlineData(Fade, "yuv420p", "smpte170m", "pc")]
    [InlineData(Fade, "yuv420p10le", "bt709", "tv")]
    [InlineData(Fade, "yuv420p", "", "")]
    [InlineData(Ramp, "yuv420p", "bt709", "tv")]
    [InlineData(Ramp, "yuv420p", "bt709", "pc")]
    [InlineData(Ramp, "yuv420p", "smpte170m", "tv")]
    [InlineData(Ramp, "yuv420p", "smpte170m", "pc")]
    [InlineData(Ramp, "yuv420p10le", "bt709", "tv")]
    [InlineData(Ramp, "yuv420p10le", "smpte170m", "pc")]
    [InlineData(Ramp, "yuv420p", "", "")]
    public void Predicted_frames_match_the_old_in_colour(string source, string format, string matrix, string range)
    {
        using ClipFolder folder = new();
        string tags = matrix.Length > 0 ? $"-colorspace {matrix} -color_range {range}" : "";
        FfmpegCommand.Run($"-f lavfi -i {source} -frames:v 4 -c:v ffv1 -pix_fmt {format} {tags} {folder["in.mkv"]}");
        ConversionResult result = new VideoConverter(new FilterOptions { Conversion = Converter.Lossless }).Convert(folder["in.mkv"], folder["out.mkv"]);
        Assert.Equal(3, result.FramesInterpolated);

        bool wide = format.Contains("10", StringComparison.Ordinal);
        double[][] frames = RawFrames.Read(folder["out.mkv"], format, 8, wide);
        int luma = 160 * 96, chroma = luma / 4;
        foreach (int i in (int[])[1, 3, 5])
        {
            foreach ((int start, int length) in ((int, int)[])[(0, luma), (luma, chroma), (luma + chroma, chroma)])
            {
                double difference = Enumerable.Range(start, length).Average(s => frames[i][s] - ((frames[i - 1][s] + frames[i + 1][s]) / 2));
                Assert.True(Math.Abs(difference) < (wide ? 2 : 0.5), $"frame {i}, plane at {start}: off by {difference:F3} on average");
            }
        }
    }

    [Theory]
    [InlineData("3840x2160", 2, "fast", 4096)]
    [InlineData("1280x720", 3, "guided", 350)] // without a limit it takes 380 MiB; measured with it: 314
    public async Task The_process_keeps_to_its_memory_limit(string size, int frames, string model, int limit)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Peak memory is read from /proc.");
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size={size}:rate=25 -frames:v {frames} -c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        using Process conversion = ProcessRun.StartFilter(
            ["convert", folder["in.mp4"], folder["out.mp4"], "--model", model, "--memory-limit", $"{limit}MiB", "--scene-cut", "off"], folder.Path);
        long peak = 0;
        while (!conversion.HasExited)
        {
            peak = Math.Max(peak, PeakKibibytes(conversion.Id));
            await Task.Delay(50);
        }

        string error = await conversion.StandardError.ReadToEndAsync();
        Assert.True(conversion.ExitCode == 0, error);
        Assert.InRange(peak, 1 << 18, limit * 1024L);
        Assert.Equal(2 * frames, VideoTimes.Of(folder["out.mp4"]).Frames.Count);
    }

    /// <remarks>As docs/library.md promises of the caller's own code.</remarks>
    [Fact]
    public void An_exception_of_the_callers_message_comes_out_and_leaves_nothing()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4 -c:v libx264 {folder["in.mp4"]}");
        VideoConverter converter = new(new() { Interpolation = new() { Method = InterpolationMethod.Average } });

        var thrown = Assert.Throws<NotSupportedException>(() => converter.Convert(
            folder["in.mp4"], folder["out.mpg"], progress: null, message: text => throw new NotSupportedException(text)));

        Assert.StartsWith("Encoding with mpeg2video", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["in.mp4"], folder.Names);
    }

    private static long PeakKibibytes(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal), "VmHWM: 0 kB");
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0; // it has just ended
        }
    }
}
