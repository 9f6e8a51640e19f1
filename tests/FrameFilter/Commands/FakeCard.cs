using System.Globalization;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>
/// NVIDIA's driver libraries as fake_card.c makes them, for a process of the filter's own: libav's real decoder for the card talks to them.
/// </summary>
/// <param name="folder">Where its frames and its log lie.</param>
internal sealed class FakeCard(ClipFolder folder)
{
    // Built once for all tests.
    private static readonly Lazy<Task<string>> Libraries = new(BuildAsync);

    /// <summary>What decoders said when they were closed: the pictures that they decoded, and those that nobody gave back.</summary>
    public string[] Log => File.Exists(folder["card.log"]) ? File.ReadAllLines(folder["card.log"]) : [];

    /// <summary>Builds the libraries unless they are there, and takes a clip's frames, which the card will answer with.</summary>
    /// <param name="clip">Without B-frames, so that it is decoded in the order in which it is shown.</param>
    /// <param name="width">Of its frames, in pixels.</param>
    /// <param name="height">In rows.</param>
    /// <param name="more">Further variables, see fake_card.c.</param>
    /// <returns>The environment of a process that has the card.</returns>
    public async Task<IReadOnlyDictionary<string, string?>> InstallAsync(string clip, int width, int height, params (string Name, string Value)[] more)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The fake card is built for Linux.");
        string libraries = await Libraries.Value;
        Directory.CreateDirectory(folder["card"]);
        FfmpegCommand.Run($"-i {clip} -pix_fmt nv12 -f rawvideo {folder["card/frames"]}");
        Dictionary<string, string?> environment = new()
        {
            ["LD_LIBRARY_PATH"] = libraries,
            ["FAKE_CARD_FRAMES"] = folder["card/frames"],
            ["FAKE_CARD_WIDTH"] = width.ToString(CultureInfo.InvariantCulture),
            ["FAKE_CARD_HEIGHT"] = height.ToString(CultureInfo.InvariantCulture),
            ["FAKE_CARD_LOG"] = folder["card.log"],
        };
        foreach ((string name, string value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static async Task<string> BuildAsync()
    {
        string folder = Directory.CreateTempSubdirectory("adaconv-card-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string source = Path.Combine(RepositoryFiles.Root, "tests", "FrameFilter", "Commands", "fake_card.c");
        foreach (string library in new[] { "libcuda.so.1", "libnvcuvid.so.1" })
        {
            await CompileAsync(source, Path.Combine(folder, library));
        }

        return folder;
    }

    private static async Task CompileAsync(string source, string library)
    {
        ProcessRun run;
        try
        {
            run = await ProcessRun.Of("cc", ["-shared", "-fPIC", "-O1", "-fvisibility=hidden", source, "-o", library]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no C compiler (cc) here.");
            return;
        }

        Assert.True(run.ExitCode == 0, run.Error);
    }
}
