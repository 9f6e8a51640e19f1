using AdaConv.Conversion.Pipeline;
using AdaConv.Model;
using AdaConv.Tests.Support;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>4:2:0 and 4:2:2 that were saved as 4:4:4 by repeating their chroma.</summary>
public class RepeatedChromaTests
{
    [Theory]
    [InlineData("yuv420p", "yuv444p", 98, 64)]
    [InlineData("yuv422p10le", "yuv444p10le", 98, 63)]
    public void New_frames_have_the_codes_of_the_subsampled_clip(string subsampled, string full, int width, int height)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            $"-f lavfi -i mandelbrot=size={width}x{height}:rate=25:end_scale=0.05 -frames:v 5 -pix_fmt {subsampled} -c:v ffv1 {folder["small.mkv"]}");
        FfmpegCommand.Run($"-i {folder["small.mkv"]} -vf scale=flags=neighbor -pix_fmt {full} -c:v ffv1 {folder["large.mkv"]}");
        foreach (string name in (string[])["small", "large"])
        {
            using TiledInterpolator network = EngineExecutor.Create(
                RandomNetwork.Of(NetworkConfiguration.Guided with { KernelSize = 5, BlockResiduals = [1, 0, 0], HeadResiduals = 0 }, size: 0.2), new());
            new InterpolationPipeline(network.ForAnyTime()).Run(folder[$"{name}.mkv"], folder[$"{name}-doubled.mkv"], Converter.Lossless);
        }

        bool wide = full.EndsWith("le", StringComparison.Ordinal);
        FfmpegCommand.Run($"-i {folder["small-doubled.mkv"]} -vf scale=flags=neighbor -pix_fmt {full} -c:v ffv1 {folder["expected.mkv"]}");
        double[][] expected = RawFrames.Read(folder["expected.mkv"], full, 10, wide), actual = RawFrames.Read(folder["large-doubled.mkv"], full, 10, wide);
        for (int frame = 0; frame < 10; frame++)
        {
            // Halves may be rounded either way, as one sum is of other terms than the other.
            Assert.All(expected[frame].Zip(actual[frame]), pair => Assert.Equal(pair.First, pair.Second, 1.0));
            Assert.InRange(expected[frame].Zip(actual[frame]).Count(pair => pair.First != pair.Second), 0, width * height / 1000);
        }
    }
}
