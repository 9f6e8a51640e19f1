using AdaConv.FrameFilter.Configuration;
using AdaConv.Model;

namespace AdaConv.FrameFilter;

/// <summary>Options → the interpolator.</summary>
internal static class InterpolatorFactory
{
    /// <summary>The interpolator; a network's weights are loaded in the background, while the input is being opened.</summary>
    /// <exception cref="ConfigurationException">The model does not exist.</exception>
    public static IFrameInterpolator Create(InterpolationOptions options, ApplicationFiles files)
    {
        if (options.Method == InterpolationMethod.Average)
        {
            return new AveragingInterpolator();
        }

        string weights = FindWeights(options.Model, files);
        return new DeferredInterpolator(() => LoadNetwork(weights, options));
    }

    /// <summary>The file of a model's name; a path stands for itself.</summary>
    internal static string FindWeights(string model, ApplicationFiles files)
    {
        if (Path.IsPathRooted(model))
        {
            return File.Exists(model) ? model : throw new ConfigurationException($"The model file {model} does not exist.");
        }

        string path = Path.Combine(files.Models, model + ".safetensors");
        if (File.Exists(path))
        {
            return path;
        }

        string[] models = Directory.Exists(files.Models)
            ? [.. Directory.EnumerateFiles(files.Models, "*.safetensors").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
            : [];
        string known = models.Length == 0 ? "none" : string.Join(", ", models);
        throw new ConfigurationException(
            $"There is no model '{model}'{Suggestion.For(model, models)} in {files.Models}; there are: {known}. Give a name or the path of a .safetensors file.");
    }

    private static IFrameInterpolator LoadNetwork(string weights, InterpolationOptions options) =>
        throw new ConfigurationException($"{weights}: this build has no network yet; take --method average ({options.Device}).");
}
