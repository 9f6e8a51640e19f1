using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>Standard input and output, and numbered pictures, by the real command line.</summary>
public sealed class PipeTests : IDisposable
{
    private const string Baseline = "--method average --scene-cut off";
    private readonly ClipFolder _folder = new();

    public PipeTests() => FfmpegCommand.Run(
        $"-f lavfi -i testsrc2=size=64x48:rate=15 -f lavfi -i sine -t 1 -c:v ffv1 -c:a pcm_s16le {_folder["in.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nut", "nut", "nut", "rawvideo,yuv420p,30/1 pcm_s16le")]
    [InlineData("matroska", "mkv", "matroska --encoder ffv1", "ffv1,yuv420p,30/1 pcm_s16le")]
    [InlineData("yuv4mpegpipe", "y4m", "y4m", "rawvideo,yuv420p,30/1")]
    public async Task Frames_pass_through_pipes_as_through_files(string given, string extension, string asked, string streams)
    {
        await Convert("in.mkv straight.mkv --encoder ffv1");

        var run =
            await Shell($"ffmpeg -v error -i in.mkv {(given == "yuv4mpegpipe" ? "" : "-c copy")} -f {given} - | {Filter} convert - - {Baseline} "
                + $"--container {asked} > out.{extension}");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("-: 30 frames at 30 per second from 15 at 15", run.Error, StringComparison.Ordinal);
        Assert.Equal(FrameHashes.OfVideo(_folder["straight.mkv"]), FrameHashes.OfVideo(_folder[$"out.{extension}"]));
        var found = await Shell($"ffprobe -v error -show_entries stream=codec_name,pix_fmt,r_frame_rate -select_streams v -of csv=p=0 out.{extension}");
        Assert.Equal(streams.Split(' ')[0], found.Output.Trim());
        found = await Shell($"ffprobe -v error -show_entries stream=codec_name -select_streams a -of csv=p=0 out.{extension}");
        Assert.Equal(string.Join(' ', streams.Split(' ')[1..]), found.Output.Trim());
    }

    [Fact]
    public async Task A_pipe_that_the_shell_names_is_read_as_standard_input_is()
    {
        await Convert("in.mkv straight.mkv --encoder ffv1");
        _folder.Write("out.mkv", "old");

        await Convert("<(ffmpeg -v error -i in.mkv -c copy -f nut -) out.mkv -y --encoder ffv1");

        Assert.Equal(FrameHashes.OfVideo(_folder["straight.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
    }

    // As Blender, ImageMagick and ffmpeg write them.
    [Theory]
    [InlineData("png", "png", "rgb24")]
    [InlineData("jpg", "mjpeg", "yuvj420p")]
    [InlineData("bmp", "bmp", "bgr24")]
    [InlineData("ppm", "ppm", "rgb24")]
    [InlineData("pgm", "pgm", "gray")]
    [InlineData("dpx", "dpx", "gbrp10le")]
    public async Task Pictures_one_after_another_in_a_pipe_are_those_of_numbered_files(string extension, string encoder, string format)
    {
        string pictures = $"ffmpeg -v error -i in.mkv -an -frames:v 6 -pix_fmt {format} -strict unofficial -c:v {encoder}";
        await Shell($"{pictures} -f image2 picture-%02d.{extension}");
        await Convert($"picture-%02d.{extension} straight.mkv --encoder ffv1 --input-rate 12");

        var run = await Shell($"{pictures} -f image2pipe - | {Filter} convert - out.mkv {Baseline} --encoder ffv1 --input-rate 12");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("out.mkv: 12 frames at 24 per second from 6 at 12", run.Error, StringComparison.Ordinal);
        Assert.Equal(FrameHashes.OfVideo(_folder["straight.mkv"]), FrameHashes.OfVideo(_folder["out.mkv"]));
    }

    [Fact]
    public async Task A_file_of_one_picture_is_no_video()
    {
        await Shell("ffmpeg -v error -i in.mkv -frames:v 1 still.png");

        var run = await Shell($"{Filter} convert still.png out.mkv {Baseline}");

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("the names in them are not followed. Name the video file itself.", run.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_has_enough_ends_the_conversion_quietly()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x480:rate=15 -t 1 -c:v ffv1 {_folder["large.mkv"]}");

        var run = await Shell($"{Filter} convert large.mkv - {Baseline} --container y4m | head -c 1000 | wc -c; echo ${{PIPESTATUS[0]}}");

        Assert.Equal(["1000", "141"], run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task A_container_that_needs_to_go_back_is_refused_in_a_pipe()
    {
        var run = await Shell($"{Filter} convert in.mkv - {Baseline} --container mp4");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("the container mp4 cannot be written to a pipe. Choose --container matroska, nut or y4m", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Y4M_of_ten_bits_keeps_bits_and_rate()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=24000/1001,format=yuv422p10le -frames:v 5 -c:v ffv1 {_folder["ten.mkv"]}");

        var run = await Shell($"{Filter} convert ten.mkv - {Baseline} --container y4m --quiet | head -n 1");

        Assert.StartsWith("YUV4MPEG2 W64 H48 F48000:1001 ", run.Output, StringComparison.Ordinal);
        Assert.Contains("C422p10", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbered_pictures_go_in_and_out()
    {
        Directory.CreateDirectory(_folder["100% new"]);
        await Convert("in.mkv straight.mkv --encoder ffv1 --pixel-format bgr0");
        await Convert("in.mkv '100% new/frame-%03d.png' --output-first-picture 8");

        Assert.Equal(
            Enumerable.Range(8, 30).Select(number => $"frame-{number:000}.png"),
            Directory.EnumerateFileSystemEntries(_folder["100% new"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        string said = await Convert("'100% new/frame-%03d.png' back.mkv --input-rate 24000/1001 --encoder ffv1");

        Assert.Equal(FrameHashes.OfVideo(_folder["straight.mkv"], "rgb24"), FrameHashes.OfVideo(_folder["back.mkv"], "rgb24").Where((_, i) => i % 2 == 0));
        Assert.Contains("60 frames at 48000/1001 per second from 30 at 24000/1001", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_exist_stay_unless_they_may_be_replaced()
    {
        _folder.Write("p-99.jpg", "precious");

        var run = await Shell($"{Filter} convert in.mkv p-%d.jpg {Baseline}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 such picture already exists, starting at p-99.jpg", run.Error, StringComparison.Ordinal);

        Assert.DoesNotContain("Behind the last picture", await Convert("in.mkv p-%d.jpg -y"), StringComparison.Ordinal);

        // What is left of a longer sequence is read behind the new one; what lies behind a gap is not.
        _folder.Write("p-31.jpg", "old");
        string said = await Convert("in.mkv p-%d.jpg -y");
        Assert.Contains("Behind the last picture, p-30.jpg, stand others of before, from p-31.jpg on", said, StringComparison.Ordinal);

        Assert.Equal(32, _folder.Names.Count(name => name.EndsWith(".jpg", StringComparison.Ordinal)));
        Assert.Equal(("old", "precious"), (File.ReadAllText(_folder["p-31.jpg"]), File.ReadAllText(_folder["p-99.jpg"])));
        Assert.DoesNotContain(_folder.Names, name => name.StartsWith('.'));
    }

    [Fact]
    public async Task A_sequence_is_continued_and_its_beginning_stays()
    {
        await Convert("in.mkv q-%d.png");
        byte[][] before = [.. Enumerable.Range(1, 30).Select(number => File.ReadAllBytes(_folder[$"q-{number}.png"]))];

        await Convert("in.mkv q-%d.png --output-first-picture 31");
        await Convert("in.mkv q-%d.png --output-first-picture 31 -y");

        Assert.Equal(60, _folder.Names.Count(name => name.StartsWith("q-", StringComparison.Ordinal)));
        Assert.All(before.Index(), picture => Assert.Equal(picture.Item, File.ReadAllBytes(_folder[$"q-{picture.Index + 1}.png"])));
    }

    [Fact]
    public async Task A_missing_picture_or_rate_is_told_before_anything_is_written()
    {
        FfmpegCommand.Run($"-i {_folder["in.mkv"]} -frames:v 5 {_folder["p%02d.png"]}");

        var run = await Shell($"{Filter} convert p%02d.png out.mkv {Baseline}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--input-rate", run.Error, StringComparison.Ordinal);

        File.Delete(_folder["p03.png"]);
        run = await Shell($"{Filter} convert p%02d.png out.mkv --input-rate 25 {Baseline}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("p03.png is missing between p02.png and p04.png", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.mkv"]));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_cleared_away_and_what_a_living_one_writes_stays()
    {
        string living = $".out.{Environment.ProcessId}.partial.mkv";
        _folder.Write(".out.2147483646.partial.mkv", "left");
        _folder.Write(living, "being written");

        await Convert("in.mkv out.mkv");

        Assert.Equal([living, "in.mkv", "out.mkv"], _folder.Names);
    }

    private static string Filter => $"dotnet {ProcessRun.FilterAssembly}";

    private async Task<string> Convert(string arguments)
    {
        var run = await Shell($"{Filter} convert {arguments} {Baseline}");
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Error;
    }

    private Task<ProcessRun> Shell(string script) => ProcessRun.Of("bash", ["-c", script], _folder.Path);
}
