using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>What does not move, over and beside what does, through the shipped network.</summary>
public class OverlayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Logos_and_bars_stay_still_over_moving_pictures(int ensemble)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i mandelbrot=size=128x96:rate=25 -vf "
            + "drawbox=x=40:y=30:w=48:h=32:color=white:t=fill,drawbox=x=50:y=40:w=20:h=10:color=red:t=fill,pad=176:96:24:0:black,format=yuv420p "
            + $"-frames:v 4 -c:v ffv1 {folder["in.mkv"]}");
        FilterOptions options = new()
        {
            Conversion = Converter.Lossless with { Timing = new() { Factor = 4 } },
            Interpolation = new() { Network = new() { Ensemble = ensemble } },
        };
        ConversionResult result = new VideoConverter(options).Convert(folder["in.mkv"], folder["out.mkv"]);
        Assert.Equal(9, result.FramesInterpolated);

        // Four pixels inside their rims: as far as the network's kernels of nine taps reach.
        foreach (string part in (string[])["crop=40:24:68:34", "crop=20:96:0:0", "crop=20:96:156:0"])
        {
            string hashes = FfmpegCommand.Text($"-i {folder["out.mkv"]} -vf {part} -fps_mode passthrough -f framemd5 -");
            Assert.Single(hashes.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim()).Distinct());
        }
    }
}
