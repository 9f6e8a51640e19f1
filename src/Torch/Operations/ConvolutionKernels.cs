using AdaConv.Engine;
using AdaConv.Engine.Convolution;

namespace AdaConv.Torch;

/// <summary>
/// A layer's convolution and its gradients by the engine's kernels, each made when it is first needed; their memory for packed weights serves every step.
/// </summary>
internal sealed class ConvolutionKernels(ConvolutionShape shape, EngineOptions options) : IDisposable
{
    private Convolution3x3? _forward;
    private ConvolutionGradient3x3? _backward;

    /// <summary>What is computed.</summary>
    public ConvolutionShape Shape => shape;

    /// <summary>Threads at most.</summary>
    public int Threads => options.ResolveThreads();

    /// <summary>The convolution.</summary>
    public Convolution3x3 Forward => _forward ??= Convolution3x3.Create(shape, options.ResolveLevel());

    /// <summary>Its gradients.</summary>
    public ConvolutionGradient3x3 Backward => _backward ??= ConvolutionGradient3x3.Create(shape, options.ResolveLevel());

    /// <inheritdoc/>
    public void Dispose()
    {
        _forward?.Dispose();
        _backward?.Dispose();
    }
}
