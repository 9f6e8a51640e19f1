using System.Text.RegularExpressions;
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

    [Theory]
    [InlineData("mp4", "-c:v libx264 -movflags faststart -c:a aac")]
    [InlineData("mov", "-c:v libx264 -movflags faststart -c:a aac")]
    [InlineData("mkv", "-c:v libx264 -c:a aac")]
    [InlineData("webm", "-c:v libvpx -deadline realtime -c:a libopus")]
    [InlineData("avi", "-c:v mpeg4 -c:a mp2")]
    [InlineData("flv", "-c:v flv -c:a mp3 -ar 44100")]
    [InlineData("wmv", "-c:v wmv2 -c:a wmav2")]
    [InlineData("asf", "-c:v libx264 -c:a wmav2")]
    public void A_file_that_was_cut_at_60_percent_says_how_much_is_missing(string extension, string coding)
    {
        string input = _folder[$"in.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=128x96:rate=25 -f lavfi -i sine -t 8 {coding} {input}");
        byte[] clip = File.ReadAllBytes(input);
        File.WriteAllBytes(input, clip[..(clip.Length * 6 / 10)]);

        ConversionResult result = Converter.Run(input, _folder["out.mkv"], Converter.Lossless);

        Assert.InRange(result.FramesIn, 60, 180);
        string told = Assert.Single(result.Messages, message => message.StartsWith("The input seems to be cut short", StringComparison.Ordinal));
        Match frames = Regex.Match(told, @"it has (\d+) frames of the 200 that it states");
        Match seconds = Regex.Match(told, @"; (\d\.\d) of the 8\.\d seconds that it states are missing");
        Assert.True(frames.Success || seconds.Success, told);
        double missing = frames.Success ? 8 - (int.Parse(frames.Groups[1].Value) / 25.0) : double.Parse(seconds.Groups[1].Value);
        Assert.Equal(8 - (result.FramesIn / 25.0), missing, 0.5);
    }

    [Theory]
    [InlineData("mp3", "-c:a libmp3lame", "there is no video in it, only sound")]
    [InlineData("m4a", "-c:a aac", "there is no video in it, only sound")]
    [InlineData("ogg", "-c:a libvorbis", "there is no video in it, only sound")]
    [InlineData("opus", "-c:a libopus", "there is no video in it, only sound")]
    [InlineData("flac", "-c:a flac", "there is no video in it, only sound")]
    [InlineData("wav", "-c:a pcm_s16le", "there is no video in it, only sound")]
    [InlineData("wma", "-c:a wmav2", "there is no video in it, only sound")]
    [InlineData("mka", "-c:a ac3", "there is no video in it, only sound")]
    [InlineData("aac", "-c:a aac", "there is no video in it, only sound")]
    [InlineData("ac3", "-c:a ac3", "pictures and sound alone are not videos")]
    [InlineData("aiff", "-c:a pcm_s16be", "pictures and sound alone are not videos")]
    public void Sound_without_video_is_refused_by_that(string extension, string coding, string problem)
    {
        FfmpegCommand.Run($"-f lavfi -i sine=d=1 {coding} {_folder[$"in.{extension}"]}");

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder[$"in.{extension}"], _folder["out.mkv"]));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cover_is_no_video()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64 -frames:v 1 {_folder["cover.png"]}");
        FfmpegCommand.Run($"-f lavfi -i sine=d=1 -i {_folder["cover.png"]} -map 0 -map 1 -c:v copy -disposition:v attached_pic {_folder["in.mp3"]}");

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mp3"], _folder["out.mkv"]));

        Assert.Contains("there is no video in it, only sound and a cover picture", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("avi", "-c:v mpeg4 -vtag FMP4", "FMP4")]
    [InlineData("mov", "-c:v prores", "apcn")]
    public void Video_of_an_unknown_coding_is_refused_by_its_tag(string extension, string coding, string tag)
    {
        string input = _folder[$"in.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=128x96:rate=25 -frames:v 5 {coding} {input}");
        byte[] clip = File.ReadAllBytes(input);
        byte[] known = System.Text.Encoding.ASCII.GetBytes(tag);
        for (int at = clip.AsSpan().IndexOf(known); at >= 0; at = clip.AsSpan().IndexOf(known))
        {
            "ZqZ7"u8.CopyTo(clip.AsSpan(at));
        }

        File.WriteAllBytes(input, clip);

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(input, _folder["out.mkv"]));

        Assert.Contains("no decoder for 'ZqZ7' video", error.Message, StringComparison.Ordinal);
    }
}
