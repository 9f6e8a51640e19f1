using System.Collections.Concurrent;
using System.Globalization;
using Spectre.Console;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>A bar of a job's parts, on a terminal; a line every few seconds elsewhere.</summary>
internal static class PartsBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), LineInterval = TimeSpan.FromSeconds(10);

    /// <summary>Shows it until all parts are finished.</summary>
    public static void Watch(JobFolder job, CancellationToken cancellation)
    {
        // Looking again reads only what is new: a job may have as many records as a storage serves in ten seconds.
        ConcurrentDictionary<int, MadePart> known = new();
        if (Console.IsErrorRedirected)
        {
            for (JobStatus status = JobStatus.Of(job, known); !IsOver(status); status = JobStatus.Of(job, known))
            {
                Console.Error.WriteLine($"framefilter: {Text(status)}");
                cancellation.WaitHandle.WaitOne(LineInterval);
                cancellation.ThrowIfCancellationRequested();
            }

            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new TaskDescriptionColumn()).Start(context =>
        {
            ProgressTask task = context.AddTask("parts", maxValue: job.Plan.Parts);
            for (JobStatus status = JobStatus.Of(job, known); !IsOver(status); status = JobStatus.Of(job, known))
            {
                task.Value = Math.Min(status.Done, job.Plan.Parts - 0.5);
                task.Description = Markup.Escape(Text(status));
                cancellation.WaitHandle.WaitOne(Interval);
                cancellation.ThrowIfCancellationRequested();
            }
        });
    }

    private static bool IsOver(JobStatus status) => status.Done == status.Parts;

    private static string Text(JobStatus status) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.Done} of {status.Parts} parts, {status.Failed.Count} failed, {status.FramesPerSecond ?? 0:0.0} frames/s");
}
