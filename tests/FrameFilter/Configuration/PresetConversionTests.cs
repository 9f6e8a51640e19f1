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

    /// <remarks>Their encoder presets have x264's names, which other encoders have not.</remarks>
    [Theory]
    [InlineData("fast", "webm", null)]
    [InlineData("preview", "webm", null)]
    [InlineData("fast", "mkv", "libaom-av1")]
    [InlineData("preview", "mkv", "libsvtav1")]
    public void Presets_that_choose_a_speed_fit_other_encoders(string name, string extension, string? encoder)
    {
        Assert.SkipUnless(FFmpegLibraries.HasEncoder(encoder ?? "libvpx-vp9"), $"This FFmpeg has no encoder {encoder ?? "libvpx-vp9"}.");
        ConversionOptions conversion = OptionsResolver.Resolve(new OptionsResolver(ApplicationFiles.Find()).Layers(name, null)).Conversion;
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 4 -c:v libx264 -preset ultrafast {folder["in.mkv"]}");

        ConversionResult result = new InterpolationPipeline(new AveragingInterpolator()).Run(
            folder["in.mkv"], folder[$"out.{extension}"], conversion with { Encoder = encoder ?? conversion.Encoder });

        Assert.Equal((encoder ?? "libvpx-vp9", 8L), (result.Encoder, result.FramesOut));
    }
}
