using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AdaConv.Training.Tests.Commands;

public sealed class PrepareCommandTests : IDisposable
{
    private readonly TrainingClips _folder = new();

    [Fact]
    public void What_was_kept_and_why_not_is_told_on_the_terminal_and_in_the_cache()
    {
        _folder.AddMoving();
        _folder.Add("short.mkv", "testsrc2=size=160x160:rate=25", 2);
        for (int frame = 0; frame < 4; frame++)
        {
            TestPhotos.Write(Path.Combine(_folder["frames"], "walk", $"{frame}.png"), 200, 160, seed: 5, shift: 2 * frame);
        }

        var (code, output, errors) = Run("prepare", _folder.Clips, _folder["frames"], "--cache", _folder["cache"]);
        Assert.True(code == 0, errors);
        Assert.Contains("moving.mkv: 12 of 12 frames kept, 320x192, 10 triplets", errors, StringComparison.Ordinal);
        string[] lines = output.Split('\n');
        Assert.StartsWith("name ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^moving.mkv +clip +320x192 +320x192 +12 +12 +10 +0 +0 +0 +[0-9]+ +[0-9]+$", lines[1]);
        Assert.Matches("^short.mkv .*left out: short.mkv has 2 frames; a triplet needs 3.$", lines[2]);
        Assert.Matches("^walk +frames +200x160 +200x160 +4 +4 +2 +0 +0 +0 +2 +2$", lines[3]);
        Assert.Contains("2 of 3 clips, folders of frames or of triplets can be used: 12 triplets in 16 of 16 frames", output, StringComparison.Ordinal);

        string markdown = File.ReadAllText(Path.Combine(_folder["cache"], "report.md"));
        Assert.Contains("| moving.mkv | clip | 320x192 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| 1 to 4 | ", markdown, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["cache"], "report.json"))).RootElement;
        Assert.Equal(["moving.mkv", "short.mkv", "walk"], json.EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(10, json[0].GetProperty("triplets").GetInt32());

        (code, output, errors) = Run("prepare", _folder["frames"], "--cache", _folder["cache"]);
        Assert.Equal((0, ""), (code, errors)); // nothing was decoded again
    }

    [Fact]
    public void Footage_that_is_not_there_is_an_error_without_a_stack_trace()
    {
        var (code, _, errors) = Run("prepare", _folder["nowhere"], "--cache", _folder["cache"]);
        Assert.Equal((1, $"training: error: The folder {_folder["nowhere"]} does not exist."), (code, errors.Trim()));
    }

    [Fact]
    public void First_takes_the_start_of_a_vimeo_list()
    {
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            for (int frame = 1; frame <= 3; frame++)
            {
                TestPhotos.Write(Path.Combine(_folder["vimeo"], "sequences", "00001", $"000{sequence}", $"im{frame}.png"), 192, 128,
                    seed: sequence, shift: frame);
            }
        }

        File.WriteAllLines(Path.Combine(_folder["vimeo"], "tri_trainlist.txt"), ["00001/0001", "00001/0002", "00001/0003"]);
        var (code, output, errors) = Run("prepare", _folder["vimeo"], "--cache", _folder["cache"], "--first", "2");
        Assert.True(code == 0, errors);
        Assert.Contains("2 triplets in 6 of 6 frames", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // The command line as it was built beside these tests.
    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AdaConv.Training.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
