using AdaConv.Conversion;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Verification;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Batch;

/// <summary>Converts single videos of a batch: skips what is done, and turns every failure into a result.</summary>
/// <param name="options">The settings.</param>
/// <param name="share">The settings as several at a time carry them out.</param>
/// <param name="files">Where models lie.</param>
/// <param name="log">What is done.</param>
/// <param name="deletesOriginals">Whether each original is deleted once its output is verified; then the options ask for that.</param>
internal sealed class BatchWork(FilterOptions options, FilterOptions share, ApplicationFiles files, BatchLog log, bool deletesOriginals = false)
{
    /// <summary>How often a video may crash the program before it is skipped.</summary>
    private const int MostBegun = 3;

    private readonly string _settings =
        OptionsFingerprint.Of(options, InterpolatorFactory.WeightsOf(options.Interpolation, files.Models));

    /// <summary>What would happen to a video now: skipped, failed (with a reason), or null where it would be converted.</summary>
    /// <param name="item">The video.</param>
    /// <param name="retry">Whether one that failed is tried once more.</param>
    /// <param name="content">Its content.</param>
    public BatchResult? Foresee(BatchItem item, bool retry, out string? content)
    {
        content = null;
        if (item.Problem is { } problem)
        {
            return new(item, BatchOutcome.Failed, null, problem);
        }

        try
        {
            if (FileName.IsNotUnicode(item.Input))
            {
                return new(item, BatchOutcome.Failed, null, FileName.NotUnicode);
            }

            if (RealPath.LengthOf(item.Input) == 0)
            {
                // Reading a pipe that somebody left here would wait for ever.
                return new(item, BatchOutcome.Failed, null, BatchItem.WhyEmpty(item.Input));
            }

            content = ContentIdentity.Of(item.Input).ToString();
            BatchEntry? last = log.Find(item.Name);
            bool same = last?.Content == content && last.Settings == _settings;
            FileInfo output = new(item.Output);
            if (same && last!.Event == "done" && output.Exists && output.Length == last.OutputBytes)
            {
                return new(item, BatchOutcome.Skipped, null, null);
            }

            if (same && last!.Event == "failed" && !retry)
            {
                return new(item, BatchOutcome.Failed, null, last.Error);
            }

            if (log.Begun(item.Name) >= MostBegun && !options.Conversion.Overwrite)
            {
                return new(item, BatchOutcome.Failed, null, $"it crashed the program {log.Begun(item.Name)} times and is skipped; -y tries it again");
            }

            return output.Exists && !options.Conversion.Overwrite
                ? new(item, BatchOutcome.Failed, null, $"{item.OutputName} already exists, but not from this content with these settings; -y replaces it")
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(item, BatchOutcome.Failed, null, error.Message);
        }
    }

    /// <summary>What a run would do with a video, one that failed before included; nothing is written.</summary>
    /// <param name="item">The video.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The result where no conversion would bring one; the plan of the conversion otherwise, also where that would be refused.</returns>
    public (BatchResult? Settled, ConversionPlan? Plan) Plan(BatchItem item, CancellationToken cancellation)
    {
        if (Foresee(item, retry: true, out _) is { } settled)
        {
            return (settled, null);
        }

        try
        {
            ConversionPlan plan = new VideoConverter(share, files.Models).PlanForNewFolder(item.Input, item.Output, cancellation);
            return (plan.Problems is [var problem, ..] ? new(item, BatchOutcome.Failed, null, problem.Message) : null, plan);
        }
        catch (MediaException error)
        {
            return (new(item, BatchOutcome.Failed, null, error.Message), null);
        }
    }

    /// <summary>Converts a video unless it is done.</summary>
    /// <param name="item">The video.</param>
    /// <param name="retry">Whether one that failed before is tried once more.</param>
    /// <param name="begin">Called when a conversion starts; what it returns receives the progress.</param>
    /// <param name="cancellation">Ends it.</param>
    public BatchResult Process(BatchItem item, bool retry, Func<FileDisplay> begin, CancellationToken cancellation)
    {
        if (Foresee(item, retry, out string? content) is { } settled)
        {
            return settled.Outcome == BatchOutcome.Skipped && IsUnfinished(log.Find(item.Name)!) ? Complete(item, content!, begin, cancellation) : settled;
        }

        BatchEntry entry = new() { Event = "begun", Input = item.Name, Output = item.OutputName, Content = content, Settings = _settings };
        FileDisplay? display = null;
        try
        {
            display = begin();
            Log(entry);
            DurableStore.CreateFolder(Path.GetDirectoryName(item.Output)!);
            ConversionResult result;

            // Noted at once: where a prediction takes long, the process ends before the conversion does.
            using (cancellation.Register(() => Log(entry with { Event = "interrupted" })))
            {
                result = new VideoConverter(share, files.Models).Convert(item.Input, item.Output, display, display.Message, cancellation);
            }

            Log(entry with
            {
                Event = "done",
                OutputBytes = new FileInfo(item.Output).Length,
                FramesIn = result.FramesIn,
                FramesOut = result.FramesOut,
                Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
                Verified = options.Conversion.Verify ? true : null,
            });
            DeleteOriginal(item, content!, display);
            return new(item, BatchOutcome.Done, result, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(item, BatchOutcome.Unfinished, null, null);
        }
#pragma warning disable CA1031 // One bad file never stops the rest.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ErrorReport.Debug(error);
            string words = ErrorReport.Describe(error);
            Log(entry with { Event = "failed", Error = words });
            return new(item, BatchOutcome.Failed, null, words);
        }

        void Log(BatchEntry line) => Add(line, display);
    }

    private void Add(BatchEntry line, FileDisplay? display)
    {
        log.Add(line with { Time = DateTimeOffset.Now });
        if (log.TakeProblem() is { } problem)
        {
            display?.Message(problem);
        }
    }

    // An output of an earlier run that did not verify it, or was ended before it deleted the original.
    private bool IsUnfinished(BatchEntry done) => (options.Conversion.Verify && done.Verified != true) || deletesOriginals;

    private BatchResult Complete(BatchItem item, string content, Func<FileDisplay> begin, CancellationToken cancellation)
    {
        BatchEntry done = log.Find(item.Name)!;
        FileDisplay display = begin();
        try
        {
            if (done.Verified != true)
            {
                VerificationReport report = new ConversionVerifier(share).Verify(item.Input, item.Output, cancellation);
                if (!report.Held)
                {
                    string words = $"{item.OutputName} is not what was promised: {report.Summary}; -y converts it again";
                    Add(done with { Event = "failed", Error = words }, display);
                    return new(item, BatchOutcome.Failed, null, words);
                }

                display.Message($"Verified: {report.Summary}.");
                Add(done with { Verified = true }, display);
            }

            DeleteOriginal(item, content, display);
            return new(item, BatchOutcome.Skipped, null, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(item, BatchOutcome.Unfinished, null, null);
        }
        catch (Exception error) when (error is AdaConvException or IOException or UnauthorizedAccessException)
        {
            ErrorReport.Debug(error);
            return new(item, BatchOutcome.Failed, null, ErrorReport.Describe(error));
        }
    }

    // Only what was converted and verified: the content that the log names, behind no link.
    private void DeleteOriginal(BatchItem item, string content, FileDisplay display)
    {
        if (!deletesOriginals)
        {
            return;
        }

        try
        {
            BatchEntry done = log.Find(item.Name)!;
            FileInfo original = new(item.Input);
            string? why = done is not { Event: "done", Verified: true } ? "the output was not verified"
                : original.LinkTarget is not null ? "it is a link"
                : ContentIdentity.Of(item.Input).ToString() != content ? "it has changed meanwhile"
                : null;
            if (why is not null)
            {
                display.Message($"{item.Name} is not deleted: {why}.");
                return;
            }

            DurableStore.Remove(item.Input);
            Add(done with { OriginalDeleted = true }, display);
        }
        catch (Exception error) when (error is StorageException or IOException or UnauthorizedAccessException)
        {
            // The video is done all the same.
            display.Message($"{item.Name} is not deleted: {(error as StorageException)?.Problem ?? error.Message.TrimEnd('.')}.");
        }
    }
}

/// <summary>One video of a batch.</summary>
/// <param name="Name">Its path inside the input folder, with forward slashes.</param>
/// <param name="Input">Its full path.</param>
/// <param name="OutputName">The output's path inside the output folder, with forward slashes.</param>
/// <param name="Output">The output's full path.</param>
public sealed record BatchItem(string Name, string Input, string OutputName, string Output)
{
    /// <summary>Why it cannot be converted to there; null where nothing speaks against it.</summary>
    public string? Problem { get; init; }

    /// <summary>Why nothing can be read from an input of no length.</summary>
    internal static string WhyEmpty(string input) =>
        RealPath.MissingTarget(input) is { } target ? $"it is a link to {target}, and there is no such file" : "it is empty, or a pipe";
}

/// <summary>The outcome for one video, and why.</summary>
/// <param name="Item">The video.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Conversion">What the conversion did, where there was one.</param>
/// <param name="Error">Why it failed.</param>
public sealed record BatchResult(BatchItem Item, BatchOutcome Outcome, ConversionResult? Conversion, string? Error);

/// <summary>The outcome for a video.</summary>
public enum BatchOutcome
{
    /// <summary>It was converted.</summary>
    Done,

    /// <summary>An earlier run has converted the same content with the same settings.</summary>
    Skipped,

    /// <summary>It could not be converted.</summary>
    Failed,

    /// <summary>The run was interrupted before it was done.</summary>
    Unfinished,
}
