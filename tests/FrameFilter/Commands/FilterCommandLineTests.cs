using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

public sealed class FilterCommandLineTests
{
    [Theory]
    [InlineData("--help", "framefilter [command]")]
    [InlineData("convert --help", "framefilter convert <INPUT> <OUTPUT>")]
    [InlineData("presets --help", "framefilter presets [command]")]
    [InlineData("presets show --help", "framefilter presets show <PRESET>")]
    [InlineData("presets list --help", "framefilter presets list")]
    [InlineData("presets validate -h", "framefilter presets validate <FILE>")]
    [InlineData("presets template -h", "framefilter presets template")]
    public async Task Help_shows_usage_and_examples(string arguments, string usage)
    {
        var run = await ProcessRun.OfFilter(arguments.Split(' '));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(usage, run.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var run = await ProcessRun.OfFilter(["--version"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^framefilter \d+\.\d+\.\d+\r?\n$", run.Output);
    }

    [Theory]
    [InlineData("", "No command is given; there are: convert, inspect, ", "framefilter --help")]
    [InlineData("convrt a b", "There is no command 'convrt'; did you mean 'convert'?", "framefilter --help")]
    [InlineData("presets shw x", "There is no command 'shw'; did you mean 'show'?", "framefilter presets --help")]
    [InlineData("convert", "INPUT and OUTPUT are missing.", "framefilter convert --help")]
    [InlineData("convert in.mp4", "OUTPUT is missing.", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 more.mp4", "'more.mp4' is one argument too many: convert takes INPUT OUTPUT.", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --qualty 3", "There is no option '--qualty'; did you mean '--quality'?", "framefilter convert --help")]
    [InlineData("convert in.mp4 --qualty 3", "There is no option '--qualty'; did you mean '--quality'?", "framefilter convert --help")]
    [InlineData("convert --qualty out.mp4", "There is no option '--qualty'; did you mean '--quality'?", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --quality 99", "--quality: '99' is out of range; allowed: a number from 0 to 63, or auto",
        "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --crf", "--crf needs a value: ", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --crf 3 --crf 4", "--quality takes one value, and is given 2.", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --progress jason", "--progress: 'jason' is not one of auto, json; did you mean 'json'?", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --memory-limit 4", "--memory-limit: '4' is not a size", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --encoder-option tune", "--encoder-option: 'tune' is not NAME=TEXT", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --device gpu", "--device: ", "framefilter convert --help")]
    [InlineData("convert in.mp4 out.mp4 --quiet --verbose", "--quiet and --verbose exclude each other.", "framefilter convert --help")]
    [InlineData("batch in out --jobs many", "--jobs: 'many' is not a whole number from 0 to 64.", "framefilter batch --help")]
    [InlineData("watch in out --settle 0", "--settle: '0' is not a number from 0.1 to 86400.", "framefilter watch --help")]
    [InlineData("compare in.mp4 --frames 2", "--frames: '2' is not a whole number from 3 to 100000.", "framefilter compare --help")]
    [InlineData("bench --size 4k", "--size: '4k' is not one of 1080p, 480p, 720p", "framefilter bench --help")]
    [InlineData("completion csh", "SHELL: 'csh' is not one of bash, fish, powershell, zsh; did you mean 'zsh'?", "framefilter completion --help")]
    public async Task A_wrong_command_line_is_told_in_two_lines(string arguments, string problem, string type)
    {
        var run = await ProcessRun.OfFilter(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("framefilter: error: " + problem, lines[0], StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[.?]\.$", lines[0]);
        Assert.StartsWith($"Type '{type}'", lines[1], StringComparison.Ordinal);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("convert in.mp4 out.mp4 --preset qualty", "did you mean 'quality'?")]
    [InlineData("convert in.mp4 out.mp4 --preset nowhere/x.yaml", "The preset file nowhere/x.yaml does not exist")]
    [InlineData("convert in.mp4 out.mp4 --model guidedd", "There is no model 'guidedd'")]
    [InlineData("convert in.mp4 out.mp4 --model nowhere.safetensors", "nowhere.safetensors does not exist")]
    [InlineData("convert in.mp4 out.mp4 --device cuda", "The device cuda cannot be used.")]
    [InlineData("presets show nothing", "There is no preset 'nothing'")]
    public async Task A_setting_that_cannot_be_used_is_told_in_plain_words(string arguments, string words)
    {
        var run = await ProcessRun.OfFilter(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("framefilter: error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_missing_input_is_named_and_leaves_no_output()
    {
        using var folder = new ClipFolder();

        var run = await ProcessRun.OfFilter(["convert", "not there.mp4", "out.mp4", "--method", "average"], folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("framefilter: error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("not there.mp4", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Debugging_shows_the_stack_trace()
    {
        using var folder = new ClipFolder();
        var debug = new Dictionary<string, string?> { ["ADACONV_DEBUG"] = "1" };

        var run = await ProcessRun.OfFilter(["convert", "x.mp4", "out.mp4", "--method", "average"], folder.Path, debug);

        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert", "x.mp4", "out.mp4")]
    [InlineData("inspect", "x.mp4")]
    [InlineData("batch", ".", "out", "--dry-run")]
    [InlineData("batch", ".", "out")]
    public async Task Missing_FFmpeg_libraries_are_told_with_what_to_do(params string[] arguments)
    {
        using var folder = new ClipFolder();
        folder.Write("x.mp4", "no video");
        var nowhere = new Dictionary<string, string?> { ["ADACONV_FFMPEG_DIR"] = folder["nowhere"] };

        var run = await ProcessRun.OfFilter([.. arguments, "--method", "average"], folder.Path, nowhere);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("framefilter: error: Loading FFmpeg: FFmpeg's shared libraries were not found", run.Error, StringComparison.Ordinal);
        Assert.Contains("ADACONV_FFMPEG_DIR", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_preset_is_told_with_file_and_line()
    {
        using var folder = new ClipFolder();
        folder.Write("bad.yaml", "output:\n  qualty: 3\n");

        foreach (string[] arguments in new[] { ["convert", "a", "b", "--preset", "bad.yaml"], new[] { "presets", "validate", "bad.yaml" } })
        {
            var run = await ProcessRun.OfFilter(arguments, folder.Path);

            Assert.Equal(2, run.ExitCode);
            Assert.Contains("bad.yaml:2: output.qualty: is not a key; did you mean 'quality'?", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Presets_are_listed_with_their_purpose()
    {
        var run = await ProcessRun.OfFilter(["presets", "list"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("15to30  ", run.Output, StringComparison.Ordinal);
        Assert.Contains("double  ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_is_a_valid_preset()
    {
        using var folder = new ClipFolder();
        var template = await ProcessRun.OfFilter(["presets", "template"]);
        folder.Write("mine.yaml", template.Output);

        var run = await ProcessRun.OfFilter(["presets", "validate", "mine.yaml"], folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("all valid", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preset_is_shown_with_the_source_of_each_value()
    {
        var run = await ProcessRun.OfFilter(["presets", "show", "quality"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"\n  quality: 14  # \S*quality\.yaml\r?\n", run.Output);
    }

    [Fact]
    public async Task Names_that_begin_with_a_dash_or_an_at_sign_are_files()
    {
        using var folder = new ClipFolder();

        var run = await ProcessRun.OfFilter(["convert", "--method", "average", "--", "-in.mp4", "out.mp4"], folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("-in.mp4", run.Error, StringComparison.Ordinal);

        run = await ProcessRun.OfFilter(["convert", "@in.mp4", "out.mp4", "--method", "average"], folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("@in.mp4", run.Error, StringComparison.Ordinal);
    }
}
