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
}
