using AdaConv.Conversion.Pipeline;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class FrameCountTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(25)]
    [InlineData(51)]
    public void Twice_as_many_frames_come_out_and_the_clip_is_as_long_as_before(int frames)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=15 -frames:v {frames} -c:v libx264 -bf 3 -g 12 -preset fast {folder["in.mp4"]}");
        ConversionResult result = Converter.Run(folder["in.mp4"], folder["out.mp4"], Converter.Fast.WithBFrames());

        Assert.Equal(frames, result.FramesIn);
        Assert.Equal(2 * frames, result.FramesOut);
        Assert.Equal(["in.mp4", "out.mp4"], folder.Names);
        VideoTimes times = VideoTimes.Of(folder["out.mp4"]);
        Assert.Equal(2 * frames, times.Frames.Count);
        Assert.Equal("30/1", times.Rate);
        Assert.Equal(frames / 15.0, times.StreamDuration, 1.0 / 30);
        Assert.Equal(frames / 15.0, times.ContainerDuration, 1.0 / 30);
        Assert.Empty(result.Messages);
        for (int i = 0; i < times.Frames.Count; i++)
        {
            Assert.Equal(i / 30.0, times.Frames[i], 1e-6);
        }
    }

    /// <remarks>Matroska has no length of a stream but FFmpeg's and mkvmerge's tag; that of the file is its longest stream's.</remarks>
    [Theory]
    [InlineData("mkv", "", "")]
    [InlineData("webm", "", "")]
    [InlineData("mkv", "", "-itsoffset 1.2")]
    [InlineData("mkv", "-output_ts_offset 5", "")]
    [InlineData("mkv", "", "", "-itsoffset 5")]
    [InlineData("mp4", "", "")]
    public void Frames_are_counted_by_the_picture_where_the_sound_is_longer(string extension, string later, string soundLater, string pictureLater = "")
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{extension}"];
        FfmpegCommand.Run(
            $"{pictureLater} -f lavfi -i testsrc2=size=96x64:rate=25:duration=2 {soundLater} -f lavfi -i sine=duration=6 -map 0 -map 1 {later} "
            + $"-c:v {(extension == "mp4" ? "libx264" : "libvpx")} -deadline realtime -c:a {(extension == "mp4" ? "aac" : "libopus")} {input}");
        List<ConversionProgress> told = [];

        ConversionResult result = new InterpolationPipeline(new AveragingInterpolator()).Run(
            input, folder["out.mkv"], Converter.Fast, new Listener(told.Add), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((50, 100), (result.FramesIn, result.FramesOut));
        Assert.Equal(100, told[^1].FramesExpected);
    }

    private sealed class Listener(Action<ConversionProgress> tell) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => tell(value);
    }
}
