using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Pipeline;
using AdaConv.Model;

namespace AdaConv.FrameFilter;

/// <summary>
/// Options → a conversion: puts interpolator and pipeline together. What the command line does is this class and nothing else,
/// so that another program can do the same: <c>new VideoConverter(new FilterOptions()).Convert("in.mp4", "out.mp4")</c>.
/// </summary>
/// <param name="options">All settings.</param>
/// <param name="files">Where models lie; null: beside the application.</param>
public sealed class VideoConverter(FilterOptions options, ApplicationFiles? files = null)
{
    /// <summary>Converts one file; returns when the output stands whole under its name.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="progress">Told a few times a second, from another thread.</param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread.</param>
    /// <param name="cancellation">Ends the conversion and leaves nothing behind.</param>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine lacks what is asked for.</exception>
    /// <exception cref="Media.MediaException">Something went wrong with the files.</exception>
    /// <exception cref="ModelException">The weights cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ConversionResult Convert(
        string input,
        string output,
        IProgress<ConversionProgress>? progress = null,
        Action<string>? message = null,
        CancellationToken cancellation = default)
    {
        var network = options.Interpolation.Network with { HeldFrames = options.Conversion.Timing.HeldFrames };
        var places = files ?? ApplicationFiles.Find();
        var interpolator = InterpolatorFactory.Create(options.Interpolation with { Network = network }, places);
        string identity = SettingsFingerprint.Of(options, InterpolatorFactory.WeightsOf(options.Interpolation, places));
        using (interpolator as IDisposable)
        {
            return new InterpolationPipeline(interpolator, identity).Run(input, output, options.Conversion, progress, message, cancellation);
        }
    }
}
