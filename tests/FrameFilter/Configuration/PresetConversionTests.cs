using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Configuration;

/// <summary>Every shipped preset converts a clip; the average stands in for the network, which no preset may depend on here.</summary>
public sealed class PresetConversionTests
{
    public static TheoryData<string> Presets => [.. new PresetCatalog(ApplicationFiles.Find()).List().Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_converts_a_clip(string name)
    {
        FilterOptions options = OptionsResolver.Resolve(new OptionsResolver(ApplicationFiles.Find()).Layers(name, null));
        ConversionOptions conversion = options.Conversion;
        Assert.SkipUnless(conversion.Encoder is not { } encoder || FFmpegLibraries.HasEncoder(encoder), $"This FFmpeg has no encoder {conversion.Encoder}.");
        using ClipFolder folder = new();
        int rate = conversion.ExpectedRate is { } expected ? (int)Math.Round(expected.ToDouble()) : 25;
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate={rate} -f lavfi -i sine -frames:v 6 -t 0.3 -c:v libx264 -preset ultrafast -c:a aac {folder["in.mkv"]}");

        ConversionResult result = new InterpolationPipeline(new AveragingInterpolator()).Run(folder["in.mkv"], folder["out.mkv"], conversion);

        var streams = FfmpegCommand.Probe(folder["out.mkv"], "-count_frames -show_streams").GetProperty("streams");
        Assert.Equal(conversion.PixelFormat ?? "yuv420p", streams[0].GetProperty("pix_fmt").GetString());
        Assert.Equal(result.FramesOut.ToString(System.Globalization.CultureInfo.InvariantCulture), streams[0].GetProperty("nb_read_frames").GetString());
        Assert.Equal(conversion.Encoder ?? "libx264", result.Encoder);
        Assert.DoesNotContain(result.Messages, message => message.Contains("made for", StringComparison.Ordinal));
    }
}
