using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>
/// The program as published for Windows (eng/publish-windows.sh), run under Wine: what Wine shows of Windows, which is not everything. Conversions
/// need FFmpeg's libraries for Windows (eng/windows-ffmpeg.sh).
/// </summary>
public sealed class WineTests : IDisposable
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "artifacts", "windows", "framefilter");
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_version_and_presets_are_printed()
    {
        Require(ffmpeg: false);

        var help = await Run("help", "convert");
        var version = await Run("--version");
        var presets = await Run("presets", "list");

        Assert.Equal((0, 0, 0), (help.ExitCode, version.ExitCode, presets.ExitCode));
        Assert.Contains("--hwaccel", help.Output, StringComparison.Ordinal);
        Assert.StartsWith("framefilter ", version.Output, StringComparison.Ordinal);
        Assert.Equal(12, presets.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Doctor_finds_everything_but_FFmpeg_and_says_how_that_comes_here()
    {
        Require(ffmpeg: false);
        Directory.CreateDirectory(_folder["empty"]);

        var run = await RunWith(new() { ["ADACONV_FFMPEG_DIR"] = "Z:" + _folder["empty"] }, "doctor");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, run.Output.Split('\n').Count(line => line.StartsWith("MISSING", StringComparison.Ordinal)));
        Assert.Contains("MISSING FFmpeg", run.Output, StringComparison.Ordinal);
        Assert.Contains("avcodec-62.dll", run.Output, StringComparison.Ordinal);
        Assert.Contains("ok      networks", run.Output, StringComparison.Ordinal);
        Assert.Contains("ok      weights", run.Output, StringComparison.Ordinal);
        Assert.Contains("ok      settings", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--factor", "convert", "in.mp4", "out.mp4", "--factor", "3")]
    [InlineData(2, "fast", "convert", "in.mp4", "out.mp4", "--preset", "fats")]
    [InlineData(1, "FFmpeg's shared libraries were not found", "convert", "in.mp4", "out.mp4")]
    public async Task Bad_input_is_told_in_a_line_and_by_the_exit_code(int code, string words, params string[] arguments)
    {
        Require(ffmpeg: false);

        var run = await RunWith(new() { ["ADACONV_FFMPEG_DIR"] = "Z:" + _folder.Path }, arguments);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clip_is_converted_and_replaced_to_the_frames_of_this_system_under_a_name_beyond_code_pages()
    {
        Require(ffmpeg: true);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -frames:v 12 -c:v libx264 -pix_fmt yuv420p {_folder["in.mp4"]}");
        string[] arguments = ["--method", "average", "--encoder", "ffv1", "-y"];
        var here = await ProcessRun.OfFilter(["convert", "in.mp4", "here.mkv", .. arguments], _folder.Path);
        Assert.Equal(0, here.ExitCode);

        string[] command = ["convert", "in.mp4", "größer 東.mkv", .. arguments];
        var first = await Run(command);
        var second = await Run(command);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("größer 東.mkv: 24 frames at 30 per second", second.Error, StringComparison.Ordinal);
        Assert.Equal(FrameHashes.OfVideo(_folder["here.mkv"]), FrameHashes.OfVideo(_folder["größer 東.mkv"]));
        Assert.Equal(["größer 東.mkv", "here.mkv", "in.mp4"], _folder.Names);
    }

    [Fact]
    public async Task The_network_predicts_on_Windows_too()
    {
        Require(ffmpeg: true);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=15 -frames:v 3 -c:v libx264 -pix_fmt yuv420p {_folder["in.mp4"]}");

        var run = await Run("convert", "in.mp4", "out.mkv", "--encoder", "ffv1", "--scene-cut", "off", "--verbose");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2 predicted, 1 repeated", run.Error, StringComparison.Ordinal);
        Assert.Equal(6, FrameHashes.OfVideo(_folder["out.mkv"]).Distinct().Count() + 1);
    }

    [Fact]
    public async Task A_folder_is_converted_once()
    {
        Require(ffmpeg: true);
        Directory.CreateDirectory(_folder["in"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -frames:v 4 -c:v libx264 -pix_fmt yuv420p {_folder["in/clip.mp4"]}");
        string[] arguments = ["batch", "in", "out", "--method", "average", "--encoder", "mpeg4"];

        var first = await Run(arguments);
        var second = await Run(arguments);

        Assert.Contains("1 done, 0 done before, 0 failed", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 done, 1 done before, 0 failed", second.Output, StringComparison.Ordinal);
    }

    private static void Require(bool ffmpeg)
    {
        string program = Path.Combine(Folder, "AdaConv.FrameFilter.exe");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Wine.IsThere, "Wine is not installed (apt-get install wine wine64).");
        Assert.SkipUnless(File.Exists(program), "The program was not published for Windows: eng/publish-windows.sh.");
        DateTime published = File.GetLastWriteTimeUtc(Path.Combine(Folder, "AdaConv.FrameFilter.dll"));
        string? newer = Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .FirstOrDefault(file => File.GetLastWriteTimeUtc(file) > published && !file.Contains("/Training/", StringComparison.Ordinal));
        Assert.SkipWhen(newer is not null, $"What was published for Windows is older than {newer}: eng/publish-windows.sh.");
        Assert.SkipWhen(ffmpeg && !Directory.Exists(Path.Combine(Folder, "ffmpeg")), "There is no FFmpeg for Windows: eng/windows-ffmpeg.sh.");
    }

    private Task<ProcessRun> Run(params string[] arguments) => RunWith([], arguments);

    private Task<ProcessRun> RunWith(Dictionary<string, string?> environment, params string[] arguments)
    {
        foreach ((string name, string value) in Wine.Environment)
        {
            environment[name] = value;
        }

        return ProcessRun.Of("wine", [Path.Combine(Folder, "AdaConv.FrameFilter.exe"), .. arguments], _folder.Path, environment);
    }

    private static class Wine
    {
        public static bool IsThere { get; } = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "wine")));

        /// <summary>A Windows of its own, made at the first run, and .NET kept from mapping its code twice, which Wine 8 does not survive.</summary>
        public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
        {
            ["WINEPREFIX"] = Path.Combine(RepositoryFiles.Root, "artifacts", "windows", "wine"),
            ["WINEDEBUG"] = "-all",
            ["DOTNET_EnableWriteXorExecute"] = "0",
            ["ADACONV_DEBUG"] = "0",
        };
    }
}
