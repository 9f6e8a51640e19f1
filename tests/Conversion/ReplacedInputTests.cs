using System.Diagnostics;
using AdaConv.Conversion.Options;
using AdaConv.Media.Libav;
using AdaConv.Storage;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>What is read is never replaced, by whatever name the output leads to it.</summary>
public sealed class ReplacedInputTests : IDisposable
{
    private static readonly ConversionOptions Replace = new() { Overwrite = true, SceneCutDetection = false, PictureRate = new(25, 1) };
    private readonly ClipFolder _folder = new();

    public ReplacedInputTests()
    {
        Directory.CreateDirectory(_folder["shots"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 4 -start_number 10000 {_folder["shots/f-%05d.png"]}");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("shots/f-%05d.png", "shots/f-%05d.png")]
    [InlineData("shots/f-%05d.png", "shots/../shots/f-%05d.png")]
    [InlineData("shots/f-%05d.png", "shots/f-%d.png")] // beyond 9999 the same names
    [InlineData("shots/f-1%04d.png", "shots/f-%05d.png")] // some of the names
    [InlineData("shots/f-%05d.png", "folder-link/f-%05d.png")]
    [InlineData("folder-link/f-%05d.png", "shots/f-%05d.png")]
    [InlineData("links/g-%05d.png", "shots/f-%05d.png")]
    [InlineData("shots/f-%05d.png", "links/g-%05d.png")]
    [InlineData("hard/g-%05d.png", "shots/f-%05d.png")]
    [InlineData("shots/f-%05d.png", "shots/f-10002.png")] // a container that is one file
    public void Numbered_pictures_that_are_read_stay(string input, string output)
    {
        Link("shots", "folder-link");
        for (int number = 10000; number < 10004; number++)
        {
            Link($"../shots/f-{number}.png", $"links/g-{number}.png");
            Link($"shots/f-{number}.png", $"hard/g-{number}.png", isHard: true);
        }

        string[] before = Contents();
        ConversionOptions options = output.Contains('%', StringComparison.Ordinal) ? Replace : Replace with { Container = "apng", Encoder = "apng" };

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder[input], _folder[output], options));

        Assert.Matches("that is the input|is the input or one of its pictures|one of the input's pictures", error.Message);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void A_file_that_a_pattern_would_replace_stays()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 4 -c:v apng -f apng {_folder["shots/f-00001.png"]}");
        string[] before = Contents();

        MediaException error = Assert.Throws<MediaException>(
            () => Converter.Run(_folder["shots/f-00001.png"], _folder["shots/f-%05d.png"], Replace with { PictureRate = null }));

        Assert.Contains("f-00001.png, which is the input or one", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void Other_pictures_are_replaced()
    {
        Directory.CreateDirectory(_folder["copies"]);
        foreach (string picture in Directory.GetFiles(_folder["shots"]))
        {
            File.Copy(picture, Path.Combine(_folder["copies"], Path.GetFileName(picture)));
        }

        string[] before = Contents();
        Converter.Run(_folder["shots/f-%05d.png"], _folder["copies/f-%05d.png"], Replace with { FirstOutputPicture = 10000 });

        Assert.Equal(8, Directory.GetFiles(_folder["copies"]).Length);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void Many_files_of_one_length_are_told_apart()
    {
        string[] files = [.. Enumerable.Range(0, 450).Select(number => _folder.Write($"a/{number:000}", "same"))];
        string[] names = [.. Enumerable.Range(0, 50).Select(number => _folder.Write($"b/{number:000}", "same"))];
        Assert.Null(SameFile.Find(files, names));
        Link("a/431", "b/linked", isHard: true);
        Assert.Equal(_folder["b/linked"], SameFile.Find(files, [.. names, _folder["b/linked"]]));
    }

    private void Link(string target, string name, bool isHard = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        if (!isHard)
        {
            File.CreateSymbolicLink(_folder[name], target);
            return;
        }

        Assert.SkipUnless(File.Exists("/bin/ln"), "Hard links are made by the command ln.");
        using Process link = Process.Start("/bin/ln", [_folder[target], _folder[name]]);
        link.WaitForExit();
    }

    private string[] Contents() =>
        [.. Directory.GetFiles(_folder["shots"]).Order(StringComparer.Ordinal).Select(file => Path.GetFileName(file) + ContentIdentity.Of(file))];
}
