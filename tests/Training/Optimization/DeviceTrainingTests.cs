using AdaConv.Engine.Cuda;
using AdaConv.Model;
using AdaConv.Tests.Support.Cuda;
using AdaConv.Torch;
using AdaConv.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Training.Tests.Optimization;

/// <summary>
/// Training by the way that a CUDA device takes, without one: a driver that the tests build runs the kernels by their emulation, on tensors in the
/// processor's memory.
/// </summary>
public sealed class DeviceTrainingTests
{
    private const int Steps = 2;

    [Theory]
    [InlineData(OptimizerKind.Adam, false)]
    [InlineData(OptimizerKind.Muon, true)]
    public void Steps_on_a_device_are_those_of_the_processor(OptimizerKind optimizer, bool timeAlone)
    {
        TrainingConfiguration configuration = new()
        {
            Sources = [],
            Network = NetworkConfiguration.Guided with
            {
                BlockWidths = [32, 32],
                BlockResiduals = [1, 1],
                HeadResiduals = 1,
                KernelSize = 5,
                KnowsTime = true,
                Sampling = timeAlone ? WarpSampling.SixPointCubic : WarpSampling.Bilinear,
            },
            Optimizer = optimizer,
            TimeAlone = timeAlone,
            LearningRate = 1e-3,
            WarmUp = 0,
            BFloat16 = false,
        };
        var (expected, weights, averaged) = Run(configuration, TrainingDevice.Open(ComputeDevice.Cpu, threads: 1, bfloat16: false, Assert.Fail));
        FakeDriver driver = FakeDriver.Reset();
        var (actual, moved, average) = Run(configuration, Fake(driver));

        Assert.Contains("  adaconv_separable_tap_gradient_f32", driver.Calls);
        Assert.Contains("  adaconv_warp_backward_f32", driver.Calls);
        Assert.Equal(timeAlone, driver.Calls.Contains("  adaconv_cubic_warp_backward_f32"));
        Assert.Equal(0, driver.Open);
        // The device's sums come in no fixed order, and Adam's first steps go by the gradients' signs: where a gradient is nothing but rounding, a weight
        // may move either way by the rate a step. So the first step's figures are the same but for rounding, and later ones nearly so.
        for (int step = 0; step < Steps; step++)
        {
            Assert.Equal(expected[step].Loss, actual[step].Loss, step == 0 ? 1e-5 : 2e-4);
            Assert.Equal(expected[step].Norm, actual[step].Norm, (step == 0 ? 1e-3 : 1e-2) * expected[step].Norm);
        }

        Assert.InRange(MeanDistance(weights, moved), 0, 2e-5);
        Assert.InRange(MeanDistance(averaged, average), 0, 2e-5);
        Assert.True(MeanDistance(weights, averaged) > 0, "Nothing was learnt.");
    }

    [Fact]
    public void A_device_that_fails_is_named_and_one_without_memory_says_what_helps()
    {
        const int outOfMemory = 2, launchFailed = 719;
        FakeDriver driver = FakeDriver.Reset();
        TrainingConfiguration configuration = new()
        {
            Sources = [],
            Network = NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0, KernelSize = 3 },
        };
        TrainingDevice device = Fake(driver);
        using (Learner learner = new(configuration, device, threads: 1))
        {
            Assert.Contains("take a smaller --batch", Failed(outOfMemory), StringComparison.Ordinal);
            Assert.Contains("The GPU failed: CUDA failed at", Failed(launchFailed), StringComparison.Ordinal);
            Assert.Null(device.Explain(new InvalidOperationException()));
            Assert.True(double.IsFinite(Step(learner, 0).Loss)); // it goes on

            string Failed(int result)
            {
                driver.Fail("cuLaunchKernel", result);
                return device.Explain(Record.Exception(() => Step(learner, 0))!)!;
            }
        }

        Assert.Equal(0, driver.Open);
    }

    private static TrainingDevice Fake(FakeDriver driver)
    {
        driver.TakesHostMemory = true;
        InterpolatorOptions options = new() { Precision = Precision.Float32, Threads = 1 };
        return new(new CudaNetworkDevice(CudaDevice.Open(library: driver.LibraryPath), CPU, options));
    }

    private static ((double Loss, double Norm)[] Steps, float[] Weights, float[] Averaged) Run(TrainingConfiguration configuration, TrainingDevice device)
    {
        using Learner learner = new(configuration, device, threads: 1);
        (double, double)[] steps = [.. Enumerable.Range(0, Steps).Select(step => Step(learner, step))];
        return (steps, [.. learner.Network.parameters().SelectMany(TorchWeights.ToFloats)], [.. learner.Optimizer.Averaged.SelectMany(TorchWeights.ToFloats)]);
    }

    private static (double Loss, double Norm) Step(Learner learner, int step)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(step);
        float time = learner.Network.Configuration.KnowsTime ? 0.25f : 0.5f;
        return learner.Step(rand(1, 6, 32, 32), rand(1, 3, 32, 32), [time], step);
    }

    private static double MeanDistance(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs((double)a - b)).Average();
}
