using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Decoding;
using AdaConv.Media.Inspection;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Files whose container says something else of their times than their frames.</summary>
public sealed class ForeignTimeTests : IDisposable
{
    // As browsers record a screen: times on a clock of milliseconds, or of 1/120 s, that the container gives out as the rate.
    private const string Recording =
        "-f lavfi -i testsrc2=s=96x64:r=30:d=4 -vf settb=1/1000,setpts=N*33+mod(N*N*7\\,13) -vsync passthrough -enc_time_base 1/1000 "
        + "-c:v libx264 -preset ultrafast -bf 0";

    private const string Uneven =
        "-f lavfi -i testsrc2=s=96x64:r=10:d=6 -vf settb=1/120,setpts=N*12+mod(N*7\\,5) -vsync passthrough -enc_time_base 1/120 "
        + "-video_track_timescale 120 -c:v libx264 -preset ultrafast";

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Recording, "asf", 120, 33.0)]
    [InlineData(Recording, "mkv", 120, 33.0)]
    [InlineData(Uneven, "mp4", 60, 100.0)]
    public void Every_frame_of_an_uneven_recording_gets_a_new_one_in_the_middle(string recording, string extension, int frames, double interval)
    {
        FfmpegCommand.Run($"{recording} {_folder[$"in.{extension}"]}");
        double[] before = [.. VideoTimes.Of(_folder[$"in.{extension}"]).Frames];
        Assert.Equal(frames, before.Length);

        ConversionResult result = Converter.Run(_folder[$"in.{extension}"], _folder["out.mkv"]);

        Assert.Equal((2 * frames, frames - 1), (result.FramesOut, (int)result.FramesInterpolated));
        Assert.DoesNotContain(result.Messages, message => message.Contains("gap", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Messages, message => message.Contains("cut", StringComparison.Ordinal));
        Assert.Equal(1000 / interval, result.InputRate.ToDouble(), 0.001);
        double[] after = [.. VideoTimes.Of(_folder["out.mkv"]).Frames];
        for (int i = 0; i < frames - 1; i++)
        {
            Assert.Equal(before[i] - before[0], after[2 * i] - after[0], 0.0011);
            Assert.Equal((before[i] + before[i + 1] - (2 * before[0])) / 2, after[(2 * i) + 1] - after[0], 0.0011);
        }
    }

    [Theory]
    [InlineData(Recording, "asf", 60, 238)]
    [InlineData(Recording, "asf", null, 240)]
    [InlineData(Uneven, "mp4", 60, 360)]
    [InlineData(Uneven, "mp4", null, 120)]
    public void An_uneven_recording_comes_onto_a_grid(string recording, string extension, int? rate, int frames)
    {
        FfmpegCommand.Run($"{recording} {_folder[$"in.{extension}"]}");

        ConversionResult result = Converter.Run(
            _folder[$"in.{extension}"],
            _folder["out.mp4"],
            Converter.Fast with
            {
                Timing = rate is { } asked ? new() { TargetRate = new(asked, 1) } : new() { VariableRate = Timing.VariableRate.Constant },
            });

        Assert.InRange(result.FramesOut, frames - 2, frames + 2);
        double[] times = [.. VideoTimes.Of(_folder["out.mp4"]).Frames];
        double step = 1 / result.OutputRate.ToDouble();
        Assert.All(times, (time, i) => Assert.Equal(i * step, time - times[0], 0.0001));
    }

    [Theory]
    [InlineData(Recording, "asf", "1000/33")]
    [InlineData(Uneven, "mp4", "10")]
    [InlineData("-f lavfi -i testsrc2=s=96x64:r=30000/1001:d=4 -c:v libx264 -preset ultrafast", "mkv", "30000/1001")]
    [InlineData("-f lavfi -i testsrc2=s=96x64:r=24000/1001:d=4 -c:v libx264 -preset ultrafast", "flv", "24000/1001")]
    [InlineData("-f lavfi -i testsrc2=s=96x64:r=25:d=4 -vf select=not(mod(n\\,2))+not(mod(n\\,3)) -vsync vfr -c:v libx264 -preset ultrafast", "mp4", "25")]
    [InlineData("-f lavfi -i testsrc2=s=96x64:r=25:d=60 -vf select=not(mod(n\\,100)) -vsync passthrough -c:v libx264", "mkv", "25")]
    public void Inspection_says_the_rate_that_the_frames_have(string recording, string extension, string rate)
    {
        FfmpegCommand.Run($"{recording} {_folder[$"in.{extension}"]}");
        using FrameReader reader = FrameReader.Open(_folder[$"in.{extension}"], new(), TestContext.Current.CancellationToken);

        Assert.Equal(rate, MediaInspector.Inspect(reader, new(), TestContext.Current.CancellationToken).Video.Rate);
    }

    [Fact]
    public void Frames_that_share_a_time_are_spread_up_to_the_next()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=s=96x64:r=25:d=8 -f lavfi -i sine=d=8 -c:v mjpeg -c:a aac -bsf:v setts=ts=floor(N/3)*120 " + _folder["in.mkv"]);
        VoidDefaultDuration(_folder["in.mkv"]);

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.mkv"]);

        double[] times = [.. VideoTimes.Of(_folder["out.mkv"]).Frames];
        Assert.Equal(400, times.Length);
        Assert.All(times, (time, i) => Assert.Equal(i * 0.02, time - times[0], 0.0021));
        Assert.Equal(25, result.InputRate.ToDouble(), 0.001);
        Assert.Contains(result.Messages, message => message.Contains("were placed between their neighbours", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("libx264 -bf 2", "h264", null, 25)]
    [InlineData("libx264 -bf 2", "h264", 10, 10)]
    [InlineData("libx265 -x265-params log-level=none", "hevc", 15, 15)]
    [InlineData("mjpeg", "mjpeg", null, 25)]
    [InlineData("mjpeg", "mjpeg", 12, 12)]
    [InlineData("mpeg2video -bf 2", "m2v", 50, 50)]
    [InlineData("mpeg4 -bf 2 -f m4v", "m4v", 30, 30)]
    public void Bare_video_has_the_rate_that_is_named_or_else_its_own(string coding, string extension, int? named, int rate)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=25 -frames:v 30 -c:v {coding} {_folder[$"in.{extension}"]}");

        ConversionResult result = Converter.Run(
            _folder[$"in.{extension}"], _folder["out.mp4"], Converter.Fast with { PictureRate = named is { } value ? new(value, 1) : null });

        double[] times = [.. VideoTimes.Of(_folder["out.mp4"]).Frames];
        Assert.Equal(60, times.Length);
        Assert.All(times, (time, i) => Assert.Equal(i / (2.0 * rate), time - times[0], 0.0001));
        Assert.Equal(
            named is null ? [$"The input is bare video without times: {rate} frames per second are assumed; --input-rate sets another rate."] : [],
            result.Messages.Where(message => !message.StartsWith("Encoding", StringComparison.Ordinal)
                && !message.StartsWith("Finished segments", StringComparison.Ordinal)));
    }

    // A rate that the track states would give each frame its time again.
    private static void VoidDefaultDuration(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x23, 0xE3, 0x83, 0x84]);
        Assert.True(at > 0, "there is no such element");
        bytes[at] = 0xEC;
        bytes[at + 1] = 0x86;
        File.WriteAllBytes(file, bytes);
    }
}
