using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>inspect, compare and bench on real clips, with the average in the network's place where it does not matter.</summary>
public sealed class LookingCommandsTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_tells_what_a_file_is_and_what_convert_then_does()
    {
        _folder.Write("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=24000/1001 -f lavfi -i sine -i {_folder["words.srt"]} -t 1 -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast "
            + $"-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv -c:a flac -c:s srt "
            + $"-metadata:s:a:0 language=ger -metadata:s:a:0 title=Commentary {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(["inspect", "in.mkv", "--json", "--method", "average", "--factor", "4"], _folder.Path);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement, video = report.GetProperty("video"), plan = report.GetProperty("plan");
        var converted = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", "--method", "average", "--factor", "4"], _folder.Path);

        Assert.Equal("h264 96 64 yuv420p 24000/1001 0", string.Join(' ', Texts(video, "codec", "width", "height", "pixelFormat", "rate", "rotation")));
        Assert.Equal("bt709 bt709 bt709 tv", string.Join(' ', Texts(video, "matrix", "primaries", "transfer", "range")));
        Assert.False(video.GetProperty("isVariableRate").GetBoolean());
        Assert.False(video.GetProperty("isInterlaced").GetBoolean());
        Assert.Equal(
            ["audio flac ger Commentary copied", "subtitle subrip copied"],
            report.GetProperty("others").EnumerateArray().Select(stream => string.Join(' ', Texts(stream, "kind", "codec", "language", "title", "treatment").Where(text => text.Length > 0))));
        JsonElement written = FfmpegCommand.Probe(_folder["out.mkv"], "-count_frames -show_streams").GetProperty("streams")[0];
        Assert.Equal(0, converted.ExitCode);
        Assert.Equal(written.GetProperty("nb_read_frames").GetString(), plan.GetProperty("frames").ToString());
        Assert.Equal("96000/1001", plan.GetProperty("rate").GetString());
        Assert.Equal(written.GetProperty("pix_fmt").GetString(), plan.GetProperty("pixelFormat").GetString());
        Assert.Equal("libx264", plan.GetProperty("encoder").GetString());
        Assert.Equal("matroska", plan.GetProperty("container").GetString());
        Assert.InRange(plan.GetProperty("secondsPerNewFrame").GetDouble(), 1e-6, 5);
        Assert.StartsWith("measured here: ", plan.GetProperty("howTimed").GetString(), StringComparison.Ordinal);
        Assert.Equal(["in.mkv", "out.mkv", "words.srt"], _folder.Names);
    }

    [Fact]
    public async Task Compare_replaces_no_input_and_takes_no_pipe()
    {
        Directory.CreateDirectory(_folder["scores"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -c:v libx264 -preset ultrafast {_folder["scores/side-by-side.mp4"]}");
        byte[] before = File.ReadAllBytes(_folder["scores/side-by-side.mp4"]);

        var self = await ProcessRun.OfFilter(["compare", "scores/side-by-side.mp4", "--output", "scores", "-y", "--method", "average"], _folder.Path);

        Assert.Equal(1, self.ExitCode);
        Assert.Contains("that is the input", self.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["scores/side-by-side.mp4"]));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes are named by the shell bash.");
        foreach (string command in (string[])["compare", "inspect"])
        {
            var pipe = await ProcessRun.Of(
                "bash", ["-c", $"dotnet {ProcessRun.FilterAssembly} {command} <(ffmpeg -v error -i scores/side-by-side.mp4 -f nut -) --method average"], _folder.Path);
            Assert.NotEqual(0, pipe.ExitCode);
            Assert.Contains("a pipe", pipe.Error, StringComparison.Ordinal);
            Assert.Contains("only once", pipe.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Inspect_finds_variable_rates_rotation_interlace_hdr_and_cuts()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25:duration=1 -vf 'setpts=PTS+gt(N\\,9)*0.3/TB' -fps_mode vfr -c:v libx264 -preset ultrafast {_folder["vfr.mp4"]}");
        FfmpegCommand.Run($"-i {_folder["vfr.mp4"]} -c copy -metadata:s:v:0 rotate=90 {_folder["turned.mp4"]}");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:"
            + $"colormatrix=bt2020nc:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400 {_folder["hdr.mkv"]}");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -vf interlace -flags +ildct+ilme -c:v mpeg2video {_folder["tv.mpg"]}");
        FfmpegCommand.Run(
            $"-f lavfi -i mandelbrot=size=160x96:rate=25 -f lavfi -i testsrc=size=160x96:rate=25 -filter_complex '[0]trim=end=0.4,format=yuv420p[a];[1]trim=end=0.4,format=yuv420p,setpts=PTS-STARTPTS[b];[a][b]concat' "
            + $"-c:v libx264 -preset ultrafast {_folder["cut.mkv"]}");

        Assert.True((await Inspect("vfr.mp4")).GetProperty("video").GetProperty("isVariableRate").GetBoolean());
        Assert.Equal("HDR10", (await Inspect("hdr.mkv")).GetProperty("video").GetProperty("highDynamicRange").GetString());
        Assert.True((await Inspect("tv.mpg", "--output", "x.mkv")).GetProperty("video").GetProperty("isInterlaced").GetBoolean());
        JsonElement cut = await Inspect("cut.mkv", "--cuts");
        Assert.False(cut.GetProperty("video").GetProperty("isVariableRate").GetBoolean());
        Assert.Equal([0.4], cut.GetProperty("cuts").EnumerateArray().Select(time => Math.Round(time.GetDouble(), 3)));

        // Newer releases of ffmpeg no longer write the tag; what is there is to be told. ffprobe counts against the clock.
        JsonElement turned = FfmpegCommand.Probe(_folder["turned.mp4"], "-show_streams").GetProperty("streams")[0];
        int rotation = turned.TryGetProperty("side_data_list", out JsonElement data) ? (360 - data[0].GetProperty("rotation").GetInt32()) % 360 : 0;
        Assert.Equal(rotation, (await Inspect("turned.mp4")).GetProperty("video").GetProperty("rotation").GetInt32());
    }

    [Fact]
    public async Task Inspect_tells_what_convert_would_refuse_and_fails_where_it_cannot_read()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -t 0.4 -c:v libx264 -preset ultrafast -c:a pcm_s16le {_folder["in.mkv"]}");
        _folder.Write("words.mkv", "this is no video");

        var refused = await ProcessRun.OfFilter(["inspect", "in.mkv", "--output", "out.webm", "--quick"], _folder.Path);
        var broken = await ProcessRun.OfFilter(["inspect", "words.mkv"], _folder.Path);
        var missing = await ProcessRun.OfFilter(["inspect", "nothing.mkv"], _folder.Path);
        var pipe = await ProcessRun.OfFilter(["inspect", "-"], _folder.Path);

        Assert.Equal((1, ""), (refused.ExitCode, refused.Error));
        Assert.Contains("convert would refuse to write out.webm:\n  Writing out.webm: the container webm does not support stream 1", refused.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((1, 1, 2), (broken.ExitCode, missing.ExitCode, pipe.ExitCode));
        Assert.Contains("words.mkv", broken.Error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", missing.Error, StringComparison.Ordinal);
        Assert.Contains("inspect a file", pipe.Error, StringComparison.Ordinal);
        Assert.All([broken, missing, pipe], run => Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal));
    }

    /// <remarks>The clip moves evenly, so that the average of two neighbours is known: ghosted, and no frame of it equals the truth.</remarks>
    [Fact]
    public async Task Compare_scores_the_frames_that_were_dropped_and_shows_them()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -t 0.44 -c:v libx264 -preset ultrafast -c:a aac '{_folder["my clip.mp4"]}'");

        var run = await ProcessRun.OfFilter(["compare", "my clip.mp4", "--method", "average", "--frames", "9"], _folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"predicted +\d+\.\d\d dB  SSIM 0\.\d{4}  \(4 frames\)", run.Output);
        string page = Path.Combine("my clip-compare", "index.html");
        Assert.EndsWith(page + Environment.NewLine, run.Output, StringComparison.Ordinal);
        string[] scores = File.ReadAllLines(_folder["my clip-compare/scores.csv"]);
        Assert.Equal(["frame", "1", "3", "5", "7"], scores.Select(line => line.Split(',')[0]));
        Assert.Equal(["0.040000", "0.120000", "0.200000", "0.280000"], scores.Skip(1).Select(line => line.Split(',')[1]));
        foreach (string[] cells in scores.Skip(1).Select(line => line.Split(',')))
        {
            // With --method average both ways are one.
            Assert.Equal(cells[2..5], cells[5..8]);
            Assert.InRange(double.Parse(cells[2], CultureInfo.InvariantCulture), 8, 60);
        }

        string[] written = ["index.html", "psnr.png", "scores.csv", "side-by-side.mp4", "ssim.png"];
        Assert.Equal(written, Directory.EnumerateFileSystemEntries(_folder["my clip-compare"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        JsonElement video = FfmpegCommand.Probe(_folder["my clip-compare"] + "/side-by-side.mp4", "-count_frames -show_streams").GetProperty("streams")[0];
        Assert.Equal("9 yuv420p", $"{video.GetProperty("nb_read_frames")} {video.GetProperty("pix_fmt")}");
        Assert.InRange(video.GetProperty("width").GetInt32(), 2 * 96, (2 * 96) + 40);
        string html = File.ReadAllText(_folder[page]);
        Assert.Contains("Worst: frame ", html, StringComparison.Ordinal);
        Assert.Equal(11, html.Split("<img ").Length - 1); // two curves; average, prediction and truth of three frames

        var again = await ProcessRun.OfFilter(["compare", "my clip.mp4", "--method", "average"], _folder.Path);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is not an empty folder", again.Error, StringComparison.Ordinal);
    }

    /// <remarks>Against ffmpeg: its own difference of the same frames, from the file that convert writes of the halved clip.</remarks>
    [Fact]
    public async Task Compares_scores_are_those_that_ffmpeg_finds()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 7 -c:v ffv1 -pix_fmt gbrp {_folder["in.mkv"]}");
        FfmpegCommand.Run($"-i {_folder["in.mkv"]} -vf 'select=not(mod(n\\,2))' -fps_mode vfr -c:v ffv1 {_folder["half.mkv"]}");
        await ProcessRun.OfFilter(["convert", "half.mkv", "double.mkv", "--method", "average", "--encoder", "ffv1"], _folder.Path);
        string psnr = FfmpegCommand.Text(
            $"-i {_folder["double.mkv"]} -i {_folder["in.mkv"]} -lavfi '[0]setpts=N[a];[1]setpts=N[b];[a][b]psnr=stats_file=-' -frames:v 7 -f null -");

        var run = await ProcessRun.OfFilter(["compare", "in.mkv", "--method", "average"], _folder.Path);

        Assert.Equal(0, run.ExitCode);
        double[] expected = [.. psnr.Split('\n').Where(line => line.Contains("psnr_avg:", StringComparison.Ordinal))
            .Select(line => line.Split("psnr_avg:")[1].Split(' ')[0])
            .Select(text => text == "inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture))];
        double[] found = [.. File.ReadAllLines(_folder["in-compare/scores.csv"]).Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];
        Assert.Equal([expected[1], expected[3], expected[5]], found, (a, b) => Math.Abs(a - b) < 0.02);
    }

    [Fact]
    public async Task Compare_refuses_a_clip_without_a_frame_between_two()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 2 -c:v ffv1 {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(["compare", "in.mkv", "--method", "average"], _folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("in.mkv: it has 2 frames", run.Error, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], _folder.Names);
    }

    [Fact]
    public async Task Bench_measures_conversions_their_stages_and_the_kernels()
    {
        var run = await ProcessRun.OfFilter(["bench", "--method", "average", "--seconds", "1", "--size", "480p", "--json"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement, size = Assert.Single(report.GetProperty("sizes").EnumerateArray());
        Assert.Contains(".NET", report.GetProperty("machine").GetString(), StringComparison.Ordinal);
        Assert.Equal("854 480", string.Join(' ', Texts(size, "width", "height")));
        Assert.InRange(size.GetProperty("newFramesPerSecond").GetDouble(), 0.01, 100_000);
        Assert.All(["decodeSeconds", "planesSeconds", "predictSeconds", "encodeSeconds"], stage => Assert.InRange(size.GetProperty(stage).GetDouble(), 1e-6, 60));
        Assert.Equal(2, report.GetProperty("kernels").GetArrayLength());
        Assert.All(report.GetProperty("kernels").EnumerateArray(), kernel => Assert.InRange(kernel.GetProperty("gigaFlopsPerSecond").GetDouble(), 0.01, 100_000));
        Assert.Empty(_folder.Names);
    }

    /// <remarks>
    /// "Straight to work within a second" in processor time, the best of three: the clock would also count what else the machine does.
    /// The launcher's own part is measured in LauncherTests.
    /// </remarks>
    [Fact]
    public async Task From_the_start_to_the_first_decoded_picture_takes_less_than_a_second_of_processor_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processor time is taken by bash.");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x480:rate=25 -frames:v 10 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");
        List<double> times = [];
        for (int i = 0; i < 3; i++)
        {
            var run = await ProcessRun.Of("bash", ["-c", "TIMEFORMAT='%U %S'; time dotnet \"$@\"", "time", ProcessRun.FilterAssembly, "inspect", "in.mp4", "--quick"], _folder.Path);
            Assert.Contains("640×480", run.Output, StringComparison.Ordinal);
            times.Add(run.Error.Trim().Split(' ').Sum(time => double.Parse(time, CultureInfo.InvariantCulture)));
        }

        Assert.InRange(times.Min(), 0.05, 1);
    }

    private static IEnumerable<string> Texts(JsonElement element, params string[] names) => names.Select(name => element.GetProperty(name).ToString());

    private async Task<JsonElement> Inspect(params string[] arguments)
    {
        var run = await ProcessRun.OfFilter(["inspect", "--json", "--quick", .. arguments], _folder.Path);
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
