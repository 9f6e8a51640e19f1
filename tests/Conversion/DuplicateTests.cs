using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Animation on twos and threes: picture k has the code 16 + 24k in clips whose new frames are averages.</summary>
public class DuplicateTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 4)]
    [InlineData(4, 2)]
    public void Motion_is_spread_over_duplicates_on_request(int each, int factor)
    {
        using ClipFolder folder = new();
        const int pictures = 6;
        Animation(folder["in.mkv"], each, pictures * each);
        ConversionOptions options = Converter.Lossless with { Duplicates = DuplicateHandling.Retime, Timing = new() { Factor = factor } };
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], options);
        int count = pictures * each * factor;
        Assert.Equal(count, result.FramesOut);
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", count, wide: false);
        VideoTimes times = VideoTimes.Of(folder["out.mkv"]);
        for (int i = 0; i < count; i++)
        {
            // The nearest eighth of the way is 3 codes wide.
            double way = Math.Min((double)i / (each * factor), pictures - 1);
            Assert.Equal(16 + (24 * way), frames[i][0], 1.5 + 1e-9);
            Assert.Equal(i / (25.0 * factor), times.Frames[i], 0.00051);
        }
    }

    [Fact]
    public void Otherwise_they_stay_and_are_told_of()
    {
        using ClipFolder folder = new();
        Animation(folder["in.mkv"], each: 2, frames: 12);
        ConversionResult kept = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless with { SceneCutDetection = true, SceneCutThreshold = 1 });

        // The last run is not ended by another picture, and may be a still one.
        Assert.Contains("5 of 12 frames repeat the previous one", Assert.Single(kept.Messages), StringComparison.Ordinal);
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", 24, wide: false);
        Assert.Equal([16, 16, 16, 28, 40, 40, 40, 52], frames.Take(8).Select(frame => frame[0]));
    }

    /// <remarks>A picture that stands for half a second and then moves on must not creep away during it.</remarks>
    [Fact]
    public void A_still_picture_stays_still()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            $"-f lavfi -i color=black:size=64x48:rate=25,format=gray,geq=lum=16+24*max(0\\,N-12) -frames:v 16 -c:v ffv1 {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless with { Duplicates = DuplicateHandling.Retime });
        Assert.Equal(32, result.FramesOut);
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", 32, wide: false);
        Assert.All(frames.Take(25), frame => Assert.Equal(16, frame[0]));
        Assert.Equal([28, 40, 52, 64, 76, 88, 88], frames.Skip(25).Select(frame => frame[0]));
    }

    /// <remarks>Each frame looks like the one before; measured against the last distinct one, every second does.</remarks>
    [Fact]
    public void A_slow_fade_goes_on()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i color=black:size=64x48:rate=25,format=gray,geq=lum=16+2*N -frames:v 25 -c:v ffv1 {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Lossless with { Duplicates = DuplicateHandling.Retime });
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", 50, wide: false);
        Assert.Equal(Enumerable.Range(16, 49), frames.Take(49).Select(frame => (int)frame[0]));
        Assert.Equal(36, result.FramesInterpolated);
    }

    private static void Animation(string file, int each, int frames) => FfmpegCommand.Run(
        $"-f lavfi -i color=black:size=64x48:rate=25,format=gray,geq=lum=16+24*floor(N/{each}) -frames:v {frames} -c:v ffv1 {file}");
}
