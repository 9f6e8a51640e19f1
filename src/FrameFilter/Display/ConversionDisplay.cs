using System.Globalization;
using AdaConv.Conversion.Pipeline;

namespace AdaConv.FrameFilter.Display;

/// <summary>Shows conversions on stderr; stdout stays free for the output's bytes. Called from any thread.</summary>
internal abstract class ConversionDisplay(Verbosity verbosity) : IDisposable
{
    /// <summary>JSON for programs; else a bar on a terminal, lines elsewhere, nothing when quiet.</summary>
    public static ConversionDisplay Create(Verbosity verbosity, ProgressFormat format)
    {
        bool terminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return format == ProgressFormat.Json ? new JsonDisplay(verbosity)
            : verbosity == Verbosity.Quiet || !terminal ? new LineDisplay(verbosity)
            : new BarDisplay(verbosity);
    }

    protected Verbosity Verbosity { get; } = verbosity;

    /// <summary>A file's conversion begins.</summary>
    public virtual FileDisplay Begin(string input, string output, int number = 1, int count = 1) => new(this, input, output, number, count);

    /// <summary>Runs the work with the display on.</summary>
    public virtual T Run<T>(Func<T> work) => work();

    /// <summary>A file's progress.</summary>
    public abstract void Show(FileDisplay file, ConversionProgress progress);

    /// <summary>A note or a warning on the way.</summary>
    public virtual void Tell(FileDisplay file, string text)
    {
        if (Verbosity != Verbosity.Quiet)
        {
            WriteLine($"framefilter: {Name(file)}{Printable.Of(text)}");
        }
    }

    /// <summary>A file's last line, and all the counts when verbose.</summary>
    public virtual void Finish(FileDisplay file, ConversionResult result)
    {
        if (Verbosity == Verbosity.Quiet)
        {
            return;
        }

        double rate = result.FramesOut / Math.Max(result.Elapsed.TotalSeconds, 1e-3);
        WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"framefilter: {Place(file)}{Printable.Of(file.Output)}: {Counted.Of(result.FramesOut, "frame")} at {result.OutputRate} per second from "
            + $"{result.FramesIn} at {result.InputRate}, in {Time(result.Elapsed)} ({rate:0.0} frames/s)."));
        if (Verbosity == Verbosity.Verbose)
        {
            WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"framefilter: {result.FramesInterpolated} predicted, {result.FramesRepeated} repeated, {Counted.Of(result.SceneCuts, "cut")}, "
                + $"{Counted.Of(result.CopiedPackets, "packet")} copied, {result.DamagedPackets} damaged; {result.Encoder}, {result.PixelFormat}, "
                + $"{Time(result.Duration)} long."));
        }
    }

    /// <summary>A file that could not be converted.</summary>
    public virtual void Fail(FileDisplay file, string error) => WriteLine($"framefilter: {Place(file)}error: {Printable.Of(error)}");

    /// <summary>The run was interrupted.</summary>
    public virtual void Interrupt() => WriteLine($"framefilter: {ErrorReport.Interrupted}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected virtual void WriteLine(string text) => Console.Error.WriteLine(text);

    /// <summary>"[3/12] " where there are several files.</summary>
    protected static string Place(FileDisplay file) =>
        file.Count == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"[{file.Number}/{file.Count}] ");

    /// <summary>"[3/12] a.mp4: " where there are several files.</summary>
    protected static string Name(FileDisplay file) => file.Count == 1 ? string.Empty : $"{Place(file)}{Printable.Of(file.Input)}: ";

    /// <summary>A time as m:ss or h:mm:ss.</summary>
    internal static string Time(TimeSpan time) => time.ToString(
        time < TimeSpan.FromHours(1) ? @"m\:ss" : time < TimeSpan.FromDays(1) ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}

/// <summary>One file's part of a display.</summary>
/// <param name="owner">The display.</param>
/// <param name="input">The input's name.</param>
/// <param name="output">The output's name.</param>
/// <param name="number">Its place among the files, from 1.</param>
/// <param name="count">How many files there are.</param>
internal sealed class FileDisplay(ConversionDisplay owner, string input, string output, int number, int count) : IProgress<ConversionProgress>
{
    public string Input => input;

    public string Output => output;

    public int Number => number;

    public int Count => count;

    /// <summary>The conversion's progress; null before the first report.</summary>
    public ConversionProgress? Progress { get; private set; }

    /// <inheritdoc/>
    public void Report(ConversionProgress value)
    {
        Progress = value;
        owner.Show(this, value);
    }

    /// <summary>A note or a warning on the way.</summary>
    public void Message(string text) => owner.Tell(this, text);
}

/// <summary>How much the program says on stderr.</summary>
internal enum Verbosity
{
    /// <summary>Errors.</summary>
    Quiet,

    /// <summary>Progress, warnings and a last line.</summary>
    Normal,

    /// <summary>All that is known.</summary>
    Verbose,
}

/// <summary>The form of progress on stderr.</summary>
internal enum ProgressFormat
{
    /// <summary>A bar on a terminal, a line every few seconds elsewhere.</summary>
    Auto,

    /// <summary>One JSON object per line; see docs/progress.md.</summary>
    Json,
}
