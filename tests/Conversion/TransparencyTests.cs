using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Formats with alpha, and R, G, B, where the encoder has neither: what is kept, and what is said of the rest.</summary>
public sealed class TransparencyTests : IDisposable
{
    // The left half of a red picture.
    private const string Half = "-f lavfi -i color=red:s=160x96:r=10:d=0.6,format=rgba,geq=r=255:g=0:b=0:a=if(lt(X\\,80)\\,255\\,0)";

    private static readonly ConversionOptions Usual = new() { SceneCutDetection = false };

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("half.apng", "-plays 0", "Encoding yuva420p instead of rgba, which libvpx-vp9 does not support. Colours are stored more coarsely.")]
    [InlineData(
        "half.mov",
        "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le",
        "Encoding yuva420p instead of yuva444p12le, which libvpx-vp9 does not support. Of 12 bits a sample, 8 are kept. Colours are stored more coarsely.")]
    [InlineData(
        "half.gif",
        "-vf split[a][b];[a]palettegen[p];[b][p]paletteuse",
        "Encoding yuva420p instead of bgra, which libvpx-vp9 does not support. Colours are stored more coarsely.")]
    [InlineData(
        "half.mkv",
        "-c:v ffv1 -pix_fmt bgra",
        "Encoding yuva420p instead of bgra, which libvpx-vp9 does not support. Colours are stored more coarsely.")]
    public void A_WebM_keeps_what_shines_through_and_has_coarser_colours(string name, string coding, string said)
    {
        FfmpegCommand.RequireEncoder("libvpx-vp9");
        FfmpegCommand.Run($"{Half} {coding} {_folder[name]}");

        ConversionResult result = Converter.Run(_folder[name], _folder["out.webm"], Usual with { EncoderPreset = "8" });

        Assert.Equal("yuva420p", result.PixelFormat);
        Assert.Contains(said, result.Messages);
        string alpha = _folder["alpha.raw"];
        FfmpegCommand.Run($"-c:v libvpx-vp9 -i {_folder["out.webm"]} -vf alphaextract -pix_fmt gray -f rawvideo {alpha}");
        byte[] codes = File.ReadAllBytes(alpha);
        Assert.Equal(12 * 160 * 96, codes.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            Assert.Equal(i % 160 < 80 ? 255 : 0, codes[i], 8.0);
        }
    }

    [Theory]
    [InlineData("mp4", "libx264", "yuv444p", "")]
    [InlineData("webm", "libvpx-vp9", "gbrp", "; --pixel-format yuva420p keeps it")]
    public void Transparency_that_begins_later_is_said_to_be_lost(string extension, string encoder, string format, string advice)
    {
        FfmpegCommand.RequireEncoder(encoder);
        FfmpegCommand.Run(
            $"-f lavfi -i color=red:s=96x64:r=10:d=0.6,format=rgba,geq=r=255:g=0:b=0:a='if(lt(N\\,3)\\,255\\,90)' -plays 0 {_folder["in.apng"]}");
        string output = _folder[$"out.{extension}"];

        ConversionResult result = Converter.Run(_folder["in.apng"], output, Usual);

        Assert.Contains(
            result.Messages,
            message => message.StartsWith($"Encoding {format} instead of rgba", StringComparison.Ordinal)
                && message.EndsWith($" Transparency, where the video has any, is lost{advice}.", StringComparison.Ordinal));
        Assert.Single(result.Messages, message => message.StartsWith("The video begins opaque and is partly transparent later", StringComparison.Ordinal));
        Assert.Equal(12, FrameHashes.OfVideo(output).Length);

        // Whoever names a format knows.
        ConversionResult named = Converter.Run(_folder["in.apng"], output, Usual with { PixelFormat = "yuv420p", Overwrite = true });
        Assert.DoesNotContain(named.Messages, message => message.Contains("ransparen", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("in.avi", "-c:v rawvideo -pix_fmt bgr24", "mp4", "libx264", "yuv444p")]
    [InlineData("in.mov", "-c:v qtrle -pix_fmt rgb24", "webm", "libvpx-vp9", "gbrp")]
    [InlineData("in.gif", "", "mp4", "libx264", "yuv444p")]
    public void Colours_of_full_size_are_said_to_play_on_few_devices(string name, string coding, string extension, string encoder, string format)
    {
        FfmpegCommand.RequireEncoder(encoder);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=10 -frames:v 4 {coding} {_folder[name]}");

        ConversionResult result = Converter.Run(_folder[name], _folder[$"out.{extension}"], Usual);

        Assert.Equal(format, result.PixelFormat);
        Assert.Contains(
            result.Messages,
            message => message.Contains("few hardware players support it; --pixel-format yuv420p suits most.", StringComparison.Ordinal));
        Assert.Equal(8, FrameHashes.OfVideo(_folder[$"out.{extension}"]).Length);

        ConversionResult usual = Converter.Run(_folder[name], _folder["usual.mp4"], Usual with { PixelFormat = "yuv420p" });
        Assert.DoesNotContain(usual.Messages, message => message.Contains("few hardware players", StringComparison.Ordinal));
    }
}
