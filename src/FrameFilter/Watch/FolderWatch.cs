using AdaConv.Conversion.Pipeline;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Display;
using AdaConv.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdaConv.FrameFilter.Watch;

/// <summary>
/// The service that converts new files of a folder: scans it at intervals and when the system reports a change, waits until a
/// file is complete, converts it as a batch does, and reports one line per file. The output folder's log tells it what is done.
/// </summary>
internal sealed partial class FolderWatch(
    BatchOptions batch, WatchOptions options, Func<BatchLog, BatchWork> createWork, ILogger<FolderWatch> logger) : BackgroundService
{
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly FileSettling _settling = new(options.Settle, TimeProvider.System);

    // Length and time of files that need no further look.
    private readonly Dictionary<string, (long Length, DateTime Written)> _settled = [];
    private volatile bool _working;
    private string? _lastProblem;

    /// <summary>Whether a conversion is running.</summary>
    public bool IsWorking => _working;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DurableStore.CreateFolder(batch.Output);
        using BatchLog log = BatchLog.Open(batch.Output, write: true);
        BatchWork work = createWork(log);
        using FileSystemWatcher? watcher = Watch();
        LogStarted(Printable.Of(batch.Input), Printable.Of(batch.Output));
        while (!stoppingToken.IsCancellationRequested)
        {
            bool waiting = await Task.Factory.StartNew(
                () => LookThrough(log, work, stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            // A file that may still grow is checked again when it could be complete.
            TimeSpan pause = waiting && options.Settle < options.Interval ? options.Settle : options.Interval;
            await ((Task)_changed.WaitAsync(pause, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Converts what is complete; true where something is not yet.
    private bool LookThrough(BatchLog log, BatchWork work, CancellationToken stopping)
    {
        BatchScan scan;
        try
        {
            scan = BatchScan.Of(batch);
            Tell(scan.Problems.Count > 0 ? scan.Problems[0] : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Tell(error.Message);
            return false;
        }

        List<BatchItem> items = BatchNames.Assign(scan, batch, log);
        _settling.Forget(items.Select(item => item.Input).ToHashSet());
        bool waiting = false;
        foreach (BatchItem item in items)
        {
            if (stopping.IsCancellationRequested)
            {
                return false;
            }

            FileInfo file = new(item.Input);
            (long Length, DateTime Written) state = file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
            bool isUnreachable = !file.Exists && FileName.IsNotUnicode(item.Input); // refused by its name, and not in silence
            if ((!file.Exists && !isUnreachable) || (_settled.TryGetValue(item.Input, out var settled) && settled == state))
            {
                continue;
            }

            if (!isUnreachable && !_settling.IsComplete(item.Input))
            {
                waiting = true;
                continue;
            }

            _working = true;
            BatchResult result = work.Process(item, retry: false, () => new LogDisplay(logger).Begin(item.Name, item.OutputName), stopping);
            _working = false;
            if (result.Outcome != BatchOutcome.Unfinished)
            {
                _settled[item.Input] = state;
            }

            Tell(result);
        }

        return waiting;
    }

    private void Tell(BatchResult result)
    {
        string input = Printable.Of(result.Item.Name), output = Printable.Of(result.Item.OutputName);
        switch (result.Outcome)
        {
            case BatchOutcome.Done:
                LogDone(input, output, result.Conversion!.FramesOut, result.Conversion.Elapsed.TotalSeconds);
                break;
            case BatchOutcome.Skipped:
                LogSkipped(input, output);
                break;
            case BatchOutcome.Failed:
                LogFailed(input, Printable.Of(result.Error ?? ""));
                break;
            default:
                LogUnfinished(input);
                break;
        }
    }

    private void Tell(string? problem)
    {
        if (problem is not null && problem != _lastProblem)
        {
            LogProblem(Printable.Of(problem));
        }

        _lastProblem = problem;
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            FileSystemWatcher watcher = new(batch.Input) { IncludeSubdirectories = true };
            watcher.Created += (_, _) => Wake();
            watcher.Renamed += (_, _) => Wake();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Too many watches, or a drive that reports nothing: the interval is enough.
            LogProblem(error.Message);
            return null;
        }
    }

    private void Wake()
    {
        try
        {
            _changed.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake already, or ends.
        }
    }

    [LoggerMessage(LogLevel.Information, "watching {Input}, writing to {Output}")]
    private partial void LogStarted(string input, string output);

    [LoggerMessage(LogLevel.Information, "done: {Input} -> {Output}, {Frames} frames in {Seconds:0.0} s")]
    private partial void LogDone(string input, string output, long frames, double seconds);

    [LoggerMessage(LogLevel.Information, "done before: {Input} -> {Output}")]
    private partial void LogSkipped(string input, string output);

    [LoggerMessage(LogLevel.Error, "failed: {Input}: {Error}")]
    private partial void LogFailed(string input, string error);

    [LoggerMessage(LogLevel.Information, "stopped during: {Input}; the next start resumes it")]
    private partial void LogUnfinished(string input);

    [LoggerMessage(LogLevel.Warning, "{Problem}")]
    private partial void LogProblem(string problem);
}

/// <summary>How a folder is watched.</summary>
/// <param name="Interval">How often it is scanned, besides the system's reports of changes.</param>
/// <param name="Settle">How long a file must stay unchanged to count as complete.</param>
public sealed record WatchOptions(TimeSpan Interval, TimeSpan Settle);

/// <summary>A service's display: nothing but notes, and these at the level of details.</summary>
internal sealed partial class LogDisplay(ILogger logger) : ConversionDisplay(Verbosity.Normal)
{
    public override void Show(FileDisplay file, ConversionProgress progress)
    {
    }

    public override void Tell(FileDisplay file, string text) => LogNote(Printable.Of(file.Input), Printable.Of(text));

    [LoggerMessage(LogLevel.Information, "{Input}: {Text}")]
    private partial void LogNote(string input, string text);
}
