using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class RateTests
{
    [Theory]
    [InlineData("24000/1001", "48000/1001", "mp4")]
    [InlineData("30000/1001", "60000/1001", "mp4")]
    [InlineData("25", "50/1", "mp4")]
    [InlineData("15", "30/1", "mov")]
    [InlineData("1444/50", "1444/25", "mp4")]
    [InlineData("30000/1001", "60000/1001", "ts")]
    [InlineData("24000/1001", "48000/1001", "mkv")]
    public void Constant_rates_double_exactly(string rate, string doubled, string extension)
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{extension}"], output = folder[$"out.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate={rate} -frames:v 30 -c:v libx264 -preset ultrafast -bf 2 {input}");
        Converter.Run(input, output, Converter.Fast.WithBFrames());
        VideoTimes times = VideoTimes.Of(output);
        Assert.Equal(60, times.Frames.Count);

        double step = 1 / Parse(doubled);
        double clock = extension switch { "mkv" => 0.0011, "ts" => 2.1 / 90000, _ => 2e-6 };
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(i * step, times.Frames[i] - times.Frames[0], clock);
        }

        if (extension != "mkv")
        {
            Assert.Equal(doubled, times.Rate);
        }
    }

    /// <remarks>Four and a half days at 50 frames a second are 20 million frames.</remarks>
    [Fact]
    public void A_timestamp_far_in_the_future_fills_neither_memory_nor_disk()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -vf settb=1/1000,setpts=N*40+400000000*gte(N\\,5) -frames:v 10 -fps_mode passthrough "
            + $"-enc_time_base 1/1000 -c:v ffv1 {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless with { Timing = new() { TargetRate = new(50, 1) } });

        Assert.InRange(result.FramesOut, 18, 22);
        Assert.Contains(result.Messages, message => message.StartsWith("1 gap is longer than 250000 frames", StringComparison.Ordinal));
        double[] times = [.. VideoTimes.Of(folder["out.mkv"]).Frames];
        Assert.Equal(400_000.36, times[^2], 0.03);
    }

    [Theory]
    [InlineData("mp4", 1e-6)]
    [InlineData("mkv", 0.00101)]
    public void Variable_rates_keep_their_times_and_new_frames_stand_in_the_middle(string extension, double clock)
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{extension}"], output = folder[$"out.{extension}"];
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=30 -vf select=not(eq(mod(n\\,5)\\,1))*not(between(n\\,20\\,27)),setpts=PTS+0.5/TB -frames:v 30 "
            + $"-fps_mode vfr -c:v libx264 -preset ultrafast -bf 2 {input}");
        Converter.Run(input, output, Converter.Fast.WithBFrames());
        IReadOnlyList<double> before = VideoTimes.Of(input).Frames, after = VideoTimes.Of(output).Frames;
        Assert.Equal(30, before.Count);
        Assert.Equal(60, after.Count);
        Assert.True(before.Zip(before.Skip(1), (a, b) => b - a).Distinct().Count() > 2, "the clip must be irregular");
        for (int i = 0; i < 29; i++)
        {
            Assert.Equal(before[i], after[2 * i], clock);
            Assert.Equal((before[i] + before[i + 1]) / 2, after[(2 * i) + 1], clock);
        }
    }

    [Fact]
    public void Sound_and_picture_begin_and_end_together()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=24000/1001 -f lavfi -i sine=frequency=440:sample_rate=48000 -t 5 "
            + $"-c:v libx264 -preset ultrafast -c:a flac {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mp4"]);
        VideoTimes times = VideoTimes.Of(folder["out.mp4"]);
        (double Time, string Hash)[] sound = FrameHashes.OfPackets(folder["out.mp4"], "0:a");
        Assert.Equal(sound[0].Time, times.Frames[0], 0.001);
        Assert.Equal(5, times.StreamDuration, 0.025);
        Assert.Equal(5, times.ContainerDuration, 0.025);
    }

    [Theory]
    [InlineData("libx265", "mp4")]
    [InlineData("libvpx-vp9", "webm")]
    [InlineData("libsvtav1", "mp4")]
    [InlineData("mpeg4", "avi")]
    [InlineData("mpeg2video", "mpg")]
    [InlineData("mjpeg", "mov")]
    [InlineData("prores_ks", "mov")]
    [InlineData("libx264", "ts")]
    public void Every_usual_encoder_and_container_takes_the_doubled_rate(string encoder, string extension)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Require();
        FfmpegCommand.RequireEncoder(encoder);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=128x72:rate=25 -frames:v 10 -c:v libx264 -preset ultrafast {folder["in.mp4"]}");
        ConversionResult result = Converter.Run(
            folder["in.mp4"],
            folder[$"out.{extension}"],
            Converter.Fast with
            {
                Encoder = encoder,
                EncoderPreset = encoder switch { "libx265" => "ultrafast", "libvpx-vp9" => "8", "libsvtav1" => "12", _ => null },
            });
        VideoTimes times = VideoTimes.Of(folder[$"out.{extension}"]);
        Assert.Equal(encoder, result.Encoder);
        Assert.Equal(20, times.Frames.Count);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(i / 50.0, times.Frames[i] - times.Frames[0], 0.0011);
        }
    }

    private static double Parse(string rate) => double.Parse(rate.Split('/')[0]) / (rate.Contains('/') ? double.Parse(rate.Split('/')[1]) : 1);
}
