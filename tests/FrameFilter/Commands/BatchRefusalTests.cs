using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>What is wrong with every file of a folder is told before the first; and how names are shown that hold more than letters.</summary>
public sealed class BatchRefusalTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public BatchRefusalTests()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -t 0.4 -c:v ffv1 {_folder["clip.mkv"]}");
        foreach (string name in new[] { "a.mkv", "sub/b.mkv", "sub/c[1].mkv" })
        {
            Place(name);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--include", "?.mkv")]
    [InlineData("--include", "[ab].mkv")]
    [InlineData("--include", "{a,b}.mkv")]
    [InlineData("--exclude", "?.mkv")]
    [InlineData("--exclude", "sub/[bc]*")]
    public async Task Patterns_that_other_programs_know_are_refused(string option, string pattern)
    {
        var run = await Batch(option, pattern);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{option} '{pattern}': no file in ", run.Error, StringComparison.Ordinal);
        Assert.Contains("? [ ] { } stand for themselves; * stands for any part of a name and ** for any folders", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void A_name_in_brackets_may_still_be_to_come_to_a_watched_folder()
    {
        BatchOptions options = new() { Input = _folder["in"], Output = _folder["out"], Include = ["later[1]*.mkv"] };

        BatchPatterns.Check(options, isComplete: false);

        Assert.Throws<ConfigurationException>(() => BatchPatterns.Check(options, isComplete: true));
    }

    [Theory]
    [InlineData("--include", "")]
    [InlineData("--include", " ")]
    [InlineData("--exclude", "")]
    public async Task An_empty_pattern_is_refused(string option, string pattern)
    {
        var run = await Batch(option, pattern);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{option} has an empty pattern", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_named_with_brackets_is_found_by_its_name()
    {
        var taken = await Batch("--dry-run", "--include", "c[1].mkv");
        var left = await Batch("--dry-run", "--exclude", "sub/c[1].*");

        Assert.Equal((0, 0), (taken.ExitCode, left.ExitCode));
        Assert.Equal(["sub/c[1].mkv"], Converted(taken));
        Assert.Equal(["a.mkv", "sub/b.mkv"], Converted(left));

        static IEnumerable<string> Converted(ProcessRun run) =>
            run.Output.Split('\n').Where(line => line.StartsWith("convert  ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);
    }

    [Fact]
    public async Task An_extension_may_have_its_dot_and_one_that_nothing_can_be_written_with_ends_the_start()
    {
        var dot = await Batch("--include", "a.mkv", "--extension", ".nut");
        var plan = await Batch("--extension", "xyz", "--dry-run");
        Directory.Delete(_folder["out"], recursive: true);
        var unknown = await Batch("--extension", "xyz");
        var two = await Batch("--extension", "..mkv");

        Assert.True(dot.ExitCode == 0, dot.Error);
        Assert.Contains("a.nut, 12 frames", dot.Output, StringComparison.Ordinal);
        Assert.Equal((2, 2, 2), (plan.ExitCode, unknown.ExitCode, two.ExitCode));
        Assert.Contains("--extension xyz does not name a container that this FFmpeg can write", unknown.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    /// <remarks>The output's name says nothing of what is in it where a container is named.</remarks>
    [Theory]
    [InlineData("--extension png cannot be taken for a folder: a single picture cannot hold a video.", "--extension", "png")]
    [InlineData("--extension mp3 cannot be taken for a folder: the container mp3 is for other things than video.", "--extension", "mp3")]
    [InlineData("--extension m3u8 cannot be taken for a folder: hls is not one file but a playlist", "--extension", "m3u8")]
    [InlineData("The container bogus cannot be taken for a folder: this FFmpeg has no container bogus.", "--container", "bogus")]
    [InlineData("The container flac cannot be taken for a folder: the container flac is for other", "--container", "flac", "--extension", "mkv")]
    [InlineData("The container image2 cannot be taken for a folder: a single picture cannot hold a video.", "--preset", "pictures.yaml")]
    [InlineData("The encoder bogus cannot be taken: this FFmpeg has no video encoder bogus.", "--encoder", "bogus")]
    [InlineData("The encoder aac cannot be taken: this FFmpeg has no video encoder aac.", "--encoder", "aac")]
    [InlineData("The encoder libx264 cannot be taken: the container webm does not support the encoder libx264.", "--preset", "webm.yaml")]
    [InlineData("The pixel format bogus cannot be taken", "--pixel-format", "bogus")]
    public async Task What_no_file_could_be_written_as_ends_the_start(string words, params string[] options)
    {
        _folder.Write("pictures.yaml", "output:\n  container: image2\n");
        _folder.Write("webm.yaml", "output:\n  container: webm\n  encoder: libx264\n");
        string[] names = _folder.Names;

        string[][] commands = [["batch", "in", "out"], ["batch", "in", "out", "--dry-run"], ["watch", "in", "out"], ["job", "plan", "in", "out", "job"]];
        foreach (string[] command in options is ["--extension", "png"] ? commands : [commands[words.Length % commands.Length]])
        {
            var run = await ProcessRun.OfFilter([.. command, "--method", "average", .. options], _folder.Path);

            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.StartsWith("framefilter: error: " + words, run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
            Assert.Equal(names, _folder.Names);
        }
    }

    [Theory]
    [InlineData("mp3", "--container", "matroska")]
    [InlineData("y4m")]
    [InlineData("gif", "--encoder", "gif")]
    [InlineData("avi", "--encoder", "huffyuv")]
    public async Task What_files_can_be_written_as_begins(string extension, params string[] options)
    {
        var run = await ProcessRun.OfFilter(["batch", "in", "out", "--method", "average", "--extension", extension, .. options], _folder.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("3 done", run.Output, StringComparison.Ordinal);
        JsonElement streams = FfmpegCommand.Probe(_folder[$"out/a.{extension}"], "-show_streams").GetProperty("streams");
        Assert.Equal("video", streams[0].GetProperty("codec_type").GetString());
    }

    /// <remarks>Matroska has no name of its own for it, but none of the outputs is Matroska.</remarks>
    [Fact]
    public async Task An_encoder_that_the_inputs_own_containers_hold_is_taken()
    {
        Directory.CreateDirectory(_folder["avis"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15:duration=0.4 -c:v huffyuv {_folder["avis/a.avi"]}");

        var run = await ProcessRun.OfFilter(["batch", "avis", "out", "--method", "average", "--encoder", "huffyuv"], _folder.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("huffyuv", FfmpegCommand.Probe(_folder["out/a.avi"], "-show_streams").GetProperty("streams")[0].GetProperty("codec_name").GetString());
    }

    [Theory]
    [InlineData]
    [InlineData("--dry-run")]
    public async Task Kernels_that_the_processor_lacks_end_the_start(params string[] options)
    {
        var lacks = new Dictionary<string, string?> { ["DOTNET_EnableAVX512"] = "0", ["DOTNET_EnableAVX2"] = "0" };

        var run = await ProcessRun.OfFilter(["batch", "in", "out", "--kernels", "vector512", .. options], _folder.Path, lacks);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Kernel level Vector512", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("The device onnx:directml cannot be used.", "batch", "--device", "onnx:directml")]
    [InlineData("The device onnx:directml cannot be used.", "watch", "--device", "onnx:directml")]
    [InlineData("The precision bfloat16 is for CUDA devices", "batch", "--precision", "bfloat16")]
    [InlineData("The precision float16 is for CUDA devices", "batch", "--precision", "float16", "--dry-run")]
    [InlineData("Reading the weights", "watch", "--model", "./clip.mkv")]
    public async Task What_the_machine_lacks_ends_the_start(string words, string command, params string[] options)
    {
        var run = await ProcessRun.OfFilter([command, "in", "out", .. options], _folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Control_characters_in_names_are_shown_and_not_sent_to_the_terminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        Place("new\nline\t\x1b[31m.mkv");
        _folder.Write("in/bad\nname.mkv", "no video");
        _folder.Write("in/other\r\u009b.txt", "no video");

        var plan = await Batch("--dry-run");
        var run = await Batch();
        var json = await Batch("-y", "--progress", "json");

        Assert.Contains(@"convert  new\nline\t\x1b[31m.mkv -> new\nline\t\x1b[31m.mkv", plan.Output, StringComparison.Ordinal);
        Assert.Contains(@"ignore   other\r\x9b.txt", plan.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^failed +bad\\nname\.mkv +Opening .*bad\\nname\.mkv", run.Output);
        Assert.Matches(@"(?m)^done +new\\nline\\t\\x1b\[31m\.mkv +new\\nline", run.Output);
        Assert.Contains(@"] new\nline\t\x1b[31m.mkv: 12 frames", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Output + plan.Error + run.Output + run.Error, letter => char.IsControl(letter) && letter != '\n');
        Assert.Contains(
            json.Error.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement),
            line => line.TryGetProperty("input", out var input) && input.GetString() == "bad\nname.mkv");
    }

    [Fact]
    public async Task An_error_of_several_lines_keeps_them()
    {
        _folder.Write("two.yaml", "output:\n  qualty: 3\n  colour: \"\x1b\"\n");

        var run = await Batch("--preset", "two.yaml");

        Assert.Equal(2, run.Error.TrimEnd().Split('\n').Length);
        Assert.Equal("a\\x07\nb", Printable.OfLines("a\a\nb"));
        Assert.Equal("plain ünï 日本 \\", Printable.Of("plain ünï 日本 \\"));
    }

    private void Place(string name)
    {
        string path = _folder["in/" + name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(_folder["clip.mkv"], path);
    }

    private Task<ProcessRun> Batch(params string[] more) => ProcessRun.OfFilter(
        ["batch", "in", "out", "--method", "average", "--encoder", "ffv1", .. more], _folder.Path);
}
