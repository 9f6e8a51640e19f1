using System.Diagnostics;
using System.Globalization;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Makes a job's parts as processes of this machine.</summary>
/// <param name="job">The job.</param>
/// <param name="jobs">Processes at a time.</param>
internal sealed class LocalEngine(JobFolder job, int jobs)
{
    /// <summary>Runs all parts that are not finished; one that fails does not keep the others.</summary>
    /// <param name="progress">Told after each part: finished so far, of how many.</param>
    /// <param name="cancellation">Ends the processes.</param>
    /// <returns>The parts that failed.</returns>
    /// <exception cref="StorageException">A log cannot be written.</exception>
    public IReadOnlyList<int> Run(Action<int, int> progress, CancellationToken cancellation)
    {
        DurableStore.CreateFolder(job.Logs);
        int[] open = job.Unfinished();
        string[] share = Share();
        int done = 0;
        List<int> failed = [];
        Lock gate = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        StorageException? problem = null;
        try
        {
            Parallel.ForEach(open, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = stop.Token }, part =>
            {
                bool well = false;
                try
                {
                    well = RunPart(part, share, stop.Token);
                }
                catch (StorageException error)
                {
                    problem ??= error;
                    stop.Cancel();
                }

                lock (gate)
                {
                    if (!well)
                    {
                        failed.Add(part);
                    }

                    progress(++done, open.Length);
                }
            });
        }
        catch (OperationCanceledException) when (problem is not null)
        {
        }

        return problem is null ? [.. failed.Order()] : throw problem;
    }

    /// <summary>The options that give each process its share of this machine's processors and memory.</summary>
    public string[] Share()
    {
        int processors = Math.Max(1, Environment.ProcessorCount / jobs);
        long? memory = BatchPace.Share(job.Plan.Options(job.PlanPath), jobs, Environment.ProcessorCount, Machine.Memory).Interpolation.Network.MemoryLimit;
        return
        [
            "--threads", processors.ToString(CultureInfo.InvariantCulture),
            .. memory is { } bytes ? new[] { "--memory-limit", string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}MiB") } : [],
        ];
    }

    private bool RunPart(int part, string[] share, CancellationToken cancellation)
    {
        string[] command = OwnProgram.Command;
        string number = part.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new(command[0], [.. command[1..], "job", "work", job.Path, "--index", number, .. share])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // Before the process: one that is not waited for would work on by itself.
        using StreamWriter log = OpenLog(Path.Combine(job.Logs, $"work-{number}.log"));
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Lock gate = new();
        void Note(string? line)
        {
            lock (gate)
            {
                if (line is not null) // null: the end
                {
                    log.WriteLine(line);
                }
            }
        }

        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancellation.Register(() => process.Kill(entireProcessTree: true)))
        {
            process.WaitForExit();
        }

        if (cancellation.IsCancellationRequested)
        {
            job.RemoveAttempts(part, process.Id);
            throw new OperationCanceledException(cancellation);
        }

        return process.ExitCode == 0;
    }

    private static StreamWriter OpenLog(string path)
    {
        try
        {
            return new(path);
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Writing", path, error);
        }
    }
}
