using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Tapes' DV, and other outputs whose writers know few forms of what they hold.</summary>
public sealed class TapeTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("720x576", "yuv420p", 25, "DV has 25 or 30000/1001 frames of 720×576 per second, not 50")]
    [InlineData("960x720", "yuv422p", 50, "DV has 50 or 60000/1001 frames of 960×720 per second, not 100")]
    public void A_rate_that_DV_does_not_have_is_refused(string size, string format, int rate, string words)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size={size}:rate={rate}:duration=0.2 -c:v ffv1 -pix_fmt {format} {_folder["in.mkv"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mkv"], _folder["out.dv"], new() { SceneCutDetection = false }));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("Name the output .mkv, .mov or .avi.", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.dv"]));
    }

    [Fact]
    public void High_definition_DV_at_50_frames_is_written()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=960x720:rate=25:duration=0.2 -c:v ffv1 -pix_fmt yuv422p {_folder["in.mkv"]}");

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.dv"], new() { SceneCutDetection = false });

        Assert.Equal(10, result.FramesOut);
        Assert.Equal(10, VideoTimes.Of(_folder["out.dv"]).Frames.Count);
    }

    [Theory]
    [InlineData(2, 48000, true)]
    [InlineData(1, 48000, false)]
    [InlineData(2, 44100, false)]
    public void Sound_that_DV_does_not_have_is_refused(int channels, int rate, bool isHeld)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=720x576:rate=25/2:duration=0.4 -f lavfi -i sine=duration=0.6:sample_rate={rate} -ac {channels} "
            + $"-c:v ffv1 -pix_fmt yuv420p -c:a pcm_s16le {_folder["in.mkv"]}");

        Exception? error = Record.Exception(() => Converter.Run(_folder["in.mkv"], _folder["out.dv"], new() { SceneCutDetection = false }));

        if (isHeld)
        {
            Assert.Null(error);
        }
        else
        {
            string words = Assert.IsType<MediaException>(error).Message;
            Assert.Contains("the container dv does not support stream 1 (audio pcm_s16le)", words, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("libx264", "h264")]
    [InlineData("libx265 -x265-params log-level=error", "hevc")]
    public void A_second_video_of_an_mp4_is_refused_by_AVI_with_a_name_that_works(string encoder, string codec)
    {
        FfmpegCommand.Run("-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4 -f lavfi -i testsrc=size=64x48:rate=25:duration=0.4 -map 0 -map 1 "
            + $"-c:v {encoder} -preset ultrafast {_folder["in.mp4"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mp4"], _folder["out.avi"], new() { SceneCutDetection = false }));

        Assert.Contains($"the container avi does not support stream 1 (video {codec})", error.Message, StringComparison.Ordinal);
        Assert.Contains("Name the output .mkv, which does", error.Message, StringComparison.Ordinal);
    }
}
