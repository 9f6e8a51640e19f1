using AdaConv.Model;
using Microsoft.ML.OnnxRuntime;

namespace AdaConv.OnnxRuntime;

/// <summary>ONNX Runtime as what runs networks: on the processor, and on whatever its build has a provider for.</summary>
public sealed class OnnxExecutor : IOnnxExecutor
{
    private readonly Lazy<(string Version, string[] Providers, string? Problem)> _runtime = new(Look);

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            var (version, providers, problem) = _runtime.Value;
            return problem ?? $"ONNX Runtime {version} for {string.Join(", ", Devices.Select(NetworkExecutors.WordOf))}"
                + (providers.Length == 0 ? "" : $" ({string.Join(", ", providers)})");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ComputeDevice> Devices => _runtime.Value.Problem is null
        ? [.. Enum.GetValues<ComputeDevice>().Where(device => OnnxProvider.Of(device) is { } provider && _runtime.Value.Providers.Contains(provider.Name))]
        : [];

    /// <inheritdoc/>
    public string? WhyNot(ComputeDevice device)
    {
        var (version, _, problem) = _runtime.Value;
        OnnxProvider provider = OnnxProvider.Of(device) ?? throw new ArgumentOutOfRangeException(nameof(device), device, "ONNX Runtime is not asked for.");
        return problem is not null || Devices.Contains(device)
            ? problem
            : $"This build's ONNX Runtime {version} has {string.Join(", ", Devices.Select(NetworkExecutors.WordOf))} only. {provider.Remedy}";
    }

    /// <inheritdoc/>
    public TiledInterpolator Load(string weightsPath, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(NetworkWeights.Load(weightsPath), options);
    }

    /// <summary>Makes an interpolator of weights.</summary>
    /// <exception cref="ModelException">The device cannot be used, or the options ask for what it has not.</exception>
    public static TiledInterpolator Create(NetworkWeights weights, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        return new(new OnnxTileNetwork(weights, options), options);
    }

    private static (string Version, string[] Providers, string? Problem) Look()
    {
        try
        {
            OrtEnv environment = OrtEnv.Instance();
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL; // its errors come as exceptions
            return (environment.GetVersionString(), environment.GetAvailableProviders(), null);
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return ("", [], $"ONNX Runtime's library cannot be loaded: {(error.InnerException ?? error).Message}");
        }
    }
}
