using AdaConv.Media.Libav;
using AdaConv.Storage;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Failures are told in words that name the cause and a way out.</summary>
public class FailureWordsTests
{
    [Fact]
    public void Numbered_pictures_of_other_kinds_are_named_as_such()
    {
        using ClipFolder folder = new();
        string input = folder["in.mkv"];
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=10 -frames:v 3 -c:v ffv1 {input}");
        File.WriteAllText(folder["shot-001.webp"], "no picture");
        MediaException read = Assert.Throws<MediaException>(() => Converter.Run(folder["shot-%03d.webp"], folder["out.mkv"]));
        Assert.Contains("numbered pictures of that kind (.webp) are not read", read.Message, StringComparison.Ordinal);
        Assert.Contains("Numbered pictures can be png", read.Message, StringComparison.Ordinal);
        MediaException missing = Assert.Throws<MediaException>(() => Converter.Run(folder["other-%03d.webp"], folder["out.mkv"]));
        Assert.Contains("there is no such file", missing.Message, StringComparison.Ordinal);
        MediaException written = Assert.Throws<MediaException>(() => Converter.Run(input, folder["out-%03d.webp"]));
        Assert.Contains("numbered pictures of that kind are not written", written.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_has_gone_is_told_in_words()
    {
        StorageException error = StorageException.Of("Writing", "there/out.mkv", new DirectoryNotFoundException("Could not find a part of the path."));
        Assert.Equal("its folder is not there, or not any more", error.Problem);
        Assert.NotNull(error.Advice);
    }

    [Fact]
    public void A_header_of_wrong_values_is_said_to_be_damaged_not_a_matter_of_settings()
    {
        using ClipFolder folder = new();
        File.WriteAllText(folder["in.y4m"], "YUV4MPEG2 W96 H64 F25:1 Im C420jpeg\n");
        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(folder["in.y4m"], folder["out.mkv"]));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("settings", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Advice);
    }
}
