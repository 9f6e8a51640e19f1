using AdaConv.FrameFilter.Media;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>Doubles the frame rate of one file: decode ∥ predict ∥ encode.</summary>
/// <param name="interpolator">Predicts the new frames; used from one thread at a time.</param>
public sealed class InterpolationPipeline(IFrameInterpolator interpolator)
{
    /// <summary>Converts one file. Returns when the output stands whole under its name.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="output">The file to write; appears only when complete.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="progress">Told a few times a second, from another thread.</param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread.</param>
    /// <param name="cancellation">Ends the conversion within two seconds and leaves nothing behind.</param>
    /// <exception cref="MediaException">Anything that went wrong with the files; its message is for the user.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ConversionResult Run(
        string input,
        string output,
        ConversionOptions options,
        IProgress<ConversionProgress>? progress = null,
        Action<string>? message = null,
        CancellationToken cancellation = default)
    {
        _ = interpolator;
        throw new MediaException("Converting", input, "the media part has not landed on this branch yet");
    }
}
