namespace AdaConv.Model;

/// <summary>Networks run by the engine's own kernels: the default everywhere.</summary>
public static class EngineExecutor
{
    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <exception cref="ModelException">The weights cannot be used, or the options ask for what the engine has not.</exception>
    public static TiledInterpolator Load(string weightsPath, InterpolatorOptions options) => Create(NetworkWeights.Load(weightsPath), options);

    /// <summary>Makes an interpolator of weights.</summary>
    /// <exception cref="ModelException">The options ask for what the engine has not.</exception>
    public static TiledInterpolator Create(NetworkWeights weights, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        return new(new EngineNetwork(weights, options), options);
    }
}
