using System.Text.Json;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Every usual kind of picture through the encoders that people take, without loss, so that originals can be compared bit by bit.</summary>
public class PictureKindTests
{
    [Theory]
    [InlineData("libx264", "yuv420p", 96, 64)]
    [InlineData("libx264", "yuv444p", 97, 63)]
    [InlineData("libx264", "gray", 96, 64)]
    [InlineData("libx264", "yuv420p10le", 96, 64)]
    [InlineData("libx264", "yuv422p10le", 98, 62)]
    [InlineData("libx264rgb", "rgb24", 97, 63)]
    [InlineData("libx265", "yuv420p12le", 96, 64)]
    [InlineData("libx265", "yuv422p12le", 96, 64)]
    [InlineData("libx265", "gbrp10le", 97, 65)]
    [InlineData("libvpx-vp9", "yuv440p12le", 97, 63)]
    [InlineData("ffv1", "yuv420p16le", 97, 63)]
    [InlineData("ffv1", "rgb48le", 97, 63)]
    [InlineData("ffv1", "rgba64le", 97, 63)]
    [InlineData("png", "rgba", 97, 63)]
    [InlineData("utvideo", "gbrap", 98, 62)]
    public void Depth_chroma_and_size_stay_and_originals_pass_bit_by_bit(string encoder, string format, int width, int height)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Require();
        FfmpegCommand.RequireEncoder(encoder);
        string source = format is "rgba" or "gbrap"
            ? "-f lavfi -i testsrc=size={0}x{1}:rate=25,format=rgba,colorchannelmixer=aa=0.7"
            : "-f lavfi -i testsrc2=size={0}x{1}:rate=25";
        string carrier = encoder is "png" or "utvideo" ? encoder : "ffv1", extension = encoder switch { "png" => "mov", "utvideo" => "avi", _ => "mkv" };
        string input = folder[$"in.{extension}"], output = folder[$"out.{extension}"];
        FfmpegCommand.Run($"{source.Replace("{0}", width.ToString()).Replace("{1}", height.ToString())} -frames:v 3 -c:v {carrier} -pix_fmt {format} {input}");
        string decoded = FfmpegCommand.Probe(input, "-select_streams v -show_entries stream=pix_fmt").GetProperty("streams")[0]
            .GetProperty("pix_fmt").GetString()!;
        (string key, string value) = encoder switch
        {
            "libx264" or "libx264rgb" => ("qp", "0"),
            "libx265" => ("x265-params", "lossless=1:log-level=none"),
            "libvpx-vp9" => ("lossless", "1"),
            _ => ("threads", "1"),
        };
        ConversionResult result = Converter.Run(
            input, output, Converter.Lossless with { Encoder = encoder, EncoderOptions = Converter.Lossless.EncoderOptions.Add(key, value) });
        Assert.Equal(decoded, result.PixelFormat);
        Assert.Empty(result.Messages);

        // The byte beside the colours of bgr0 means nothing.
        string compared = decoded == "bgr0" ? "rgb24" : decoded;
        string[] before = FrameHashes.OfVideo(input, compared), after = FrameHashes.OfVideo(output, compared);
        Assert.Equal(3, before.Length);
        Assert.Equal(before, after.Where((_, i) => i % 2 == 0));
        Assert.Equal(2, result.FramesInterpolated);
    }

    // Of formats that are converted before all else, as much stays as the encoder takes.
    [Theory]
    [InlineData("exr", "gbrpf32le", "gbrp16le", " Of 32 bits a sample, 16 are kept.")]
    [InlineData("exr", "gbrapf32le", "gbrap16le", " Of 32 bits a sample, 16 are kept.")]
    [InlineData("png", "ya16be", "gbrap16le", "")]
    public void Deep_formats_that_no_encoder_has_keep_the_depth_that_one_has(string carrier, string format, string encoded, string bits)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Require();
        FfmpegCommand.RequireEncoder(carrier);
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=10 -frames:v 3 -vf format=rgba,colorchannelmixer=aa=0.7,format={format} -c:v {carrier} {folder["in.mov"]}");
        ConversionResult result = Converter.Run(folder["in.mov"], folder["out.mkv"], Converter.Lossless);
        Assert.Equal(encoded, result.PixelFormat);
        Assert.Equal([$"Encoding {encoded} instead of {format}, which ffv1 does not support.{bits}"], result.Messages);
        string[] before = FrameHashes.OfVideo(folder["in.mov"], encoded), after = FrameHashes.OfVideo(folder["out.mkv"], encoded);
        Assert.Equal(before, after.Where((_, i) => i % 2 == 0));
    }

    [Theory]
    [InlineData("bt2020", "arib-std-b67", "bt2020nc", "tv")]
    [InlineData("bt2020", "smpte2084", "bt2020nc", "tv")]
    [InlineData("bt709", "bt709", "bt709", "pc")]
    [InlineData("smpte170m", "smpte170m", "smpte170m", "tv")]
    [InlineData("bt470bg", "iec61966-2-1", "bt470bg", "pc")]
    public void Colour_tags_stay(string primaries, string transfer, string matrix, string range)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 -vf "
            + $"format=yuv420p10le,setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range={range},setsar=16/11 "
            + $"-c:v libx264 -pix_fmt yuv420p10le -preset ultrafast {folder["in.mp4"]}");
        foreach (string name in (string[])["out.mp4", "out.mkv"])
        {
            Converter.Run(folder["in.mp4"], folder[name]);
            JsonElement stream = FfmpegCommand.Probe(folder[name], "-show_streams").GetProperty("streams")[0];
            Assert.Equal(
                (primaries, transfer, matrix, range, "16:11"),
                (Text(stream, "color_primaries"), Text(stream, "color_transfer"), Text(stream, "color_space"), Text(stream, "color_range"),
                    Text(stream, "sample_aspect_ratio")));
        }
    }

    [Theory]
    [InlineData("webm", "libvpx-vp9")]
    [InlineData("mkv", "ffv1")]
    public void The_alpha_of_a_WebM_stays(string extension, string encoder)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(Transparent + folder["in.webm"]);
        ConversionResult result = Converter.Run(
            folder["in.webm"], folder[$"out.{extension}"], Converter.Lossless with { Encoder = encoder, EncoderPreset = encoder == "ffv1" ? null : "8" });
        Assert.Equal("yuva420p", result.PixelFormat);
        string alpha = folder["alpha.raw"];
        FfmpegCommand.Run(
            $"{(extension == "webm" ? "-c:v libvpx-vp9" : "")} -i {folder[$"out.{extension}"]} -vf alphaextract -pix_fmt gray -f rawvideo {alpha}");
        byte[] codes = File.ReadAllBytes(alpha);
        Assert.Equal(8 * 96 * 64, codes.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            Assert.Equal(2 * (i % 96), codes[i], 12.0);
        }
    }

    [Fact]
    public void Alpha_that_would_be_lost_is_refused_unless_the_pixel_format_is_named()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(Transparent + folder["in.webm"]);
        MediaException refusal = Assert.Throws<MediaException>(() => Converter.Run(folder["in.webm"], folder["out.mp4"]));
        Assert.Contains("partly transparent", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("yuv420p", Converter.Run(folder["in.webm"], folder["out.mp4"], Converter.Fast with { PixelFormat = "yuv420p" }).PixelFormat);

        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 -c:v ffv1 -pix_fmt yuva420p {folder["opaque.mkv"]}");
        ConversionResult opaque = Converter.Run(folder["opaque.mkv"], folder["opaque.mp4"]);
        Assert.Equal(
            "Encoding yuv420p instead of yuva420p, which libx264 does not support. Transparency, where the video has any, is lost.",
            Assert.Single(opaque.Messages));
    }

    [Fact]
    public void A_size_that_changes_on_the_way_is_scaled_to_the_first()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 20 -c:v mpeg2video -q:v 2 {folder["a.ts"]}");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=320x180:rate=25 -vf scale=160:90 -frames:v 20 -c:v mpeg2video -q:v 2 -output_ts_offset 0.8 {folder["b.ts"]}");
        File.WriteAllBytes(folder["in.ts"], [.. File.ReadAllBytes(folder["a.ts"]), .. File.ReadAllBytes(folder["b.ts"]), .. File.ReadAllBytes(folder["a.ts"])]);
        ConversionResult result = Converter.Run(folder["in.ts"], folder["out.mkv"], Converter.Lossless);
        Assert.Contains(result.Messages, text => text.Contains("picture is 160×90; it is scaled to the first size, 320×180", StringComparison.Ordinal));
        Assert.Contains(result.Messages, text => text.Contains("has its first size again", StringComparison.Ordinal));

        // FFmpeg's decoder swallows a frame where the size changes.
        Assert.InRange(result.FramesIn, 58, 60);
        double[][] frames = RawFrames.Read(folder["out.mkv"], "gray", (int)result.FramesOut, wide: false);
        Assert.Equal(320 * 180, frames[60].Length);

        // The tenth frame of each part shows the same, up to the finest details of the scaled one.
        double[] first = frames[20], second = frames[(int)result.FramesOut - 60];
        Assert.InRange(first.Zip(second, (a, b) => Math.Abs(a - b)).Average(), 0, 14);
    }

    [Fact]
    public void Data_that_describes_each_frames_brightness_is_left_out_with_a_message()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Require();
        FfmpegCommand.RequireEncoder("libx265");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 3 -pix_fmt yuv420p10le -c:v libx265 -x265-params log-level=none {folder["plain.hevc"]}");
        File.WriteAllBytes(folder["in.hevc"], DynamicRange.InsertInto(File.ReadAllBytes(folder["plain.hevc"])));
        const string what = "-show_frames -show_entries frame=side_data_list";
        Assert.Contains("HDR10+", FfmpegCommand.Probe(folder["in.hevc"], what).GetRawText(), StringComparison.Ordinal);
        ConversionResult result = Converter.Run(folder["in.hevc"], folder["out.mkv"], Converter.Fast with { Encoder = "libx265" });
        Assert.Contains(result.Messages, text => text.Contains("HDR10+ or Dolby Vision", StringComparison.Ordinal));
        Assert.DoesNotContain("HDR10+", FfmpegCommand.Probe(folder["out.mkv"], what).GetRawText(), StringComparison.Ordinal);
    }

    private const string Transparent = "-f lavfi -i testsrc2=size=96x64:rate=25,format=yuva420p,geq=lum=p(X\\,Y):cb=p(X\\,Y):cr=p(X\\,Y):a=X*2 "
        + "-frames:v 4 -c:v libvpx-vp9 -auto-alt-ref 0 -crf 10 -b:v 0 -cpu-used 8 -metadata:s:v:0 alpha_mode=1 ";

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
