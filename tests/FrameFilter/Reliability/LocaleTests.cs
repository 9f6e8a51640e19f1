using System.Text.RegularExpressions;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

/// <summary>
/// The user's language never reaches the program, also where its runtime is told to follow it: in Turkish, I and i are no pair and numbers have commas,
/// in Arabic the calendar is another one.
/// </summary>
public sealed partial class LocaleTests
{
    [Fact]
    public async Task Turkish_and_Arabic_change_neither_files_nor_words()
    {
        FfmpegCommand.Require();
        string[] expected = await Convert("C");
        Assert.Contains(expected, line => line.Contains("\"outputRate\":\"50\"", StringComparison.Ordinal));
        Assert.Contains("ISIĞI ılık.AVI: 10", expected);
        Assert.Equal(expected, await Convert("tr_TR.UTF-8"));
        Assert.Equal(expected, await Convert("ar_SA.UTF-8"));
    }

    // All that a batch of one file says and leaves, but for how long it took.
    private static async Task<string[]> Convert(string locale)
    {
        using var folder = new ClipFolder();
        Directory.CreateDirectory(folder["IN"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 5 -c:v mpeg4 {folder["clip.avi"]}");
        File.Move(folder["clip.avi"], folder["IN/ISIĞI ılık.AVI"]);
        folder.Write("İÇİN.yaml", "scenes:\n  threshold: 0.25\noutput:\n  quality: 20.5\n  encoder: libx264\n");
        Dictionary<string, string?> environment = new() { ["LANG"] = locale, ["LC_ALL"] = locale, ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" };

        var run = await ProcessRun.OfFilter(
            ["batch", "IN", "OUT", "--preset", "İÇİN.yaml", "--method", "average", "--progress", "json", "--include", "*.avı", "--include", "*.AVI"],
            folder.Path, environment);

        Assert.SkipWhen(run.Error.Contains("Couldn't find a valid ICU package", StringComparison.Ordinal), "There is no ICU here.");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        string said = Times().Replace(run.Output + run.Error + File.ReadAllText(folder["OUT/framefilter.jsonl"]), "");
        return
        [
            .. said.Split('\n').Where(line => !line.Contains("\"progress\"", StringComparison.Ordinal)),
            .. new DirectoryInfo(folder["OUT"]).GetFiles("*.AVI").Select(file => $"{file.Name}: {FrameHashes.OfVideo(file.FullName).Length}"),
            .. FrameHashes.OfVideo(folder["OUT/ISIĞI ılık.AVI"]),
        ];
    }

    [GeneratedRegex("\"(time|elapsed|seconds|content|outputBytes)\":\"?[^,}\"]*\"?|in [0-9:]+")]
    private static partial Regex Times();
}
