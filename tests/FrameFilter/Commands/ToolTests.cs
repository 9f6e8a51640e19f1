using System.IO.Compression;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>The filter as a tool of <c>dotnet tool install</c>, packed and installed from a folder.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_packed_tool_is_installed_from_a_folder_and_converts_with_its_own_weights()
    {
        FfmpegCommand.Require();
        string packages = Directory.CreateDirectory(_folder["packages"]).FullName;
        string configuration = Path.GetFileName(Path.GetDirectoryName(ProcessRun.AssemblyOf("FrameFilter")))!;
        var pack = await ProcessRun.Of("dotnet",
            [
                "pack", Path.Combine(RepositoryFiles.Root, "src", "FrameFilter"), "--no-build", "-c", configuration, "-v", "q", "--nologo",
                "--disable-build-servers", "-o", packages,
            ]);
        Assert.True(pack.ExitCode == 0, pack.Output);
        string file = Assert.Single(Directory.GetFiles(packages));
        Assert.InRange(new FileInfo(file).Length, 18_000_000, 30_000_000);
        using (ZipArchive archive = await ZipFile.OpenReadAsync(file, TestContext.Current.CancellationToken))
        {
            Assert.Equal(["fast", "guided", "quality"], archive.Entries.Where(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal))
                .Select(entry => Path.GetFileNameWithoutExtension(entry.Name)).Order(StringComparer.Ordinal));
        }

        // An older package of the same version must not come out of the cache.
        Dictionary<string, string?> environment = new() { ["NUGET_PACKAGES"] = _folder["cache"], ["XDG_CONFIG_HOME"] = _folder["settings"] };
        var install = await ProcessRun.Of(
            "dotnet", ["tool", "install", "AdaConv", "--tool-path", _folder["tools"], "--source", packages], _folder.Path, environment);
        Assert.True(install.ExitCode == 0, install.Output + install.Error);

        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=25:d=0.12 -c:v ffv1 {_folder["in.mkv"]}");
        var run = await ProcessRun.Of(_folder["tools/framefilter"], ["convert", "in.mkv", "out.mkv", "--preset", "fast"], _folder.Path, environment);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("6 frames at 50 per second", run.Error, StringComparison.Ordinal);
    }
}
