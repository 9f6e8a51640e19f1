using System.Globalization;
using AdaConv.FrameFilter.Pipeline;

namespace AdaConv.FrameFilter.Commands;

/// <summary>Shows a conversion on stderr; stdout stays free for the output's bytes.</summary>
internal abstract class ConversionDisplay(Verbosity verbosity) : IProgress<ConversionProgress>, IDisposable
{
    /// <summary>A bar on a terminal, lines elsewhere, nothing when quiet.</summary>
    public static ConversionDisplay Create(Verbosity verbosity)
    {
        bool terminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return verbosity == Verbosity.Quiet ? new LineDisplay(verbosity)
            : terminal ? new BarDisplay(verbosity)
            : new LineDisplay(verbosity);
    }

    protected Verbosity Verbosity { get; } = verbosity;

    /// <inheritdoc/>
    public abstract void Report(ConversionProgress value);

    /// <summary>Runs the work with the display on.</summary>
    public virtual ConversionResult Run(Func<ConversionResult> work) => work();

    /// <summary>A note or a warning on the way.</summary>
    public void Message(string text)
    {
        if (Verbosity != Verbosity.Quiet)
        {
            WriteLine($"framefilter: {text}");
        }
    }

    /// <summary>The last line, and all the counts when verbose.</summary>
    public void Finish(string output, ConversionResult result)
    {
        if (Verbosity == Verbosity.Quiet)
        {
            return;
        }

        double rate = result.FramesOut / Math.Max(result.Elapsed.TotalSeconds, 1e-3);
        WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"framefilter: {output}: {result.FramesOut} frames at {result.OutputRate} per second from {result.FramesIn} at {result.InputRate}, in {Time(result.Elapsed)} ({rate:0.0} frames/s)."));
        if (Verbosity == Verbosity.Verbose)
        {
            WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"framefilter: {result.FramesInterpolated} predicted, {result.FramesRepeated} repeated, {result.SceneCuts} cuts, {result.CopiedPackets} packets copied, {result.DamagedPackets} damaged; {result.Encoder}, {result.PixelFormat}, {Time(result.Duration)} long."));
        }
    }

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

    /// <summary>A time as m:ss or h:mm:ss.</summary>
    protected static string Time(TimeSpan time) => time.ToString(
        time < TimeSpan.FromHours(1) ? @"m\:ss" : time < TimeSpan.FromDays(1) ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
