using System.Globalization;
using System.Text.Json;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary><c>compare</c> on real clips, with the average in the network's place.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <remarks>The clip moves evenly, so that the average of two neighbours is known: ghosted, and no frame of it equals the truth.</remarks>
    [Fact]
    public async Task Compare_scores_the_frames_that_were_dropped_and_shows_them()
    {
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -t 0.44 -c:v libx264 -preset ultrafast -c:a aac '{_folder["my clip.mp4"]}'");

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

        string[] written = ["index.html", "psnr.svg", "scores.csv", "side-by-side.mp4", "ssim.svg"];
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
        double[] found =
            [.. File.ReadAllLines(_folder["in-compare/scores.csv"]).Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];
        Assert.Equal([expected[1], expected[3], expected[5]], found, (a, b) => Math.Abs(a - b) < 0.02);
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
                "bash", ["-c",
                    $"dotnet {ProcessRun.FilterAssembly} {command} <(ffmpeg -v error -i scores/side-by-side.mp4 -f nut -) --method average"], _folder.Path);
            Assert.NotEqual(0, pipe.ExitCode);
            Assert.Contains("a pipe", pipe.Error, StringComparison.Ordinal);
            Assert.Contains("only once", pipe.Error, StringComparison.Ordinal);
        }
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

    /// <remarks>Fields that the user names become frames once: the files in between, whose frames are whole, are not taken apart again.</remarks>
    [Fact]
    public async Task Fields_are_compared_as_the_frames_that_they_become()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=50 -t 0.8 -vf interlace=scan=tff:lowpass=0,setfield=prog -c:v ffv1 {_folder["fields.mkv"]}");
        await ProcessRun.OfFilter(["convert", "fields.mkv", "frames.mkv", "--encoder", "ffv1", "--field-order", "top"], _folder.Path);

        var fields = await ProcessRun.OfFilter(["compare", "fields.mkv", "--method", "average", "--field-order", "top"], _folder.Path);
        var frames = await ProcessRun.OfFilter(["compare", "frames.mkv", "--method", "average"], _folder.Path);

        Assert.Equal((0, 0), (fields.ExitCode, frames.ExitCode));
        string[] found = File.ReadAllLines(_folder["fields-compare/scores.csv"]), expected = File.ReadAllLines(_folder["frames-compare/scores.csv"]);
        Assert.Equal(expected, found);
        Assert.Equal(20, found.Length); // the header, and 19 of 39 or 40 frames
    }

    [Fact]
    public async Task The_video_of_a_page_begins_at_once_wherever_the_clock_does()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -output_ts_offset 3600 -c:v libx264 -preset ultrafast {_folder["late.mkv"]}");

        var run = await ProcessRun.OfFilter(["compare", "late.mkv", "--method", "average"], _folder.Path);
        var inspected = await ProcessRun.OfFilter(["inspect", "late.mkv", "--quick"], _folder.Path);

        Assert.Equal((0, 0), (run.ExitCode, inspected.ExitCode));
        JsonElement video = FfmpegCommand.Probe(_folder["late-compare/side-by-side.mp4"], "-show_format").GetProperty("format");
        Assert.Equal("0.000000", video.GetProperty("start_time").GetString());
        Assert.StartsWith("3600.040000", File.ReadAllLines(_folder["late-compare/scores.csv"])[1].Split(',')[1], StringComparison.Ordinal);
        Assert.Contains(", 10 frames in all", inspected.Output, StringComparison.Ordinal);
    }
}
