using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Tests.Support;

namespace AdaConv.Media.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // As Windows does while a player has the old file open; here a folder has come into its place.
    [Fact]
    public void A_finished_output_that_cannot_take_its_name_stands_beside_it()
    {
        _folder.Write("clip.1.mkv", "another");
        using OutputFile output = OutputFile.Create(_folder["clip.mkv"], [], overwrite: true);
        File.WriteAllText(output.PartialPath, "whole");
        Directory.CreateDirectory(_folder["clip.mkv"]);

        var error = Assert.Throws<MediaException>(output.Complete);
        output.Dispose();

        Assert.Contains("saved beside it as clip.2.mkv", error.Message, StringComparison.Ordinal);
        Assert.Equal("whole", File.ReadAllText(_folder["clip.2.mkv"]));
        Assert.Equal(["clip.1.mkv", "clip.2.mkv", "clip.mkv"], _folder.Names);
    }
}
