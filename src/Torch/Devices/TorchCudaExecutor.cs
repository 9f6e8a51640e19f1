using AdaConv.Model;

namespace AdaConv.Torch;

/// <summary>libtorch as what runs networks on CUDA devices.</summary>
public sealed class TorchCudaExecutor : ICudaExecutor
{
    /// <inheritdoc/>
    public string Description
    {
        get
        {
            TorchRuntime.Initialize();
            return $"libtorch {TorchRuntime.Version}, from {TorchRuntime.Directory}";
        }
    }

    /// <inheritdoc/>
    public string? Problem => DeviceChoice.BuildProblem;

    /// <inheritdoc/>
    public TiledInterpolator Load(string weightsPath, InterpolatorOptions options) => TorchExecutor.Load(weightsPath, options);

    /// <inheritdoc/>
    public bool Test(string weightsPath, Action<string> write) => NetworkSelfTest.Run(weightsPath, write);
}
