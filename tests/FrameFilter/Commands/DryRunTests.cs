using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary><c>convert --dry-run</c> and <c>batch --dry-run</c> by the real command line: they show the plan, and write nothing.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Convert_shows_its_plan_and_then_does_that()
    {
        _folder.Write("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -i {_folder["words.srt"]} -t 1 -map 0 -map 1 -map 2 -c:v ffv1 -pix_fmt "
            + $"yuv420p -c:a libvorbis -c:s srt {_folder["in.mkv"]}");
        string[] settings = ["--method", "average", "--drop-unsupported-streams", "on", "--factor", "4", "--quality", "30"];

        var planned = await ProcessRun.OfFilter(["convert", "in.mkv", "out.webm", "--dry-run", .. settings], _folder.Path);

        Assert.Equal((0, ""), (planned.ExitCode, planned.Error));
        Assert.Equal(["in.mkv", "words.srt"], _folder.Names);
        Assert.Equal(
            """
            convert would write out.webm:
              video      webm, libvpx-vp9 b=0 crf=30 row-mt=1
              picture    64×48, yuv420p, no matrix tagged
              rate       25 to 100 frames per second, 100 frames, 75 of them new
              stream 1   audio vorbis, copied
              stream 2   subtitle subrip, written as webvtt (the container webm does not support it)
              segments   none kept: the video is short
              note       Stream 2 (subtitle subrip) is written as webvtt: its words and times stay, most styling is lost. Name the output .mkv to copy it.

            """.ReplaceLineEndings("\n"),
            planned.Output.ReplaceLineEndings("\n").Replace(", tv", "", StringComparison.Ordinal));

        var converted = await ProcessRun.OfFilter(["convert", "in.mkv", "out.webm", .. settings], _folder.Path);

        Assert.True(converted.ExitCode == 0, converted.Error);
        var streams = FfmpegCommand.Probe(_folder["out.webm"], "-count_frames -show_streams").GetProperty("streams");
        Assert.Equal(["vp9", "vorbis", "webvtt"], streams.EnumerateArray().Select(stream => stream.GetProperty("codec_name").GetString()));
        Assert.Equal("100", streams[0].GetProperty("nb_read_frames").GetString());
    }

    /// <remarks>What only opening the encoder, and looking for the device, tell.</remarks>
    [Theory]
    [InlineData(1, "--encoder-option", "tunne=grain", "has no option tunne")]
    [InlineData(1, "--encoder-option", "crf=abc", "Error setting option crf")]
    [InlineData(1, "--encoder-preset", "bogus", "it has no preset bogus. It has: ultrafast,")]
    [InlineData(2, "--device", "onnx", "The device onnx cannot be used")]
    [InlineData(1, "--precision", "bfloat16", "The precision bfloat16 is for CUDA devices")]
    [InlineData(1, "--precision", "float16", "The precision float16 is for CUDA devices")]
    [InlineData(1, "--model", "./in.mkv", "Reading the weights")]
    public async Task What_a_conversion_refuses_its_plan_refuses_too(int code, string option, string value, string words)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.2 -c:v ffv1 {_folder["in.mkv"]}");
        string[] command = ["convert", "in.mkv", "out.mp4", option, value];

        var planned = await ProcessRun.OfFilter([.. command, "--dry-run"], _folder.Path);
        var converted = await ProcessRun.OfFilter(command, _folder.Path);

        Assert.Equal((code, code), (planned.ExitCode, converted.ExitCode));
        Assert.Contains(words, planned.Output + planned.Error, StringComparison.Ordinal);
        Assert.Contains(words, converted.Error, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], _folder.Names);
    }

    [Fact]
    public async Task Convert_shows_why_it_would_refuse_and_plans_a_pipe_from_its_beginning()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 0.2 -c:v ffv1 -c:a pcm_s16le {_folder["in.mkv"]}");

        var refused = await ProcessRun.OfFilter(["convert", "in.mkv", "out.webm", "--dry-run", "--method", "average", "--fps", "24"], _folder.Path);
        var missing = await ProcessRun.OfFilter(["convert", "nothing.mkv", "out.mkv", "--dry-run", "--method", "average"], _folder.Path);

        Assert.Equal((1, 1), (refused.ExitCode, missing.ExitCode));
        Assert.StartsWith("convert would refuse to write out.webm:\n", refused.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("it has 25 frames per second, more than the requested 24", refused.Output, StringComparison.Ordinal);
        Assert.Contains("the container webm does not support stream 1 (audio pcm_s16le)", refused.Output, StringComparison.Ordinal);
        Assert.Contains("there is no such file", missing.Error, StringComparison.Ordinal);

        // The output that is there already, and the input itself.
        _folder.Write("there.mkv", "somebody's");
        var there = await ProcessRun.OfFilter(["convert", "in.mkv", "there.mkv", "--dry-run", "--method", "average"], _folder.Path);
        var allowed = await ProcessRun.OfFilter(["convert", "in.mkv", "there.mkv", "--dry-run", "--method", "average", "-y"], _folder.Path);
        var self = await ProcessRun.OfFilter(["convert", "in.mkv", "./in.mkv", "--dry-run", "--method", "average", "-y"], _folder.Path);
        Assert.Equal((1, 0, 1), (there.ExitCode, allowed.ExitCode, self.ExitCode));
        Assert.Contains("that file already exists", there.Output, StringComparison.Ordinal);
        Assert.Contains("that is the input", self.Output, StringComparison.Ordinal);
        Assert.Equal("somebody's", File.ReadAllText(_folder["there.mkv"]));
        File.Delete(_folder["there.mkv"]);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pipe is bash's.");
        var pipe = await ProcessRun.Of("bash",
            ["-c", $"ffmpeg -v error -i in.mkv -c copy -f nut - | dotnet {ProcessRun.FilterAssembly} convert - - --dry-run --method average"], _folder.Path);
        Assert.True(pipe.ExitCode == 0, pipe.Error);
        Assert.StartsWith("convert would write -:\n  video      matroska, libx264 crf=18\n", pipe.Output, StringComparison.Ordinal);
        Assert.Contains("segments   none kept: the input is no file that can be read again", pipe.Output, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], _folder.Names);
    }

    [Fact]
    public async Task Batch_shows_the_plan_of_every_file_and_makes_not_even_the_folder()
    {
        Directory.CreateDirectory(_folder["in"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.2 -c:v ffv1 {_folder["in/a.mkv"]}");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 0.2 -c:v ffv1 -c:a pcm_s16le {_folder["in/b.mkv"]}");
        _folder.Write("in/broken.mkv", "no video");
        _folder.Write("in/notes.txt", "none either");

        var run = await ProcessRun.OfFilter(["batch", "in", "out", "--dry-run", "--method", "average", "--extension", "webm"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["in"], _folder.Names);
        string[] lines = run.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(
            ["convert  a.mkv -> a.webm", "fail     b.mkv: Writing ", "fail     broken.mkv: Ope", "ignore   notes.txt"],
            lines.Where(line => line.Length > 0 && line[0] != ' ').Select(line => line[..Math.Min(line.Length, 24)]));
        Assert.Contains("    video      webm, libvpx-vp9 b=0 crf=24 row-mt=1", lines);
        Assert.Contains(lines, line => line.StartsWith("  convert would refuse to write ", StringComparison.Ordinal));
    }
}
