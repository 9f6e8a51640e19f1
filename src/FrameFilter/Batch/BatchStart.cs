using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Batch;

/// <summary>What would make every file of a folder fail is told before the first, as <c>convert</c> tells it.</summary>
internal static class BatchStart
{
    private const string Usual = "Take mp4, mkv, mov or webm";

    /// <summary>Checks that this FFmpeg writes video with the extension, the container, the encoder and the pixel format that are asked for.</summary>
    /// <param name="extension">The outputs' extension without its dot; null: each input's own. A container that is named goes before it.</param>
    /// <param name="conversion">Container, encoder and pixel format, where they are named.</param>
    /// <exception cref="ConfigurationException">It does not.</exception>
    /// <exception cref="MediaException">FFmpeg is missing.</exception>
    public static void CheckOutputs(string? extension, ConversionOptions conversion)
    {
        LibavLog.Install();
        if ((ProblemOfContainer(extension, conversion) ?? ProblemOfEncoder(extension, conversion) ?? ProblemOfFormat(conversion)) is { } problem)
        {
            throw new ConfigurationException(problem);
        }
    }

    /// <summary>Checks that the machine has the device, the kernels, the number type and the model that are asked for.</summary>
    /// <exception cref="ConfigurationException">It does not.</exception>
    public static void CheckMachine(FilterOptions options, ApplicationFiles files)
    {
        try
        {
            InterpolatorFactory.Check(options.Interpolation, files.Models);
        }
        catch (ModelException error)
        {
            throw new ConfigurationException(error.Message, error);
        }
    }

    private static string? ProblemOfContainer(string? extension, ConversionOptions conversion) =>
        conversion.Container is not { } container ? (extension is null ? null : ProblemOf(extension))
        : ContainerChoice.WhyNot(container, "x." + (extension ?? container)) is { } whyNot
            ? $"The container {container} cannot be taken for a folder: {whyNot}. {Usual}; `ffmpeg -muxers` lists all."
        : null;

    // Where each output has its input's extension, the encoder need only be there.
    private static string? ProblemOfEncoder(string? extension, ConversionOptions conversion) =>
        conversion.Encoder is { } encoder
            && EncoderChoice.WhyNot(encoder, conversion.Acceleration, conversion.Container, extension is null ? null : "x." + extension) is { } whyNot
            ? $"The encoder {encoder} cannot be taken: {whyNot}. `ffmpeg -encoders` lists all; .mkv supports nearly all of them."
            : null;

    private static string? ProblemOfFormat(ConversionOptions conversion) =>
        conversion.PixelFormat is { } format && PixelLayout.Named(format) is null
            ? $"The pixel format {format} cannot be taken: there is none of that name whose samples can be predicted. Take auto, yuv420p or yuv420p10le."
            : null;

    private static string? ProblemOf(string extension) =>
        ContainerChoice.ExtensionFor("x." + extension) != "." + extension
            ? $"--extension {extension} does not name a container that this FFmpeg can write. {Usual}, or name the container by --container."
        : ContainerChoice.WhyNot(null, "x." + extension) is { } whyNot ? $"--extension {extension} cannot be taken for a folder: {whyNot}. {Usual}."
        : null;
}
