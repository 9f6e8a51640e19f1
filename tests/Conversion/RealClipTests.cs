using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Clips from cameras and editors, where they lie beside the repository.</summary>
public class RealClipTests
{
    [Theory]
    [InlineData("validation/mdn-friday.mp4")]
    [InlineData("validation/sam2-04-coffee.mp4")]
    [InlineData("davis/blackswan.mp4")]
    [InlineData("train/city-cc0.mpg")]
    public void Counts_times_and_sound_are_right(string clip)
    {
        string? input = SharedData.Find(clip);
        Assert.SkipWhen(input is null, $"{clip} is not beside the repository.");
        using ClipFolder folder = new();
        ConversionResult result = Converter.Run(input, folder["out.mkv"], Converter.Fast with { SceneCutDetection = true });
        VideoTimes before = VideoTimes.Of(input), after = VideoTimes.Of(folder["out.mkv"]);
        Assert.Equal(before.Frames.Count, result.FramesIn);
        Assert.Equal(2 * before.Frames.Count, after.Frames.Count);
        double shift = after.Frames[0] - before.Frames[0];
        for (int i = 0; i + 1 < before.Frames.Count; i++)
        {
            Assert.Equal(before.Frames[i] + shift, after.Frames[2 * i], 0.0021);
            Assert.Equal(((before.Frames[i] + before.Frames[i + 1]) / 2) + shift, after.Frames[(2 * i) + 1], 0.0021);
        }

        if (FfmpegCommand.Probe(input, "-select_streams a -show_streams").GetProperty("streams").GetArrayLength() > 0)
        {
            Assert.Equal(FrameHashes.OfPackets(input, "0:a").Select(p => p.Hash), FrameHashes.OfPackets(folder["out.mkv"], "0:a").Select(p => p.Hash));
        }
    }
}
