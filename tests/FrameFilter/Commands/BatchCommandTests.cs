using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>Whole folders by the real command line.</summary>
public sealed class BatchCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public BatchCommandTests() =>
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -f lavfi -i sine -t 0.4 -c:v ffv1 -c:a libvorbis {_folder["clip.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_mirrored_one_bad_file_stops_nothing_and_a_second_run_does_what_is_left()
    {
        string[] videos = ["a.mkv", "-lead ing.mkv", "sub/it's \"quoted\".mkv", "sub/ünï/日本 😀.mkv"];
        foreach (string video in videos)
        {
            Place(video);
        }

        _folder.Write("in/bad.mkv", "this is no video");
        _folder.Write("in/notes.txt", "nor is this");
        _folder.Write("in/.hidden.mkv", "passed over");
        Directory.CreateSymbolicLink(_folder["in/sub/loop"], "..");

        var first = await Batch("in", "in/out");

        Assert.Equal(1, first.ExitCode);
        Assert.Contains("4 done, 0 done before, 1 failed; 1 other file ignored.", first.Output, StringComparison.Ordinal);
        Assert.Matches(@"failed +bad\.mkv +Opening ", first.Output);
        Assert.Contains("[5/5] ", first.Error, StringComparison.Ordinal);
        Assert.Equal([.. videos.Append("framefilter.jsonl").Order(StringComparer.Ordinal)], Files("in/out"));
        Assert.Equal(12, FrameHashes.OfVideo(_folder["in/out/sub/ünï/日本 😀.mkv"]).Length);
        var entries = File.ReadLines(_folder["in/out/framefilter.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(4, entries.Count(entry => entry.GetProperty("event").GetString() == "done" && entry.GetProperty("framesOut").GetInt64() == 12));
        Assert.Contains("bad.mkv", entries.Single(entry => entry.GetProperty("event").GetString() == "failed").GetProperty("error").GetString(),
            StringComparison.Ordinal);

        // Content counts, not the name: one file is another now, one output is gone, the bad one is good.
        File.Delete(_folder["in/bad.mkv"]);
        Place("bad.mkv");
        File.Delete(_folder["in/out/a.mkv"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=15 -t 1 -c:v ffv1 '{_folder["in/-lead ing.mkv"]}'");
        var second = await Batch("in", "in/out");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("2 done, 2 done before, 1 failed", second.Output, StringComparison.Ordinal);
        Assert.Matches(@"failed +-lead ing\.mkv .*not from this content with these settings; -y replaces it", second.Output);

        var third = await Batch("in", "in/out", "-y", "--progress", "json");

        Assert.Equal((0, ""), (third.ExitCode, third.Output));
        string[] events = [.. third.Error.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!)];
        Assert.Equal(["begin", "done", "summary"], events.Where(name => name is not ("progress" or "message")));
        Assert.Equal(30, FrameHashes.OfVideo(_folder["in/out/-lead ing.mkv"]).Length);
    }

    [Fact]
    public async Task Names_that_would_meet_are_told_apart_and_stay_as_they_were()
    {
        Place("b.mkv");
        Place("B.avi.mkv");
        var first = await Batch("in", "out", "--extension", "mkv", "--jobs", "2");
        Assert.True(first.ExitCode == 0, first.Output);
        FfmpegCommand.Run($"-i {_folder["clip.mkv"]} -an -c copy {_folder["in/b.avi"]}");

        var plan = await Batch("in", "out", "--extension", "mkv", "--dry-run");
        var second = await Batch("in", "out", "--extension", "mkv");

        Assert.Contains("convert  b.avi -> b.avi_.mkv", plan.Output, StringComparison.Ordinal);
        Assert.Contains("done     b.mkv -> b.mkv", plan.Output, StringComparison.Ordinal);
        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Equal(["B.avi.mkv", "b.avi_.mkv", "b.mkv", "framefilter.jsonl"], Files("out"));
    }

    [Fact]
    public async Task An_output_never_takes_the_place_of_an_input_by_a_link_nor_is_a_pipe_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and pipes are made by Unix commands.");
        Place("keep/b.mkv");
        Place("new/b.mkv");
        File.Move(_folder["in/new/b.mkv"], _folder["in/new/b.nut"]);
        Directory.CreateDirectory(_folder["out"]);
        Directory.CreateSymbolicLink(_folder["out/new"], "../in/keep");
        await ProcessRun.Of("mkfifo", [_folder["in/pipe.mkv"]]);
        byte[] before = File.ReadAllBytes(_folder["in/keep/b.mkv"]);

        var run = await Batch("in", "out", "--extension", "mkv", "-y");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 done, 0 done before, 2 failed", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"failed +new/b\.nut .* among the inputs", run.Output);
        Assert.Matches(@"failed +pipe\.mkv .* a pipe", run.Output);
        Assert.Equal(before, File.ReadAllBytes(_folder["in/keep/b.mkv"]));
        Assert.Equal(["framefilter.jsonl", "keep/b.mkv", "new/b.mkv"], Files("out"));
    }

    /// <remarks>A prediction that takes longer than the patience with it ends with the process, before anything else could be noted.</remarks>
    [Fact]
    public async Task An_interruption_is_noted_when_it_comes_and_not_when_the_work_has_ended()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x240:rate=25 -t 60 -c:v mpeg4 {_folder["long.mkv"]}");
        var options = new FilterOptions { Interpolation = new() { Method = InterpolationMethod.Average } };
        Directory.CreateDirectory(_folder["out"]);
        using var log = BatchLog.Open(_folder["out"], write: true);
        using var display = ConversionDisplay.Create(Verbosity.Quiet, ProgressFormat.Auto);
        using var user = new CancellationTokenSource();
        string[] noted = [];

        // What was registered last is called first: this one after the conversion's own.
        user.Token.Register(() => noted = Events());
        var interruption = Task.Run(
            () =>
            {
                SpinWait.SpinUntil(() => Directory.EnumerateFiles(_folder["out"], ".long.*.partial.mkv").Any(), TimeSpan.FromMinutes(1));
                user.Cancel();
            },
            TestContext.Current.CancellationToken);

        var work = new BatchWork(options, options, ApplicationFiles.Find(), log);
        var result = work.Process(
            new("long.mkv", _folder["long.mkv"], "long.mkv", _folder["out/long.mkv"]), retry: true, () => display.Begin("long.mkv", "long.mkv"), user.Token);
        await interruption;

        Assert.Equal(BatchOutcome.Unfinished, result.Outcome);
        Assert.Equal(["begun", "interrupted"], noted);
        Assert.Equal(["begun", "interrupted"], Events());
        Assert.Equal(0, log.Begun("long.mkv"));

        string[] Events()
        {
            using var reader = new StreamReader(new FileStream(_folder["out/framefilter.jsonl"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return [.. reader.ReadToEnd().TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!)];
        }
    }

    [Fact]
    public async Task Patterns_choose_and_nothing_to_choose_from_is_an_error_of_the_command()
    {
        Place("keep.mkv");
        Place("raw/leave.mkv");

        var chosen = await Batch("in", "out", "--include", "*.mkv", "--exclude", "raw/**");
        var none = await Batch("in", "out", "--include", "*.mp4");
        var same = await Batch("in", "in");
        var above = await Batch("in/raw", "in");
        var missing = await Batch("nowhere", "out");

        Assert.Equal(0, chosen.ExitCode);
        Assert.Equal(["framefilter.jsonl", "keep.mkv"], Files("out"));
        Assert.Equal([2, 2, 2, 2], new[] { none, same, above, missing }.Select(run => run.ExitCode));
        Assert.Contains("There is no video in", none.Error, StringComparison.Ordinal);
        Assert.Contains("is or contains the input folder", above.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_that_took_the_program_with_it_three_times_is_passed_over()
    {
        Place("a.mkv");
        string begun = """{"event":"begun","input":"a.mkv","output":"a.mkv"}""";
        _folder.Write("out/framefilter.jsonl", $"{begun}\n{begun}\n{begun}\n{{\"event\":\"beg");

        var run = await Batch("in", "out");
        var again = await Batch("in", "out", "-y");

        Assert.Equal((1, 0), (run.ExitCode, again.ExitCode));
        Assert.Contains("it crashed the program 3 times and is skipped; -y tries it again", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_the_work_is_done_does_not_make_it_other_work()
    {
        Place("a.mkv");
        Place("b.mkv");

        var first = await Batch("in", "out", "--jobs", "2");
        var threads = await Batch("in", "out", "--threads", "1", "--memory-limit", "1GiB", "--queue-length", "2", "--segment-length", "7");
        var jobs = await Batch("in", "out", "--jobs", "1");
        var other = await Batch("in", "out", "--pixel-format", "gray");

        Assert.Equal((0, 0, 0, 1), (first.ExitCode, threads.ExitCode, jobs.ExitCode, other.ExitCode));
        Assert.Contains("0 done, 2 done before, 0 failed", threads.Output, StringComparison.Ordinal);
        Assert.Contains("0 done, 2 done before, 0 failed", jobs.Output, StringComparison.Ordinal);
        Assert.Contains("not from this content with these settings", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_told_and_ends_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full stands for a full disk.");
        Place("a.mkv");
        Place("b.mkv");
        Directory.CreateDirectory(_folder["out"]);
        using FullDevice full = FullDevice.At(_folder["out/framefilter.jsonl"]);

        var run = await Batch("in", "out", "--jobs", "1");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2 done", run.Output, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.Contains("The log framefilter.jsonl cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_batches_into_one_folder_do_not_meet()
    {
        Directory.CreateDirectory(_folder["in"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=1280x720:rate=25 -t 20 -c:v mpeg4 {_folder["in/long.mkv"]}");
        using var first = ProcessRun.StartFilter(["batch", "in", "out", "--method", "average", "--encoder", "ffv1"], _folder.Path);
        try
        {
            string log = _folder["out/framefilter.jsonl"];
            for (int i = 0; i < 300 && !(File.Exists(log) && new FileInfo(log).Length > 0); i++)
            {
                await Task.Delay(50);
            }

            var second = await Batch("in", "out");

            Assert.False(first.HasExited, "The first batch ended too early to tell.");
            Assert.Equal(1, second.ExitCode);
            Assert.Contains("is in use: another framefilter is working on this folder", second.Error, StringComparison.Ordinal);
        }
        finally
        {
            first.Kill();
            await first.WaitForExitAsync();
        }
    }

    [Fact]
    public void The_network_works_at_one_video_the_average_at_as_many_as_cores_and_memory_allow()
    {
        const long gibibyte = 1L << 30;
        FilterOptions network = new(), average = network with { Interpolation = network.Interpolation with { Method = InterpolationMethod.Average } };

        Assert.Equal([1, 3, 4, 2, 1], new[]
        {
            BatchPace.Jobs(network, 0, 16, 64 * gibibyte), BatchPace.Jobs(network, 3, 16, 64 * gibibyte), BatchPace.Jobs(average, 0, 8, 64 * gibibyte),
            BatchPace.Jobs(average, 0, 8, 2 * gibibyte), BatchPace.Jobs(average, 0, 1, gibibyte / 2),
        });
        var shared = BatchPace.Share(network, 4, 8, 64 * gibibyte).Interpolation.Network;
        Assert.Equal((2, 8 * gibibyte), (shared.Threads, shared.MemoryLimit));
    }

    private void Place(string name)
    {
        string path = _folder["in/" + name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(_folder["clip.mkv"], path);
    }

    private string[] Files(string name) =>
    [
        .. Directory.EnumerateFiles(_folder[name], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder[name], path)).Order(StringComparer.Ordinal),
    ];

    private Task<ProcessRun> Batch(string input, string output, params string[] more) => ProcessRun.OfFilter(
        ["batch", input, output, "--method", "average", "--encoder", "ffv1", .. more], _folder.Path);
}
