using System.Diagnostics;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Commands;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>What goes wrong between machines: each fault is told with the part's number, nothing is lost, and the output is that of one run.</summary>
public sealed class JobFaultTests : IDisposable
{
    private readonly ClipFolder _folder = new();
    private readonly FilterOptions _options = TestJob.Options("ffv1");

    public JobFaultTests() =>
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 4 -c:v libx264 -preset ultrafast -g 20 {_folder["in.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_that_are_missing_damaged_or_late_are_named_and_made_again()
    {
        TestJob job = Plan();
        Work(job, 0, 1, 3);
        Assert.Null(job.Work(1));
        JoinReport report = job.Join();
        Assert.Equal((0, 2), (report.Joined, Assert.Single(report.Missing)));

        // A byte altered, a file cut short, a record cut short.
        job.Work(2);
        string altered = _folder["job/parts/000001/00001.segment"], cut = _folder["job/parts/000002/00002.segment"];
        byte[] bytes = File.ReadAllBytes(altered);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(altered, bytes);
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..100]);
        report = job.Join();
        Assert.Equal(2, report.Problems.Count);
        Assert.Contains("part 1 is made anew", report.Problems[0], StringComparison.Ordinal);
        Assert.Contains("part 2 is made anew", report.Problems[1], StringComparison.Ordinal);
        Assert.Equal(["1", "2"], JobStatus.Of(job.Folder).Failed.Select(failure => $"{failure.Part}"));
        Work(job, 1, 2);
        File.WriteAllText(_folder["job/parts/000003/part.json"], "{");
        Assert.Equal(("3", 3), (JobStatus.Of(job.Folder).Missing, JobStatus.Of(job.Folder).Done));
        Assert.Contains("part 3 is made anew", Assert.Single(job.Join().Problems), StringComparison.Ordinal);
        Assert.Equal([3], job.Folder.Unfinished());
        Work(job, 3);

        // Storage that shows a renaming late.
        string part = _folder["job/parts/000000"];
        Directory.Move(part, part + ".away");
        using Timer late = new(_ => Directory.Move(part + ".away", part), null, 700, Timeout.Infinite);
        report = job.Join(wait: 20);

        AssertJoined(job, report);
    }

    [Fact]
    public void Processes_on_this_machine_share_its_memory_and_one_that_fails_keeps_no_other()
    {
        TestJob job = Plan();
        Directory.CreateDirectory(_folder["job/parts"]);
        File.WriteAllText(_folder["job/parts/000002"], "in the way");

        IReadOnlyList<int> failed = new LocalEngine(job.Folder, jobs: 2).Run((_, _) => { }, TestContext.Current.CancellationToken);

        Assert.Equal([2], failed);
        Assert.Equal([0, 1, 3], job.Folder.Look().Finished.Order());
        Assert.Equal("2", string.Join(',', JobStatus.Of(job.Folder).Failed.Select(failure => failure.Part)));
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.Equal(["--memory-limit", $"{Math.Max(256L << 20, memory / 2 / 2) >> 20}MiB"], new LocalEngine(job.Folder, jobs: 2).Share()[2..]);
        long? Limited(long? planned, long limit) => new Grant(null, null) { MemoryLimit = limit }
            .Limit(new() { Interpolation = new() { Network = new() { MemoryLimit = planned } } }).Interpolation.Network.MemoryLimit;
        Assert.Equal((1L << 30, 1L << 29), (Limited(null, 1L << 30), Limited(1L << 29, 1L << 30)));
    }

    [Fact]
    public async Task Several_at_one_part_do_no_harm_and_clocks_do_not_matter()
    {
        TestJob job = Plan();
        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => job.Work(0), TestContext.Current.CancellationToken)));
        Assert.Contains(made, record => record is not null);
        Assert.Equal(["000000"], Directory.GetDirectories(job.Folder.Parts).Select(Path.GetFileName));
        Work(job, 1, 2, 3);
        Directory.SetLastWriteTimeUtc(job.Folder.FolderOf(1), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Directory.SetLastWriteTimeUtc(job.Folder.FolderOf(2), DateTime.UtcNow.AddYears(1));

        JobStatus status = JobStatus.Of(job.Folder);

        Assert.Equal((4, 200L, 200L), (status.Done, status.Frames, status.FramesExpected));
        Assert.True(status.FramesPerSecond >= 0);
        AssertJoined(job, job.Join());
        Assert.Null(job.Work(0));
        Assert.Equal((1, 1), (job.Join().Joined, job.Join().Before));
        Assert.True(JobStatus.Of(job.Folder) is { IsComplete: true, Done: 4 });
    }

    [Fact]
    public void Another_input_program_or_FFmpeg_and_other_weights_are_refused_with_both_values()
    {
        TestJob job = Plan();
        Work(job, 0, 1, 2);
        byte[] input = File.ReadAllBytes(_folder["in.mkv"]);
        File.WriteAllBytes(_folder["in.mkv"], [.. input, 0]);
        var replaced = Assert.Throws<JobException>(() => job.Work(3));
        Assert.Contains("Part 3 of", replaced.Message, StringComparison.Ordinal);
        Assert.Contains($"{input.Length}-", replaced.Message, StringComparison.Ordinal);
        Assert.Contains($"{input.Length + 1}-", replaced.Message, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(JobStatus.Of(job.Folder).Failed).Part);
        File.WriteAllBytes(_folder["in.mkv"], input);
        Work(job, 3);
        Assert.Empty(JobStatus.Of(job.Folder).Failed);
        File.WriteAllBytes(_folder["in.mkv"], [.. input, 0]);
        Assert.Contains("another one than was planned", Assert.Single(job.Join().Problems), StringComparison.Ordinal);
        File.WriteAllBytes(_folder["in.mkv"], input);
        AssertJoined(job, job.Join());

        string plan = File.ReadAllText(job.Folder.PlanPath);
        Refused(
            plan.Replace($"\"ffmpeg\":\"{job.Folder.Plan.FFmpeg}\"", "\"ffmpeg\":\"3.4\"", StringComparison.Ordinal),
            $"is for FFmpeg 3.4; this machine has {job.Folder.Plan.FFmpeg}");
        Refused(
            plan.Replace($"\"program\":\"{job.Folder.Plan.Program}\"", "\"program\":\"0.0.9\"", StringComparison.Ordinal),
            "is for framefilter 0.0.9; this is ");
        Refused(plan.Replace("\"settings\"", "\"weights\":\"12-abc\",\"settings\"", StringComparison.Ordinal), "for other weights (12-abc");
        Refused(plan.Replace("\"version\":2", "\"version\":7", StringComparison.Ordinal), "has the format 7; this program reads 2");
        Refused(plan[..100], "is not the plan of a job");
        Refused(
            plan.Replace(job.Folder.Plan.Files[0].Division!.Fingerprint, new('0', 64), StringComparison.Ordinal),
            "than the job's plan says (000000000000)");

        void Refused(string changed, string words)
        {
            File.Delete(job.Folder.JoinedPath);
            File.WriteAllText(job.Folder.PlanPath, changed);
            var error = Assert.ThrowsAny<AdaConvException>(() => new JobWorker(JobFolder.Open(_folder["job"]), ApplicationFiles.Find(), new(null, null)).Make(
                0, _ => new(Display.ConversionDisplay.Create(Display.Verbosity.Quiet, Display.ProgressFormat.Auto), "", "", 1, 1), default));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
    }

    /// <remarks>And the parts' numbers come from the variables of schedulers; that of Slurm does in its own tests.</remarks>
    [Fact]
    public async Task Commands_of_a_job_end_with_the_exit_codes_of_all_commands()
    {
        TestJob job = Plan();
        Work(job, 0);
        File.AppendAllText(_folder["in.mkv"], "replaced");

        await Ends(0, "part 0 of ", "is finished", "AWS_BATCH_JOB_ARRAY_INDEX=0", "work", "job");
        await Ends(1, "Part 1 of ", "another one than was planned", "PBS_ARRAY_INDEX=1", "work", "job");
        await Ends(2, "there is no part 5", "the parts 0 to 3", "JOB_COMPLETION_INDEX=1", "work", "job", "--offset", "4");
        await Ends(1, "3 parts are missing of ", "1-3", "", "join", "job", "--wait", "0");
        await Ends(2, "holds another job", "Name another folder", "", "plan", "in.mkv", "other.mkv", "job", "--method", "average");
        Assert.Equal(["000000"], Directory.GetDirectories(job.Folder.Parts).Select(Path.GetFileName));

        async Task Ends(int code, string words, string more, string variable, params string[] arguments)
        {
            string[] pair = variable.Split('=');
            var run = await ProcessRun.OfFilter(
                ["job", .. arguments], _folder.Path, pair is [var name, var value] ? new Dictionary<string, string?> { [name] = value } : null);
            Assert.Equal(code, run.ExitCode);
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
            Assert.Contains(more, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_plans_do_not_share_a_folder_and_the_same_one_is_the_same_job()
    {
        TestJob job = Plan();
        Plan();
        var error = Assert.Throws<ConfigurationException>(() => new TestJob(_folder, "in.mkv", "other.mkv", _options, parts: 4));

        Assert.Contains("holds another job (4 parts, ../in.mkv first)", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, job.Folder.Plan.Parts);
        Assert.Throws<ConfigurationException>(() => job.Work(4));
    }

    [Fact]
    public void Storage_that_is_full_or_read_only_fails_the_part_and_loses_nothing()
    {
        Directory.CreateDirectory(_folder["job"]);
        Assert.SkipUnless(Mount("-t", "tmpfs", "-o", "size=128k", "tmpfs", _folder["job"]), "A small file system cannot be mounted here.");
        try
        {
            TestJob job = Plan();
            var full = Assert.Throws<JobException>(() => Work(job, 0, 1, 2, 3));
            Assert.Contains("the disk is full", full.Message, StringComparison.Ordinal);
            Assert.Matches("^Part [0-3] of ", full.Message);
            Assert.DoesNotContain(Directory.GetDirectories(job.Folder.Parts), folder => Path.GetFileName(folder)[0] == '.');

            Assert.True(Mount("-o", "remount,ro,size=64m", _folder["job"]));
            var locked = Assert.Throws<JobException>(() => job.Work(3));
            Assert.Contains("Part 3 of ", locked.Message, StringComparison.Ordinal);
            Assert.Contains("can only be read", locked.Message, StringComparison.Ordinal);

            Assert.True(Mount("-o", "remount,rw,size=64m", _folder["job"]));
            Work(job, 0, 1, 2, 3);
            AssertJoined(job, job.Join());
        }
        finally
        {
            using Process unmount = Process.Start("/bin/umount", [_folder["job"]]);
            unmount.WaitForExit();
        }
    }

    /// <remarks>Files below a size are not opened by plan: what is wrong with one is told by its part, and keeps no other.</remarks>
    [Fact]
    public void A_folder_is_one_job_whose_files_are_joined_as_they_are_complete()
    {
        Directory.CreateDirectory(_folder["clips/deep"]);
        File.Copy(_folder["in.mkv"], _folder["clips/long.mkv"]);
        int large = (int)new FileInfo(_folder["in.mkv"]).Length;
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 1 -c:v libx264 -preset ultrafast {_folder["clips/deep/short.mkv"]}");
        _folder.Write("clips/broken-large.mkv", new string('x', large));
        _folder.Write("clips/broken-small.mkv", "no video");
        _folder.Write("clips/empty.mkv", "");
        JobPlan all = PlanOf(divideFrom: 1, out string[] refusedNow), plan = PlanOf(divideFrom: large, out string[] refused);
        TestJob job = new(JobFolder.Create(_folder["job"], plan, out _));

        Assert.Equal(["broken-large.mkv", "broken-small.mkv", "empty.mkv"], refusedNow);
        Assert.Equal(["broken-large.mkv", "empty.mkv"], refused);
        Assert.Equal(["../clips/deep/short.mkv 0 1", "../clips/long.mkv 1 2"], all.Files.Select(file => $"{file.Input} {file.FirstPart} {file.Parts}"));
        Assert.Equal(
            ["../clips/broken-small.mkv 0 1", "../clips/deep/short.mkv 1 1", "../clips/long.mkv 2 2"],
            plan.Files.Select(file => $"{file.Input} {file.FirstPart} {file.Parts}"));
        Assert.Equal([true, true, false], plan.Files.Select(file => file.Division is null));
        Work(job, 1, 2);
        string made = _folder["job/parts/000001/output.mkv"];
        byte[] bytes = File.ReadAllBytes(made);
        bytes[^1] ^= 1;
        File.WriteAllBytes(made, bytes);
        Assert.Contains("part 1 is made anew", Assert.Single(job.Join().Problems), StringComparison.Ordinal);
        Work(job, 1);
        var failure = Assert.Throws<JobException>(() => job.Work(0));
        Assert.Contains("(../clips/broken-small.mkv) failed. Opening ", failure.Message, StringComparison.Ordinal);
        JobStatus status = JobStatus.Of(job.Folder);
        Assert.Contains("broken-small.mkv", Assert.Single(status.Failed).Error, StringComparison.Ordinal);
        Assert.Equal(("3", null), (status.Missing, status.FramesExpected));
        JoinReport report = job.Join();
        Assert.Equal((1, "0,3"), (report.Joined, PartNumbers.Text(report.Missing)));

        // Another file of that length.
        _folder.Write("clips/broken-small.mkv", "my video");
        Assert.Contains("another one than was planned: 8-", Assert.Throws<JobException>(() => job.Work(0)).Message, StringComparison.Ordinal);
        Work(job, 3);
        Assert.Equal((2, "0"), (job.Join().Joined, PartNumbers.Text(job.Join().Missing)));
        foreach (string name in new[] { "deep/short.mkv", "long.mkv" })
        {
            TestJob.Convert(_folder["clips/" + name], _folder["one.mkv"], _options with { Conversion = _options.Conversion with { Overwrite = true } });
            TestJob.AssertSame(_folder["one.mkv"], _folder["out/" + name]);
        }

        JobPlan PlanOf(long divideFrom, out string[] refused)
        {
            List<string> told = [];
            JobPlan made = new JobPlanner(_options, ApplicationFiles.Find()).PlanFolder(
                FolderArguments.Of(_folder["clips"], _folder["out"], [], [], null),
                _folder["job"],
                new(null, 2) { DivideFrom = divideFrom },
                told.Add,
                TestContext.Current.CancellationToken);
            refused = [.. told.Select(line => line.Split(": ")[0])];
            return made;
        }
    }

    [Fact]
    public async Task A_job_is_watched_on_a_terminal_until_all_parts_are_finished_and_told_of_as_JSON()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "The command script, which makes a terminal, is not installed.");
        TestJob job = Plan();
        Work(job, 0, 1, 2);
        Task<ProcessRun> watching = ProcessRun.Of(
            "/usr/bin/script", ["-qec", $"dotnet {ProcessRun.FilterAssembly} job status {job.Folder.Path} --watch", "/dev/null"]);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Work(job, 3);

        ProcessRun run = await watching;

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("4 of 4 parts done, 0 failed, 0 missing", run.Output, StringComparison.Ordinal);
        run = await ProcessRun.OfFilter(["job", "status", job.Folder.Path, "--json"], _folder.Path);
        using JsonDocument status = JsonDocument.Parse(run.Output);
        Assert.Equal((4, 0), (status.RootElement.GetProperty("done").GetInt32(), status.RootElement.GetProperty("failed").GetArrayLength()));
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 7, 9, 10 }, "0-3,7,9-10")]
    [InlineData(new[] { 5 }, "5")]
    [InlineData(new int[0], "")]
    public void Numbers_of_parts_are_written_as_ranges(int[] numbers, string text) => Assert.Equal(text, PartNumbers.Text(numbers));

    private static void Work(TestJob job, params int[] parts)
    {
        foreach (int part in parts)
        {
            job.Work(part);
        }
    }

    private static bool Mount(params string[] arguments)
    {
        using Process mount = Process.Start(new ProcessStartInfo("/bin/mount", arguments) { RedirectStandardError = true })!;
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }

    private TestJob Plan() => new(_folder, "in.mkv", "out.mkv", _options, parts: 4);

    private void AssertJoined(TestJob job, JoinReport report)
    {
        Assert.True(report is { Joined: 1, Problems: [], Missing: [] }, string.Join('\n', report.Problems));
        TestJob.Convert(_folder["in.mkv"], _folder["one.mkv"], _options);
        TestJob.AssertSame(_folder["one.mkv"], _folder["out.mkv"]);
        Assert.False(Directory.Exists(job.Folder.Parts));
    }
}
