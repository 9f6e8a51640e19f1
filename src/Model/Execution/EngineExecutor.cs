namespace AdaConv.Model;

/// <summary>Networks run by the engine's own kernels: the default everywhere.</summary>
public static class EngineExecutor
{
    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <param name="weightsPath">The file.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="notes">What the user should know already.</param>
    /// <exception cref="ModelException">The weights cannot be used, or the options ask for what the engine has not.</exception>
    public static TiledInterpolator Load(string weightsPath, InterpolatorOptions options, params IEnumerable<string> notes)
    {
        ArgumentNullException.ThrowIfNull(options);
        FileInfo file = new(weightsPath);
        if (options.MemoryLimit is { } limit && file.Exists && file.Length > limit)
        {
            throw new ModelException(
                $"The weights {weightsPath} are {file.Length >> 20} MiB long, more than the memory limit of {limit >> 20} MiB. Allow more memory, or use a "
                + "smaller network.");
        }

        return Create(NetworkWeights.Load(weightsPath, network => KernelWarmUp.Begin(network, options)), options, notes);
    }

    /// <summary>Makes an interpolator of weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="notes">What the user should know already.</param>
    /// <exception cref="ModelException">The options ask for what the engine has not.</exception>
    public static TiledInterpolator Create(NetworkWeights weights, InterpolatorOptions options, params IEnumerable<string> notes)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        return new(new EngineNetwork(weights, options), options, notes);
    }
}
