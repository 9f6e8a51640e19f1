using AdaConv.Conversion.Options;
using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Conversion.Interpolation;

/// <summary>Options → the interpolator.</summary>
internal static class InterpolatorFactory
{
    /// <summary>The interpolator; a network is loaded beside other work.</summary>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine lacks what is asked for.</exception>
    public static IFrameInterpolator Create(InterpolationOptions options, string models)
    {
        if (options.Method == InterpolationMethod.Average)
        {
            return new AveragingInterpolator();
        }

        if (NetworkExecutors.WhyNot(options.Network.Device) is { } problem)
        {
            throw new ConfigurationException(
                $"The device {NetworkExecutors.WordOf(options.Network.Device)} cannot be used. {problem} --device auto or cpu uses the CPU.");
        }

        CheckKernels(options.Network.Kernels);
        if (options.Network.MemoryLimit is not null)
        {
            FreedMemory.GiveBackLargeBlocks();
        }

        string weights = FindWeights(options.Model, models);
        return new LazyInterpolator(() => NetworkExecutors.Load(weights, options.Network).ForAnyTime(), atOnce: NetworkExecutors.Cuda is null);
    }

    /// <summary>Makes the interpolator and lets it go, with all that it loads: tells what its first frame would tell otherwise.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="models">The folder of the weights.</param>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine lacks what is asked for.</exception>
    /// <exception cref="ModelException">The weights cannot be used, or the device has no such number type.</exception>
    public static void Check(InterpolationOptions options, string models)
    {
        IFrameInterpolator interpolator = Create(options, models);
        using (interpolator as IDisposable)
        {
            (interpolator as LazyInterpolator)?.Load();
        }
    }

    /// <summary>The file of the weights; null where the method has none.</summary>
    /// <exception cref="ConfigurationException">The model does not exist.</exception>
    public static string? WeightsOf(InterpolationOptions options, string models) =>
        options.Method == InterpolationMethod.Network ? FindWeights(options.Model, models) : null;

    // The file of a model's name; a path stands for itself.
    private static string FindWeights(string model, string folder)
    {
        if (Path.IsPathRooted(model))
        {
            return File.Exists(model) ? model : throw new ConfigurationException($"The model file {model} does not exist.");
        }

        string path = Path.Combine(folder, model + ".safetensors");
        if (File.Exists(path))
        {
            return path;
        }

        string[] models = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.safetensors").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
            : [];
        string known = models.Length == 0 ? "none" : string.Join(", ", models);
        throw new ConfigurationException(
            $"There is no model '{model}'{Suggestion.For(model, models)} in {folder}; there are: {known}. Use a name, or the path of a .safetensors file.");
    }

    private static void CheckKernels(KernelLevel? level)
    {
        try
        {
            new EngineOptions(level).ResolveLevel();
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }
}
