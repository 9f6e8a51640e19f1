using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Damage that other decoders and demuxers than the common ones meet with errors of their own.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cfhd", "mov", "yuv422p10le")]
    [InlineData("ffv1", "mkv", "yuv420p")]
    [InlineData("png", "mov", "rgb24")]
    [InlineData("qtrle", "mov", "rgb24")]
    [InlineData("utvideo", "avi", "rgb24")]
    public void A_damaged_packet_in_the_middle_is_counted_and_the_rest_converted(string codec, string extension, string format)
    {
        string input = _folder[$"in.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=128x96:rate=25 -frames:v 20 -pix_fmt {format} -c:v {codec} -g 1 {input}");
        byte[] clip = File.ReadAllBytes(input);
        clip.AsSpan(clip.Length / 2, 400).Clear();
        File.WriteAllBytes(input, clip);

        ConversionResult result = Converter.Run(input, _folder["out.mkv"], Converter.Lossless);

        Assert.InRange(result.FramesIn, 18, 20);
        Assert.Equal(2 * result.FramesIn, result.FramesOut);
    }

    [Fact]
    public void Nothing_but_damage_is_an_error_that_tells_the_decoders_words()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=128x96:rate=25 -frames:v 5 -c:v cfhd -pix_fmt yuv422p10le -bsf:v noise=amount=1 {_folder["in.mov"]}");

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mov"], _folder["out.mkv"]));

        Assert.Contains("no picture of it could be decoded", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NativeText);
        Assert.DoesNotContain("permi", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <remarks>Their readers call it an error of the disk where the file ends within a packet.</remarks>
    [Theory]
    [InlineData("rm", "-c:v rv10")]
    [InlineData("flv", "-c:v flv")]
    [InlineData("nut", "-c:v mpeg4")]
    [InlineData("avi", "-c:v mpeg4")]
    public void A_file_that_was_cut_off_is_converted_as_far_as_it_goes(string extension, string coding)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=128x96:rate=25 -t 4 {coding} {_folder[$"in.{extension}"]}");
        byte[] clip = File.ReadAllBytes(_folder[$"in.{extension}"]);
        File.WriteAllBytes(_folder[$"in.{extension}"], clip[..(clip.Length / 2)]);

        ConversionResult result = Converter.Run(_folder[$"in.{extension}"], _folder["out.mkv"], Converter.Lossless);

        Assert.InRange(result.FramesIn, 20, 80);
    }
}
