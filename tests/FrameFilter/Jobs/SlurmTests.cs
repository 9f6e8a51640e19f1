using System.Diagnostics;
using System.Globalization;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>A real Slurm with two nodes, of the test's own, by the real command line.</summary>
public sealed class SlurmTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Settings = ["--method", "average", "--encoder", "ffv1", "--segment-length", "1"];

    // Of six parts the one that cannot be written: something else stands in its place.
    private const string Unwritable = "000004";

    private readonly ClipFolder _folder = new();
    private bool _isStarted;
    private int _released;

    private Dictionary<string, string?> Cluster => new() { ["SLURM_CONF"] = _folder["slurm/slurm.conf"] };

    public void Dispose()
    {
        if (_isStarted)
        {
            using Process stop = Process.Start(Script, ["stop", _folder["slurm"]]);
            stop.WaitForExit();
        }

        _folder.Dispose();
    }

    private static string Script => Path.Combine(RepositoryFiles.Root, "eng", "slurm-cluster.sh");

    /// <remarks>
    /// Six parts over two nodes. A worker is killed, and Slurm has its part made again; a node goes down, and the other one makes its part; a part cannot be
    /// written, so that the join does not run; a second submission makes that part alone.
    /// </remarks>
    [Fact]
    public async Task A_film_outlives_a_killed_worker_a_lost_node_and_a_part_that_fails()
    {
        await Start();
        FfmpegCommand.Run( // so large that a part takes longer than the way of a signal
            $"-f lavfi -i testsrc2=size=640x480:rate=25 -f lavfi -i sine -t 6 -c:a aac -c:v libx264 -preset ultrafast -g 20 {_folder["film.mp4"]}");
        var unbroken = await ProcessRun.OfFilter(["convert", "film.mp4", "one.mkv", .. Settings], _folder.Path);
        Assert.True(unbroken.ExitCode == 0, unbroken.Error);
        await Filter(["job", "plan", "film.mp4", "film-50.mkv", "job", "--parts", "6", .. Settings]);

        _folder.Write("job/parts/" + Unwritable, "");
        await Filter("job", "submit", "job", "--engine", "slurm", "--cpus-per-task", "1");
        string second = await Filter("job", "submit", "job", "--engine", "slurm");
        Assert.StartsWith("Nothing is submitted: ", second, StringComparison.Ordinal);
        await Until(() => Task.FromResult(Attempts().Length == 2), "a part on either node");
        string[] lost = Attempts();
        await Slurm("scontrol", "update", "nodename=b", "state=down", "reason=test");
        int killed = await KillWorker(lost);
        await Until(IsQueueEmpty, "the queue to empty");
        await Slurm("scontrol", "update", "nodename=b", "state=resume");

        JobStatus status = JobStatus.Of(JobFolder.Open(_folder["job"]));
        Assert.Equal(5, status.Done);
        Assert.True(_released >= 2, "Both parts must have been requeued.");
        PartFailure failure = Assert.Single(status.Failed);
        Assert.Equal(4, failure.Part);
        Assert.Contains(Unwritable, failure.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["film-50.mkv"]), "The join must not run.");
        Assert.True(File.Exists(Path.Combine(JobFolder.Open(_folder["job"]).FolderOf(killed), "part.json")), $"Part {killed} was not made again.");

        File.Delete(_folder["job/parts/" + Unwritable]);
        DateTime[] before = [.. Directory.GetDirectories(_folder["job/parts"], "0*").Order().Select(Directory.GetLastWriteTimeUtc)];
        string again = await Filter("job", "submit", "job", "--engine", "slurm");
        Assert.StartsWith("1 part submitted as ", again, StringComparison.Ordinal);
        await Until(() => Task.FromResult(Directory.Exists(_folder["job/parts/" + Unwritable]) || File.Exists(_folder["film-50.mkv"])), "part 4");
        if (Directory.Exists(_folder["job/parts"]))
        {
            var others = Directory.GetDirectories(_folder["job/parts"], "0*").Order().Where(part => !part.EndsWith('4'));
            Assert.Equal(before.AsEnumerable(), others.Select(Directory.GetLastWriteTimeUtc));
        }

        await Until(() => Task.FromResult(File.Exists(_folder["film-50.mkv"])), "the join");
        TestJob.AssertSame(_folder["one.mkv"], _folder["film-50.mkv"]);
        Assert.StartsWith("6 of 6 parts done, 0 failed, 0 missing", await Filter("job", "status", "job"), StringComparison.Ordinal);
    }

    /// <remarks>Three parts in two arrays, as Slurm is told to take no larger ones; the second one's numbers are counted from its first part.</remarks>
    [Fact]
    public async Task Options_reach_Slurm_and_parts_beyond_its_largest_array_become_another_one()
    {
        await Start("MaxArraySize=2");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=160x120:rate=25 -t 3 -c:v libx264 -preset ultrafast -g 20 {_folder["film.mp4"]}");
        TestJob job = new(_folder, "film.mp4", "film-50.mkv", TestJob.Options("ffv1"), parts: 3);
        string[] asked =
        [
            "--partition", "few", "--time", "5", "--account", "films", "--mem", "300M", "--gres", "gpu:1", "--cpus-per-task", "1", "--sbatch", "comment=test",
        ];
        await Filter(["job", "submit", "job", "--engine", "slurm", "--limit", "1", .. asked]);

        string jobs = await Slurm("scontrol", "--oneliner", "show", "job");
        string[] arrays = [.. jobs.Split('\n').Where(line => line.Contains("ArrayTaskId=", StringComparison.Ordinal) && line.Contains("MinMemoryNode=300M"))];
        Assert.All(
            ["Partition=few", "TimeLimit=00:05:00", "Account=films", "MinCPUsNode=1", "TresPerNode=gres:gpu:1", "Comment=test", "Requeue=1"],
            words => Assert.All(arrays, line => Assert.Contains(words, line, StringComparison.Ordinal)));
        Assert.Contains(arrays, line => line.Contains("Dependency=afterany:", StringComparison.Ordinal));
        string join = Assert.Single(jobs.Split('\n'), line => line.Contains("Dependency=afterok:", StringComparison.Ordinal));
        Assert.Equal(2, join.Split("afterok:").Length - 1);
        Assert.Contains("TimeLimit=00:05:00", join, StringComparison.Ordinal);
        Assert.DoesNotContain("gres:gpu", join, StringComparison.Ordinal);

        await Until(() => Task.FromResult(Attempts().Length > 0), "a part");
        await Slurm("scontrol", "requeue", (await Slurm("squeue", "--noheader", "--array", "--states=running", "--format=%A")).Trim());
        await Until(IsQueueEmpty, "the queue to empty");

        Assert.True(_released >= 1, "The part must have been requeued.");
        Assert.True(JobStatus.Of(JobFolder.Open(job.Folder.Path)).IsComplete, string.Join('\n', Directory.GetFiles(job.Folder.Logs).Select(File.ReadAllText)));
        Assert.Equal(2, Directory.GetFiles(job.Folder.Logs, "work-*.log").Select(path => Path.GetFileName(path).Split('_')[0]).Distinct().Count());
        TestJob.Convert(_folder["film.mp4"], _folder["one.mkv"], TestJob.Options("ffv1"));
        TestJob.AssertSame(_folder["one.mkv"], _folder["film-50.mkv"]);
    }

    private async Task Start(string settings = "")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "slurmd needs root.");
        Assert.SkipUnless(File.Exists("/usr/sbin/slurmctld") && File.Exists("/usr/sbin/munged"), "Slurm (slurm-wlm) is not installed.");
        _isStarted = true;

        // Its daemons would keep the pipes of a process that is waited for open.
        using Process start = Process.Start("bash", ["-c", $"'{Script}' start '{_folder["slurm"]}' {settings} >'{_folder["slurm.log"]}' 2>&1 </dev/null"]);
        await start.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(start.ExitCode == 0, $"Slurm did not start here: {File.ReadAllText(_folder["slurm.log"])}");
    }

    private string[] Attempts() =>
        Directory.Exists(_folder["job/parts"]) ? [.. Directory.GetDirectories(_folder["job/parts"], ".*").Select(path => Path.GetFileName(path))] : [];

    // SIGKILL to a worker that has begun since, at a part that can be made again; its attempt's folder names it. Returns its part.
    private async Task<int> KillWorker(string[] since)
    {
        int part = -1;
        await Until(
            () =>
            {
                if (Attempts().Except(since).Select(attempt => attempt.Split('.')).FirstOrDefault(words => words[1] != Unwritable) is not { } words)
                {
                    return Task.FromResult(false);
                }

                part = int.Parse(words[1], CultureInfo.InvariantCulture);
                try
                {
                    using Process worker = Process.GetProcessById(int.Parse(words[^2], CultureInfo.InvariantCulture));
                    worker.Kill();
                }
                catch (ArgumentException)
                {
                    return Task.FromResult(false); // just finished
                }

                return Task.FromResult(true);
            },
            "another worker",
            pollMilliseconds: 5);
        return part;
    }

    // Slurm lets what was requeued wait for two minutes; here it does not.
    private async Task<bool> IsQueueEmpty()
    {
        string[] rows = (await Slurm("squeue", "--noheader", "--array", "--format=%A %r")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string row in rows.Where(row => row.Contains("BeginTime", StringComparison.Ordinal)))
        {
            // Parts of an array that have ended or begun meanwhile are refused; should one stay, the queue never empties.
            _released++;
            await ProcessRun.Of("scontrol", ["update", $"jobid={row.Split(' ')[0]}", "StartTime=now"], _folder.Path, Cluster);
        }

        return rows.Length == 0;
    }

    private async Task<string> Filter(params string[] arguments)
    {
        var run = await ProcessRun.OfFilter(arguments, _folder.Path, Cluster);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    private async Task<string> Slurm(string command, params string[] arguments)
    {
        var run = await ProcessRun.Of(command, arguments, _folder.Path, Cluster);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    private static async Task Until(Func<Task<bool>> condition, string what, int pollMilliseconds = 50)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, $"Waited in vain for {what}.");
            await Task.Delay(pollMilliseconds, TestContext.Current.CancellationToken);
        }
    }
}
