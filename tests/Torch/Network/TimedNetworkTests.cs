using AdaConv.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Network;

/// <summary>Networks that know the time of the frame between.</summary>
public sealed class TimedNetworkTests
{
    private static readonly NetworkConfiguration Small = new()
    {
        BlockWidths = [64, 32],
        BlockResiduals = [1, 0],
        HeadResiduals = 0,
        KernelSize = 5,
        CoarsePasses = 1,
        KnowsTime = true,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_middle_is_what_it_is_without_a_time_bit_for_bit(bool byEngine)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using TorchNetwork network = Network(byEngine), plain = (Small with { KnowsTime = false }).CreateNetwork();
        plain.UseEngineConvolutions(byEngine ? plain.Engine : null);
        foreach (var (name, parameter) in plain.named_parameters())
        {
            parameter.copy_(network.get_parameter(name)!);
        }

        Tensor frames = rand(2, 6, 64, 96), mean = TorchNetwork.MeanColour(frames);
        Tensor expected = plain.Synthesize(plain.Predict(frames, mean), frames);
        Assert.True(expected.eq(network.Synthesize(network.Predict(frames, mean, Times(0.5f, 0.5f)), frames)).all().ToBoolean());
        Assert.True(expected.eq(network.Synthesize(network.Predict(frames, mean), frames)).all().ToBoolean());
        Assert.False(expected.eq(network.Synthesize(network.Predict(frames, mean, Times(0.4f, 0.6f)), frames)).all().ToBoolean());
    }

    [Theory]
    [InlineData(1, 0.25f)]
    [InlineData(2, 0.875f)]
    public void Motion_is_as_long_as_the_way_to_each_frame_and_the_mask_begins_with_the_time(int inputScale, float time)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using TorchNetwork network = (Small with { InputScale = inputScale }).CreateNetwork();
        foreach (var (name, parameter) in network.named_parameters())
        {
            // The blocks see nothing and say the same everywhere.
            if (name.Contains("last", StringComparison.OrdinalIgnoreCase))
            {
                parameter.fill_(name.EndsWith("bias", StringComparison.Ordinal) ? 0.125f : 0);
            }
        }

        long size = 2L * network.Description.SizeMultiple;
        Tensor frames = rand(1, 6, size, size), mean = TorchNetwork.MeanColour(frames);
        NetworkPrediction<Tensor> middle = network.Predict(frames, mean), other = network.Predict(frames, mean, Times(time));
        Assert.True(middle.Flows![0, 0, 0, 0].ToSingle() > 1);
        Same(middle.Flows.slice(1, 0, 2, 1) * (2 * time), other.Flows!.slice(1, 0, 2, 1));
        Same(middle.Flows.slice(1, 2, 4, 1) * (2 * (1 - time)), other.Flows.slice(1, 2, 4, 1));
        Same(middle.Flows.slice(1, 4, 5, 1) + MathF.Log((1 - time) / time), other.Flows.slice(1, 4, 5, 1));
        Same(middle.MaskLogit! + MathF.Log((1 - time) / time), other.MaskLogit!);
        Same(middle.Taps, other.Taps);

        static void Same(Tensor expected, Tensor actual) => Assert.True(allclose(expected, actual, rtol: 1e-5, atol: 1e-4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_frame_of_a_batch_has_its_own_time(bool byEngine)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using TorchNetwork network = Network(byEngine);
        Tensor frames = rand(3, 6, 64, 64);
        float[] times = [0.2f, 0.5f, 0.9f];
        Tensor together = Frame(network, frames, Times(times));
        for (int i = 0; i < 3; i++)
        {
            Tensor alone = Frame(network, frames.slice(0, i, i + 1, 1).contiguous(), Times(times[i]));
            Assert.True(allclose(alone, together.slice(0, i, i + 1, 1), rtol: 0, atol: 1e-5), $"frame {i}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_the_slopes_of_the_loss(bool byEngine)
    {
        const int seed = 21;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using IDisposable scope = NewDisposeScope();
        using TorchNetwork network = Network(byEngine);
        manual_seed(seed);

        // Smooth pictures: bilinear warps have a slope that does not jump at every pixel.
        Tensor frames = nn.functional.interpolate(rand(3, 6, 8, 8), size: [64, 64], mode: InterpolationMode.Bicubic).contiguous();
        Tensor truth = nn.functional.interpolate(rand(3, 3, 8, 8), size: [64, 64], mode: InterpolationMode.Bicubic), times = Times(0.2f, 0.5f, 0.7f);
        network.zero_grad();
        Loss().backward();
        string[] parts =
        [
            "blocks.0.down0.time", "blocks.0.body.0.first.time", "blocks.0.last.time", "blocks.1.down1.time", "headDown.time",
            "blocks.0.last.bias", "blocks.1.down0.weight",
        ];
        foreach (string part in parts)
        {
            Tensor parameter = network.get_parameter(part)!, gradient = parameter.grad!.clone();
            double expected = gradient.norm().ToDouble();
            Assert.True(expected > 1e-6, $"{part}: {expected}");
            using IDisposable noGradient = no_grad();
            Tensor way = gradient / expected, middle = parameter.clone();
            const float Step = 2e-3f;
            parameter.copy_(middle + way * Step);
            double above = Loss().ToDouble();
            parameter.copy_(middle - way * Step);
            double below = Loss().ToDouble();
            parameter.copy_(middle);
            double slope = (above - below) / (2 * Step);
            TestContext.Current.TestOutputHelper?.WriteLine($"{part}: slope {slope:G4}, gradient {expected:G4}");
            Assert.InRange(slope, 0.98 * expected, 1.02 * expected);
        }

        Tensor Loss()
        {
            NetworkPrediction<Tensor> prediction = network.Predict(frames, TorchNetwork.MeanColour(frames), times, withBlends: true);
            Tensor loss = Squares(network.Synthesize(prediction, null));
            foreach (Tensor blend in prediction.Blends)
            {
                loss = loss.Plus(Squares(blend));
            }

            return loss.mul(Hundred);
        }

        // In float64: a step changes the sum by little more than what float32 would round.
        Tensor Squares(Tensor frame) => nn.functional.mse_loss(frame.to(ScalarType.Float64), truth.to(ScalarType.Float64));
    }

    [Fact]
    public void BFloat16_stays_close_to_float32()
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using TorchNetwork network = Network(byEngine: false);
        Tensor frames = rand(2, 6, 64, 64), times = Times(0.2f, 0.7f), exact = Frame(network, frames, times);
        network.ComputeType = ScalarType.BFloat16;
        Assert.InRange((Frame(network, frames, times) - exact).abs().mean().ToDouble(), 0, 0.01);
    }

    private static Scalar Hundred { get; } = 100f.ToScalar();

    private static Tensor Frame(TorchNetwork network, Tensor frames, Tensor times) =>
        network.Synthesize(network.Predict(frames, TorchNetwork.MeanColour(frames), times), frames);

    private static Tensor Times(params float[] times) => tensor(times).view(-1, 1, 1, 1);

    // Random weights, those of the time among them.
    private static TorchNetwork Network(bool byEngine)
    {
        manual_seed(17);
        TorchNetwork network = Small.CreateNetwork();
        using IDisposable noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.EndsWith("time", StringComparison.Ordinal))
            {
                parameter.copy_(randn(parameter.shape) * 0.2f);
            }
        }

        network.UseEngineConvolutions(byEngine ? network.Engine : null);
        return network;
    }
}
