using AdaConv.Model;

namespace AdaConv.Torch;

/// <summary>Networks run by libtorch: on CUDA devices, and for training.</summary>
public static class TorchExecutor
{
    /// <summary>Whether this processor has instructions for bfloat16 products (AVX512-BF16 or AMX-BF16).</summary>
    public static bool HasFastBFloat16 => ProcessorDevice.HasFastBFloat16;

    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <exception cref="ModelException">The weights or the device cannot be used, or libtorch cannot be loaded.</exception>
    public static TiledInterpolator Load(string weightsPath, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(TorchWeights.Load(weightsPath), options, DeviceChoice.Open, ownsNetwork: true);
    }

    /// <summary>Creates a network with fresh weights, to train.</summary>
    /// <param name="configuration">What the layers are built by.</param>
    /// <param name="seed">The weights are those of this seed, whatever else the process draws; null: any.</param>
    /// <exception cref="ModelException">The configuration is not valid.</exception>
    public static TorchNetwork CreateNetwork(this NetworkConfiguration configuration, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new TorchNetwork(configuration, seed);
    }

    /// <summary>Makes an interpolator of a network, which stays the caller's, and moves it to the device.</summary>
    /// <exception cref="ModelException">The device or the number type asked for is not to be had.</exception>
    public static TiledInterpolator Create(TorchNetwork network, InterpolatorOptions? options = null) =>
        Create(network, options ?? new(), DeviceChoice.Open, ownsNetwork: false);

    /// <summary>The same on a device of its own, which becomes the interpolator's.</summary>
    internal static TiledInterpolator Create(TorchNetwork network, InterpolatorOptions options, NetworkDevice device) =>
        Create(network, options, (_, _) => device, ownsNetwork: false);

    private static TiledInterpolator Create(
        TorchNetwork network, InterpolatorOptions options, Func<InterpolatorOptions, Action<string>, NetworkDevice> open, bool ownsNetwork)
    {
        ArgumentNullException.ThrowIfNull(network);
        TorchRuntime.Initialize(options.Threads);
        List<string> notes = [];
        TorchTileNetwork placed;
        try
        {
            placed = new(network, options, open(options, notes.Add), ownsNetwork);
        }
        catch when (ownsNetwork)
        {
            network.Dispose();
            throw;
        }

        return new(placed, options, notes);
    }
}
