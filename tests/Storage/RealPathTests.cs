using AdaConv.Storage;
using AdaConv.Tests.Support;

namespace AdaConv.Storage.Tests;

public sealed class RealPathTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_root_is_itself_and_is_never_asked_for_a_link()
    {
        string root = Path.GetPathRoot(Path.GetFullPath("."))!;

        Assert.Equal(root, RealPath.OfFolder(new(root)));
    }

    [Fact]
    public void Links_are_followed_wherever_they_stand_in_a_path()
    {
        string file = _folder.Write("real/clip.mp4", "a clip");
        Directory.CreateSymbolicLink(_folder["by-folder"], _folder["real"]);
        File.CreateSymbolicLink(_folder["by-file.mp4"], file);

        Assert.Equal(RealPath.OfFile(file), RealPath.OfFile(_folder["by-folder/clip.mp4"]));
        Assert.Equal(RealPath.OfFile(file), RealPath.OfFile(_folder["by-file.mp4"]));
        Assert.Equal(RealPath.OfFolder(new(_folder["real"])), RealPath.OfFolder(new(_folder["by-folder/"])));
        Assert.NotEqual(RealPath.OfFile(file), RealPath.OfFile(_folder["real/other.mp4"]));
    }

    [Fact]
    public async Task A_link_to_nothing_is_told_from_all_that_can_be_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Directory.CreateDirectory(_folder["other/e"]);
        File.WriteAllText(_folder["other/y.mkv"], "y");
        File.CreateSymbolicLink(_folder["other/e/up.mkv"], "../y.mkv");
        Directory.CreateSymbolicLink(_folder["d"], "other/e");
        File.CreateSymbolicLink(_folder["by-folder.mkv"], "d/up.mkv");
        File.CreateSymbolicLink(_folder["lost.mkv"], "d/none.mkv");
        File.CreateSymbolicLink(_folder["a"], _folder["b"]);
        File.CreateSymbolicLink(_folder["b"], _folder["a"]);

        Assert.Equal(RealPath.OfFile(_folder["other/e/none.mkv"]), RealPath.MissingTarget(_folder["lost.mkv"]));
        Assert.All([_folder["by-folder.mkv"], _folder["d/up.mkv"], _folder["other/y.mkv"], _folder["d"], _folder["none"], _folder["a"]],
            path => Assert.Null(RealPath.MissingTarget(path)));

        await using FileStream open = new(_folder["gone.mkv"], FileMode.CreateNew);
        File.Delete(_folder["gone.mkv"]);
        Assert.Null(RealPath.MissingTarget($"/proc/self/fd/{open.SafeFileHandle.DangerousGetHandle()}"));
    }
}
