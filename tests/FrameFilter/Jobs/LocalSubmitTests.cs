using System.Diagnostics;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary><c>job submit</c> on this machine, and against a Slurm that does not answer, as users type it.</summary>
public sealed class LocalSubmitTests : IDisposable
{
    private const string Fast = "--method average --encoder ffv1";
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_a_folder_with_a_bad_file_all_the_others_are_joined()
    {
        Directory.CreateDirectory(_folder["in"]);
        Clip("in/a.mkv");
        _folder.Write("in/bad.mkv", "no video");
        await Run($"job plan in out job {Fast}");

        ProcessRun run = await Run("job submit job", exitCode: 1);

        Assert.Contains("part 1 failed", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 2 files joined", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["out/a.mkv"]), run.Error);
    }

    [Fact]
    public async Task A_folder_named_with_a_separator_at_its_end_is_the_same_job()
    {
        Clip("in.mkv");
        await Run($"job plan in.mkv out.mkv job/ {Fast}");
        string plan = await File.ReadAllTextAsync(_folder["job/plan.json"], TestContext.Current.CancellationToken);

        Assert.Contains("\"../in.mkv\"", plan, StringComparison.Ordinal);
        Assert.Equal(_folder["job"], JobFolder.Open(_folder["job"] + Path.DirectorySeparatorChar).Path);
        await Run("job submit job/");
        Assert.True(File.Exists(_folder["out.mkv"]));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_told_before_anything_runs()
    {
        Clip("in.mkv");
        await Run($"job plan in.mkv out.mkv job {Fast}");
        Directory.CreateDirectory(_folder["job/logs/work-0.log"]);

        ProcessRun run = await Run("job submit job", exitCode: 1);

        Assert.Contains("work-0.log", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["job/parts"]), "A process works on by itself.");
    }

    [Fact]
    public async Task A_signal_leaves_nothing_unfinished()
    {
        Clip("in.mkv", seconds: 100);
        await Run($"job plan in.mkv out.mkv job {Fast} --factor 8");
        using Process process = ProcessRun.StartFilter(["job", "submit", "job"], _folder.Path);
        Stopwatch waited = Stopwatch.StartNew();
        while (Attempts().Length == 0 && waited.Elapsed < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(Attempts());
        Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(143, process.ExitCode);
        Assert.Empty(Attempts());
    }

    /// <remarks>squeue fails as it does where the controller is down; sbatch would work.</remarks>
    [Fact]
    public async Task While_Slurm_does_not_answer_nothing_is_submitted_a_second_time()
    {
        Clip("in.mkv");
        await Run($"job plan in.mkv out.mkv job {Fast}");
        Directory.CreateDirectory(_folder["bin"]);
        Script("sbatch", "echo x >> submitted; echo 7");
        Script("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        Script("scontrol", "exit 1");
        Dictionary<string, string?> environment = new() { ["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}" };
        await Run("job submit job --engine slurm", environment: environment);

        ProcessRun run = await Run("job submit job --engine slurm", exitCode: 1, environment);

        Assert.Contains("Unable to contact slurm controller", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(_folder["submitted"]).Length); // the part and the join, once

        Script("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        await Run("job submit job --engine slurm", environment: environment);
        Assert.Equal(4, File.ReadAllLines(_folder["submitted"]).Length);
    }

    private void Clip(string name, int seconds = 1) => FfmpegCommand.Run(
        $"-f lavfi -i testsrc2=size=64x48:rate=10:d={seconds} -c:v libx264 -preset ultrafast -g 20 {_folder[name]}");

    private void Script(string name, string text)
    {
        string path = _folder.Write($"bin/{name}", $"#!/bin/sh\ncd '{_folder.Path}'\n{text}\n");
        Process.Start("chmod", ["+x", path]).WaitForExit();
    }

    private string[] Attempts() =>
        Directory.Exists(_folder["job/parts"]) ? Directory.GetDirectories(_folder["job/parts"], ".*") : [];

    private async Task<ProcessRun> Run(string arguments, int exitCode = 0, IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessRun run = await ProcessRun.OfFilter(arguments.Split(' '), _folder.Path, environment);
        Assert.True(run.ExitCode == exitCode, $"{arguments}: {run.ExitCode}\n{run.Error}{run.Output}");
        return run;
    }
}
