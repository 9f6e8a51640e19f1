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

    /// <summary>A soft texture that moves right by <paramref name="shift"/> pixels; samples apart from the colours, in codes of the depth.</summary>
    public static PlanarFrame Pattern(int width, int height, int shift, int samples = 3, int depth = 8)
    {
        var frame = new PlanarFrame(width, height, samples, depth: depth);
        for (int plane = 0; plane < Math.Max(3, samples); plane++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    float value = (float)(0.5 + 0.25 * Math.Sin((x - shift) * 0.31 + plane) + 0.2 * Math.Cos(y * 0.23 + (x - shift) * 0.07));
                    if (plane < 3)
                    {
                        frame.RgbPlane(plane)[y * width + x] = value;
                    }

                    if (plane < samples)
                    {
                        frame.SamplePlane(plane)[y * width + x] = MathF.Round(value * ((1 << depth) - 1));
                    }
                }
            }
        }

        return frame;
    }

    /// <summary>The greatest difference of two frames' samples.</summary>
    public static float Distance(PlanarFrame expected, PlanarFrame actual)
    {
        float worst = 0;
        for (int plane = 0; plane < expected.SampleCount; plane++)
        {
            Span<float> e = expected.SamplePlane(plane), a = actual.SamplePlane(plane);
            for (int i = 0; i < e.Length; i++)
            {
                float difference = Math.Abs(e[i] - a[i]);
                Assert.False(float.IsNaN(difference), $"plane {plane} has no number at {i}");
                worst = Math.Max(worst, difference);
            }
        }

        return worst;
    }

    /// <summary>A network with fixed weights whose flows and taps are far from their resting values.</summary>
    public static TorchNetwork Network(NetworkKind kind, int inputScale = 1, int coarsePasses = 0)
    {
        manual_seed(7);
        TorchNetwork network = (kind == NetworkKind.Paper
            ? NetworkConfiguration.Paper with { KernelSize = 5 }
            : NetworkConfiguration.Guided with { InputScale = inputScale, CoarsePasses = coarsePasses }).CreateNetwork();
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
