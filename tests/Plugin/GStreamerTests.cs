using System.Globalization;
using AdaConv.Model;
using AdaConv.Tests.Support;
using AdaConv.Tests.Support.Cuda;
using Xunit;

namespace AdaConv.Plugin.Tests;

/// <summary>The element adaconv in GStreamer itself.</summary>
public sealed class GStreamerTests(NativeProgram native, ITestOutputHelper output) : IClassFixture<NativeProgram>
{
    private static readonly string Plugin = Path.Combine(NativeProgram.LibraryFolder, "libgstadaconv.so");

    [Fact]
    public async Task A_pipelines_file_holds_the_frames_that_convert_makes()
    {
        Require("filesrc", "matroskademux", "avdec_ffv1", "avenc_ffv1", "matroskamux");
        FfmpegCommand.Require();
        string input = PathOf("in.mkv"), ours = PathOf("gst.mkv"), theirs = PathOf("convert.mkv");
        FfmpegCommand.Run("-f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -f lavfi -i mandelbrot=s=96x64:r=25 -filter_complex "
            + $"'[1:v]trim=duration=0.4[b];[0:v][b]concat=n=2:v=1,format=yuv420p' -c:v ffv1 -colorspace bt709 -color_range tv '{input}'");
        ProcessRun run = await LaunchAsync("filesrc", $"location={input}", "!", "matroskademux", "!", "avdec_ffv1", "!", "adaconv",
            $"model={native.Weights}", "!", "avenc_ffv1", "!", "matroskamux", "!", "filesink", $"location={ours}");
        Assert.True(run.ExitCode == 0, run.Error);
        ProcessRun convert = await ProcessRun.OfFilter(
            ["convert", input, theirs, "--encoder", "ffv1", "--model", native.Weights, "--motion", "straight", "-y"], native.Folder);
        Assert.True(convert.ExitCode == 0, convert.Error);

        string[] expected = FrameHashes.OfVideo(theirs), got = FrameHashes.OfVideo(ours);
        Assert.Equal(40, got.Length);
        Assert.Equal(expected, got);
        Assert.True(got.Distinct().Count() > 30, "Next to no frame is a new one."); // all but those at the cut and the end
    }

    [Theory]
    [InlineData("i420", "planar", 0, 8, 1, 1)]
    [InlineData("y444-12le", "planar", 0, 12, 0, 0)]
    [InlineData("i422-10le", "planar", 0, 10, 1, 0)]
    [InlineData("p010-10le", "p010", 0, 10, 1, 1)]
    [InlineData("yuy2", "yuy2", 0, 8, 1, 0)]
    [InlineData("bgra", "bgra", 1, 8, 0, 0)]
    [InlineData("gray16-le", "planar", 2, 16, 0, 0)]
    public async Task Frames_of_a_format_are_those_of_the_managed_library(string format, string arrangement, int family, int depth, int shiftX, int shiftY)
    {
        Require("filesrc", "rawvideoparse");
        PictureJob job = new(arrangement, family, 64, 48, depth, shiftX, shiftY, arrangement == "bgra");
        Random random = new(4);
        byte[] first = job.Content(random, 0), second = job.Content(random, 3);
        string input = PathOf($"{format}.raw"), result = PathOf($"{format}.out");
        await File.WriteAllBytesAsync(input, [.. first, .. second]);
        ProcessRun run = await LaunchAsync("filesrc", $"location={input}", "!", "rawvideoparse", $"format={format}", $"width={job.Width}",
            $"height={job.Height}", "framerate=25/1", "!", "adaconv", $"model={native.Weights}", "cuts=false", "!", "filesink", $"location={result}");
        Assert.True(run.ExitCode == 0, run.Error);
        byte[][] frames = [.. File.ReadAllBytes(result).Chunk(first.Length)];
        Assert.Equal(4, frames.Length);
        Assert.Equal(first, frames[0]);
        Assert.Equal(job.Interpolate(native.Weights, first, second), frames[1]);
        Assert.Equal(second, frames[2]);
        Assert.Equal(second, frames[3]);
    }

    [Fact]
    public async Task Grain_is_kept_or_left_smooth()
    {
        Require("filesrc", "rawvideoparse");
        PictureJob kept = new("planar", 0, 64, 48, 8, 1, 1, Alpha: false), smooth = kept with { Grain = Grain.Smooth };
        Random random = new(5);
        byte[] first = kept.Content(random, 0), second = kept.Content(random, 3);
        string input = PathOf("grain.raw"), result = PathOf("grain.out");
        await File.WriteAllBytesAsync(input, [.. first, .. second]);
        ProcessRun run = await LaunchAsync("filesrc", $"location={input}", "!", "rawvideoparse", "format=i420", "width=64", "height=48",
            "framerate=25/1", "!", "adaconv", $"model={native.Weights}", "cuts=false", "grain=smooth", "!", "filesink", $"location={result}");
        Assert.True(run.ExitCode == 0, run.Error);
        byte[] between = File.ReadAllBytes(result).Chunk(first.Length).ElementAt(1), wanted = smooth.Interpolate(native.Weights, first, second);
        Assert.Equal(wanted, between);
        Assert.NotEqual(wanted, kept.Interpolate(native.Weights, first, second));
    }

    [Fact]
    public async Task The_element_describes_itself()
    {
        Require();
        ProcessRun run = await ProcessRun.Of("gst-inspect-1.0", ["adaconv"], native.Folder, Environment());
        Assert.True(run.ExitCode == 0, run.Error);
        string[] words = ["AdaConv frame interpolator", "model ", "threads ", "factor ", "framerate ", "grain ", "cuts ", "P010_10LE", "GRAY16_LE"];
        foreach (string word in words)
        {
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Seeks_flushes_caps_latency_lateness_gaps_and_a_live_source_are_handled()
    {
        Require("videotestsrc");
        string program = PathOf("pipeline");
        var (found, flags) = NativeSources.Run("pkg-config", ["--cflags", "--libs", "gstreamer-check-1.0", "gstreamer-video-1.0"]);
        Assert.SkipUnless(found == 0, "GStreamer's headers are not installed.");
        var (exit, text) = NativeSources.Run("gcc",
        [
            "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-o", program, Path.Combine(RepositoryFiles.Root, "tests", "Plugin", "pipeline.c"),
            .. flags.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
        ]);
        Assert.True(exit == 0, text);
        ProcessRun run = await ProcessRun.Of(program, [native.Weights], native.Folder, Environment());
        Assert.True(run.ExitCode == 0 && run.Error.Length == 0, run.Error);
        output.WriteLine(run.Output);
    }

    private string PathOf(string name) => Path.Combine(native.Folder, name);

    // Its own registry of plugins, so that the user's stays as it is.
    private static Dictionary<string, string?> Environment() => new()
    {
        ["GST_PLUGIN_PATH"] = NativeProgram.LibraryFolder,
        ["GST_REGISTRY"] = Path.Combine(RepositoryFiles.Root, "artifacts", "obj", "Plugin", "gstreamer.registry"),
        ["LC_ALL"] = "C.UTF-8",
    };

    private Task<ProcessRun> LaunchAsync(params string[] pipeline) => ProcessRun.Of("gst-launch-1.0", ["-q", .. pipeline], native.Folder, Environment());

    private void Require(params string[] elements)
    {
        native.Require();
        Assert.SkipUnless(File.Exists(Plugin) && NativeSources.Find("gst-launch-1.0") is not null,
            "native/gstreamer/build.sh has not built the element, or GStreamer's tools are not installed.");
        foreach (string element in elements)
        {
            Assert.SkipUnless(NativeSources.Run("gst-inspect-1.0", ["--exists", element]).Exit == 0, string.Create(CultureInfo.InvariantCulture,
                $"GStreamer's element {element} is not installed."));
        }
    }
}
