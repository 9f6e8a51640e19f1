using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Batch;

/// <summary>What would make every file of a folder fail is told before the first, as <c>convert</c> tells it.</summary>
internal static class BatchStart
{
    /// <summary>Checks that this FFmpeg writes files with the extension that is asked for; a container that is named goes before it.</summary>
    /// <exception cref="ConfigurationException">It does not.</exception>
    /// <exception cref="MediaException">FFmpeg is missing.</exception>
    public static void CheckExtension(BatchOptions batch, FilterOptions options)
    {
        if (batch.Extension is { } extension && options.Conversion.Container is null && ContainerChoice.ExtensionFor("x." + extension) != "." + extension)
        {
            throw new ConfigurationException(
                $"--extension {extension} does not name a container that this FFmpeg can write. Take mp4, mkv, mov or webm, or name the container by "
                + "--container.");
        }
    }

    /// <summary>Checks that the machine has the device, the kernels and the model that are asked for.</summary>
    /// <exception cref="ConfigurationException">It does not.</exception>
    public static void CheckMachine(FilterOptions options, ApplicationFiles files) =>
        (InterpolatorFactory.Create(options.Interpolation, files.Models) as IDisposable)?.Dispose();
}
