using System.Text.Json;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Configuration;

/// <summary>factor, fps and slow exclude one another, as do quality and preset and an encoder's options for them; by the real command line.</summary>
public sealed class ExclusiveSettingsTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_preset_that_sets_two_at_once_is_not_valid()
    {
        _folder.Write("c.yaml", "timing:\n  factor: 4\n  fps: 60\n");
        _folder.Write("over.yaml", "extends: ./c.yaml\n");

        foreach (string arguments in new[] { "validate c.yaml", "validate over.yaml", "show ./c.yaml" })
        {
            var run = await ProcessRun.OfFilter(["presets", .. arguments.Split(' ')], _folder.Path);

            Assert.Equal(2, run.ExitCode);
            Assert.Contains(
                "c.yaml:3: timing.fps: factor and fps exclude each other: set one of them to auto; timing.factor is set in line 2", run.Error,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_presets_own_choice_takes_the_place_of_that_of_the_preset_it_extends()
    {
        _folder.Write("mine.yaml", "extends: slow-motion-4x\ntiming:\n  fps: 60\n");

        var validated = await ProcessRun.OfFilter(["presets", "validate", "mine.yaml"], _folder.Path);
        var shown = await ProcessRun.OfFilter(["presets", "show", "mine.yaml"], _folder.Path);

        Assert.Equal((0, 0), (validated.ExitCode, shown.ExitCode));
        Assert.Matches(@"\n  fps: 60  # \S*mine\.yaml\r?\n  slow: off\r?\n", shown.Output);
    }

    [Theory]
    [InlineData("web-60", "--factor 4", "factor: 4  # the command line", "fps: auto", "slow: off")]
    [InlineData("web-60", "--slow 2", "factor: auto", "fps: auto", "slow: 2  # the command line")]
    [InlineData("slow-motion-4x", "--fps 60", "factor: auto", "fps: 60  # the command line", "slow: off")]
    [InlineData("slow-motion-4x", "--fps auto", "factor: auto", "fps: auto  # the command line", "slow: 4  # ")]
    public async Task The_command_lines_choice_takes_the_place_of_the_presets(string preset, string options, params string[] lines)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -t 0.4 -c:v ffv1 {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(
            ["convert", "in.mkv", "out.mkv", "--preset", preset, "--method", "average", "--verbose", .. options.Split(' ')], _folder.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.All(lines, line => Assert.Contains($"\n  {line}", run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_on_the_command_line_are_refused_by_their_options()
    {
        var run = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", "--fps", "60", "--slow", "2"], _folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--fps and --slow are set by the command line: fps and slow exclude each other", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--preset preview --encoder-option crf=30", "libx264 crf=30 preset=ultrafast")]
    [InlineData("--preset preview --encoder-option preset=slow", "libx264 crf=28 preset=slow")]
    [InlineData("--preset ./own.yaml --quality 10 --encoder-preset fast", "libx264 crf=10 preset=fast")]
    [InlineData("--preset ./own.yaml", "libx264 crf=40 preset=medium")]
    public async Task The_command_lines_quality_and_preset_take_the_place_of_a_presets_in_either_form(string options, string encoder)
    {
        _folder.Write("own.yaml", "output:\n  encoder-options:\n    crf: 40\n    preset: medium\n");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.2 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mp4", "--method", "average", "--dry-run", .. options.Split(' ')], _folder.Path);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains($"mp4, {encoder}\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    /// <remarks>own.yaml names libx264, over.yaml extends it by libx265 and a further option, any.yaml names none.</remarks>
    [Theory]
    [InlineData("--preset ./own.yaml", "libx264 crf=18 g=60 tune=film", "")]
    [InlineData("--preset ./own.yaml --encoder libx264", "libx264 crf=18 g=60 tune=film", "")]
    [InlineData(
        "--preset ./own.yaml --encoder libsvtav1",
        "libsvtav1 crf=24",
        "Of ./own.yaml, the encoder's options tune, g are dropped: they are for the encoder libx264, and the command line chooses libsvtav1.")]
    [InlineData("--preset ./own.yaml --encoder mpeg4 --encoder-option g=30", "mpeg4 flags=+qscale g=30 global_quality=354", "tune, g are dropped")]
    [InlineData("--preset ./own.yaml --encoder auto", "libx264 crf=18", "and the command line chooses auto.")]
    [InlineData("--preset ./over.yaml", "libx265 bf=2 crf=20 x265-params=log-level=error", "and ./over.yaml chooses libx265.")]
    [InlineData("--preset ./over.yaml --encoder libx264", "libx264 crf=18 g=60 tune=film", "Of ./over.yaml, the encoder's option bf is dropped: it is for")]
    [InlineData("--preset ./any.yaml --encoder libx265", "libx265 crf=20 g=60 x265-params=log-level=error", "")]
    public async Task A_presets_options_for_its_encoder_are_not_for_another(string options, string encoder, string words)
    {
        _folder.Write("own.yaml", "output:\n  encoder: libx264\n  encoder-options:\n    tune: film\n    g: 60\n");
        _folder.Write("over.yaml", "extends: ./own.yaml\noutput:\n  encoder: libx265\n  encoder-options:\n    bf: 2\n");
        _folder.Write("any.yaml", "output:\n  encoder-options:\n    g: 60\n");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -t 0.2 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");
        string[] command = ["convert", "in.mkv", "out.mp4", "--method", "average", "--dry-run", .. options.Split(' ')];

        var run = await ProcessRun.OfFilter(command, _folder.Path);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains($"mp4, {encoder}\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Equal(words.Length == 0, run.Error.Length == 0);
    }

    /// <remarks>What is dropped excludes nothing: the crf that took its place is gone, so that the weaker quality holds.</remarks>
    [Fact]
    public async Task A_quality_holds_again_where_the_option_that_took_its_place_is_dropped()
    {
        _folder.Write("base.yaml", "output:\n  quality: 33\n");
        _folder.Write("own.yaml", "extends: ./base.yaml\noutput:\n  encoder: libx264\n  encoder-options:\n    crf: 20\n");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -t 0.2 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");
        string[] command = ["convert", "in.mkv", "out.mp4", "--method", "average", "--dry-run", "--preset", "./own.yaml", "--encoder", "libsvtav1"];

        var run = await ProcessRun.OfFilter(command, _folder.Path);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("mp4, libsvtav1 crf=33\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_dropped_is_an_event_for_programs_and_silent_where_only_errors_are_wanted()
    {
        _folder.Write("own.yaml", "output:\n  encoder: libx264\n  encoder-options:\n    tune: film\n");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -t 0.2 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");
        string[] command = ["convert", "in.mkv", "out.mkv", "--method", "average", "--preset", "./own.yaml", "--encoder", "libsvtav1", "-y"];

        var events = await ProcessRun.OfFilter([.. command, "--progress", "json"], _folder.Path);
        var quiet = await ProcessRun.OfFilter([.. command, "--quiet"], _folder.Path);

        Assert.Equal((0, 0, ""), (events.ExitCode, quiet.ExitCode, quiet.Error));

        // Every line, as SVT-AV1 would write some of its own between them.
        JsonElement[] lines = [.. events.Error.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal("message", lines[0].GetProperty("event").GetString());
        Assert.Contains("the encoder's option tune is dropped", lines[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("done", lines[^1].GetProperty("event").GetString());
    }

    /// <remarks>What these print is for programs, too: it goes to standard error.</remarks>
    [Theory]
    [InlineData("inspect in.mkv --quick --json")]
    [InlineData("verify in.mkv in.mkv --json")]
    [InlineData("compare in.mkv --output scores")]
    [InlineData("bench --seconds 1 --size 480p --json")]
    public async Task What_is_dropped_is_told_by_every_command_that_takes_a_preset(string command)
    {
        _folder.Write("own.yaml", "output:\n  encoder: libx264\n  encoder-options:\n    tune: film\n");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -t 0.4 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter([.. command.Split(' '), "--method", "average", "--preset", "./own.yaml", "--encoder", "mpeg4"], _folder.Path);

        Assert.Contains("the encoder's option tune is dropped", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("tune is dropped", run.Output, StringComparison.Ordinal);
        Assert.True(run.ExitCode is 0 or 1, run.Error);
    }
}
