using System.Diagnostics;
using System.Globalization;
using AdaConv.Conversion.Pipeline;

namespace AdaConv.FrameFilter.Display;

/// <summary>A plain line every few seconds: for logs, pipes and terminals without a cursor.</summary>
internal sealed class LineDisplay(Verbosity verbosity) : ConversionDisplay(verbosity)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private long _last = Stopwatch.GetTimestamp();

    public override void Show(FileDisplay file, ConversionProgress progress)
    {
        if (Verbosity == Verbosity.Quiet || Stopwatch.GetElapsedTime(_last) < s_interval)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        string expected = progress.FramesExpected is { } frames ? string.Create(CultureInfo.InvariantCulture, $" of {frames}") : string.Empty;
        string left = progress.Remaining is { } remaining ? $", {Time(remaining)} left" : string.Empty;
        WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"framefilter: {Name(file)}{progress.FramesOut}{expected} frames, {progress.FramesPerSecond:0.0} frames/s{left}"));
    }
}
