using System.Text;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Storage.Tests;

public sealed class FileNameTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x", 251)]
    [InlineData("ü", 125)]
    [InlineData("👩‍🚀", 22)]
    public void The_longest_names_are_written_beside_their_place_like_others(string sign, int count)
    {
        string path = _folder[string.Concat(Enumerable.Repeat(sign, count)) + ".mkv"];
        string partial = PartialName.Of(path);

        DurableStore.Write(path, "first");
        DurableStore.Write(path, "second");

        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([Path.GetFileName(path)], _folder.Names);
        Assert.InRange(Encoding.UTF8.GetByteCount(Path.GetFileName(partial)), 1, 255);
        Assert.StartsWith("." + sign, Path.GetFileName(partial), StringComparison.Ordinal);
        Assert.EndsWith(".partial.mkv", partial, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_process_left_of_a_long_name_is_deleted_and_that_of_one_that_begins_alike_stays()
    {
        string path = _folder[new string('x', 250) + ".mkv"], other = _folder[new string('x', 249) + "y.mkv"];
        string own = Dead(path), others = Dead(other);
        File.WriteAllText(own, "");
        File.WriteAllText(others, "");

        PartialName.DeleteStale(path);

        Assert.NotEqual(own, others);
        Assert.Equal([Path.GetFileName(others)], _folder.Names);
    }

    [Fact]
    public void Names_that_fit_stay_as_they_are()
    {
        Assert.Equal("video", FileName.Fit("video", 30));
        Assert.Equal($"/a/.video.{Environment.ProcessId}.partial.mkv", PartialName.Of("/a/video.mkv").Replace('\\', '/'));
    }

    private static string Dead(string path) =>
        PartialName.Of(path).Replace($".{Environment.ProcessId}.", ".999999999.", StringComparison.Ordinal);
}
