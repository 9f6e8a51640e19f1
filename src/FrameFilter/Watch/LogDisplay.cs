using AdaConv.Conversion.Pipeline;
using AdaConv.FrameFilter.Commands;
using Microsoft.Extensions.Logging;

namespace AdaConv.FrameFilter.Watch;

/// <summary>A service's display: nothing but notes, and these at the level of details.</summary>
internal sealed partial class LogDisplay(ILogger logger) : ConversionDisplay(Verbosity.Normal)
{
    public override void Show(FileDisplay file, ConversionProgress progress)
    {
    }

    public override void Tell(FileDisplay file, string text) => LogNote(file.Input, text);

    [LoggerMessage(LogLevel.Debug, "{Input}: {Text}")]
    private partial void LogNote(string input, string text);
}
