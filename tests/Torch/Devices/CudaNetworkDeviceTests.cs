using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Tests.Support.Cuda;
using AdaConv.Tests.Support.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Devices;

/// <summary>The whole network by the way that a CUDA device takes, beside the processor's: emulated kernels, libtorch's operations, queued copies.</summary>
[Collection(nameof(FakeDriver))] // one driver for all
public sealed class CudaNetworkDeviceTests
{
    private static readonly InterpolatorOptions Exact = new() { Precision = Precision.Float32, Device = ComputeDevice.Cpu };

    [Theory]
    [InlineData(NetworkKind.Guided, 3, 8)]
    [InlineData(NetworkKind.Guided, 4, 10)]
    [InlineData(NetworkKind.Guided, 3, 8, 1, 1)]
    [InlineData(NetworkKind.Guided, 3, 8, 2, 1)]
    [InlineData(NetworkKind.Guided, 3, 8, 1, 0, WarpSampling.Cubic)]
    [InlineData(NetworkKind.Guided, 3, 8, 1, 0, WarpSampling.SixPointCubic)]
    [InlineData(NetworkKind.Paper, 1, 8)]
    public void A_frame_is_that_of_the_processor(
        NetworkKind kind, int samples, int depth, int inputScale = 1, int coarsePasses = 0, WarpSampling sampling = WarpSampling.Bilinear)
    {
        using TorchNetwork network = FakeCuda.Network(kind, inputScale, coarsePasses, sampling);
        using PlanarFrame first = MovingPattern.Frame(75, 41, 0, samples, depth: depth), second = MovingPattern.Frame(75, 41, 2, samples, depth: depth);
        using PlanarFrame expected = new(75, 41, samples), actual = new(75, 41, samples);
        using (var processor = TorchExecutor.Create(network, Exact))
        {
            processor.Interpolate(first, second, 0.5, expected);
        }

        FakeDriver driver = FakeDriver.Reset();
        using (var device = TorchExecutor.Create(network, Exact, FakeCuda.Open(driver, Exact)))
        {
            device.Interpolate(first, second, 0.5, actual);
        }

        Assert.InRange(MovingPattern.Difference(expected, actual) / (1 << depth), 0, 2e-5f); // of the range: other orders of the same sums
        Assert.Equal(0, driver.Open);
        Assert.Contains("  adaconv_separable_forward_f32", driver.Calls);
        Assert.Equal(kind == NetworkKind.Guided, driver.Calls.Contains("  adaconv_warp_forward_f32"));
        Assert.Equal(sampling != WarpSampling.Bilinear, driver.Calls.Contains("  adaconv_cubic_warp_forward_f32"));
    }

    [Theory]
    [InlineData(Precision.Float16, 8, "f16", 0.75f)]
    [InlineData(Precision.Float16, 8, "f16", 0.75f, 2)]
    [InlineData(Precision.Float16, 10, "f32", 3)]
    [InlineData(Precision.Auto, 8, "f16", 3)] // bfloat16: the emulated device is of compute capability 8.6
    public void With_half_the_bits_a_frame_is_near_that_of_the_processor(Precision precision, int depth, string storage, float codes, int inputScale = 1)
    {
        using TorchNetwork network = FakeCuda.Network(NetworkKind.Guided, inputScale);
        using PlanarFrame first = MovingPattern.Frame(75, 41, 0, 3, depth: depth), second = MovingPattern.Frame(75, 41, 2, 3, depth: depth);
        using PlanarFrame expected = new(75, 41, 3), actual = new(75, 41, 3);
        using (var processor = TorchExecutor.Create(network, Exact))
        {
            processor.Interpolate(first, second, 0.5, expected);
        }

        FakeDriver driver = FakeDriver.Reset();
        InterpolatorOptions options = Exact with { Precision = precision };
        using (var device = TorchExecutor.Create(network, options, FakeCuda.Open(driver, options)))
        {
            device.Interpolate(first, second, 0.5, actual);
        }

        Assert.InRange(MovingPattern.Difference(expected, actual), 0.001f, codes);
        Assert.Contains("  adaconv_separable_forward_" + storage, driver.Calls);
    }

    [Fact]
    public void Gradients_of_a_batch_are_those_of_the_processor()
    {
        using IDisposable scope = NewDisposeScope();
        using TorchNetwork network = FakeCuda.Network(NetworkKind.Guided);
        Tensor frames = rand(2, 6, 32, 32), weights = randn(2, 3, 32, 32);
        var (value, expected) = Gradients(EngineOptions.Default);
        FakeDriver driver = FakeDriver.Reset();
        using CudaNetworkDevice device = FakeCuda.Open(driver, Exact);
        var (deviceValue, actual) = Gradients(device.Engine);
        Assert.Contains("  adaconv_separable_tap_gradient_f32", driver.Calls);
        Assert.Equal(value, deviceValue, 1e-4 * weights.abs().sum().ToDouble());
        foreach (var (name, gradient) in expected)
        {
            double scale = gradient.abs().max().ToDouble(), distance = (gradient - actual[name]).abs().max().ToDouble();
            Assert.InRange(distance, 0, 1e-3 * scale + 1e-7); // a bias sums a thousand differences
        }

        (double Value, Dictionary<string, Tensor> Gradients) Gradients(EngineOptions engine)
        {
            network.Engine = engine;
            NetworkPrediction<Tensor> prediction = network.Predict(frames, TorchNetwork.MeanColour(frames));
            Tensor loss = (network.Synthesize(prediction, null) * weights).sum();
            loss.backward();
            Dictionary<string, Tensor> gradients = [];
            foreach (var (name, parameter) in network.named_parameters())
            {
                gradients[name] = parameter.grad!.clone();
                parameter.grad!.zero_();
            }

            return (loss.ToDouble(), gradients);
        }
    }

    [Theory]
    [InlineData(1, false, 3)]
    [InlineData(2, true, 4)]
    public void The_convolution_of_a_pair_and_its_gradients_are_those_of_the_processor(int tapScale, bool normalize, int planes)
    {
        using IDisposable scope = NewDisposeScope();
        FakeDriver driver = FakeDriver.Reset();
        using CudaNetworkDevice device = FakeCuda.Open(driver, Exact);
        Tensor frames = rand(2, 2 * planes, 10, 38), taps = rand(2, 21, 10 / tapScale, 38 / tapScale) * 0.5f + 0.1f, weights = randn(2, 2 * planes, 10, 38);
        List<Tensor[]> results = [];
        foreach (EngineOptions engine in (EngineOptions[])[EngineOptions.Default, device.Engine])
        {
            Tensor images = frames.clone().requires_grad_(), maps = taps.clone().requires_grad_();
            Tensor output = PairConvolution.Apply(images, maps, 5, tapScale, normalize, engine);
            (output * weights).sum().backward();
            results.Add([output, images.grad!, maps.grad!]);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.True(allclose(results[0][i], results[1][i], rtol: 1e-4, atol: 1e-4), $"result {i} differs");
        }
    }
}
