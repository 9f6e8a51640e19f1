using AdaConv.Engine;
using AdaConv.Engine.Cuda;
using AdaConv.Model;
using AdaConv.Tests.Support.Cuda;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Devices;

/// <summary>
/// The way over a CUDA device without one: tensors stay on the processor, whose memory a driver that the tests build takes for its own; it
/// runs the kernels by their emulation and copies as late as the streams' order allows.
/// </summary>
internal static class FakeCuda
{
    /// <summary>A network's place on the device of a driver as new.</summary>
    public static CudaNetworkDevice Open(FakeDriver driver, InterpolatorOptions options)
    {
        driver.TakesHostMemory = true;
        return new CudaNetworkDevice(CudaDevice.Open(library: driver.LibraryPath), CPU, options);
    }

    /// <summary>A network with fixed weights whose flows and taps are far from their resting values.</summary>
    public static TorchNetwork Network(
        NetworkKind kind, int inputScale = 1, int coarsePasses = 0, WarpSampling sampling = WarpSampling.Bilinear)
    {
        manual_seed(7);
        TorchNetwork network = (kind == NetworkKind.Paper
            ? NetworkConfiguration.Paper with { KernelSize = 5 }
            : NetworkConfiguration.Guided with { InputScale = inputScale, CoarsePasses = coarsePasses, Sampling = sampling }).CreateNetwork();
        using IDisposable noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.add_(randn_like(parameter), alpha: 0.02f);
            }
        }

        return network;
    }
}
