using AdaConv.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Network;

public sealed class NetworkTests
{
    [Fact]
    public void The_papers_network_has_the_papers_21_68_million_parameters()
    {
        using TorchNetwork network = NetworkConfiguration.Paper.CreateNetwork();
        Assert.Equal(21_675_452, Parameters(network));
    }

    [Fact]
    public void The_papers_network_takes_other_kernel_sizes()
    {
        using TorchNetwork network = (NetworkConfiguration.Paper with { KernelSize = 41 }).CreateNetwork();

        // Four heads: 64→K and K→K, 3×3 with bias; the rest does not depend on K.
        long heads(int k) => 4 * (9 * 64 * k + k + 9 * k * k + k);
        Assert.Equal(21_675_452 - heads(51) + heads(41), Parameters(network));
    }

    [Fact]
    public void The_guided_network_has_under_three_million_parameters()
    {
        using TorchNetwork network = NetworkConfiguration.Guided.CreateNetwork();
        Assert.InRange(Parameters(network), 2_500_000, 3_000_000);
    }

    [Fact]
    public void The_papers_network_takes_the_published_number_of_multiply_adds()
    {
        // Published (IFRNet's comparison): 0.36 T at 1280×720 = 391 k a pixel, of which the separable convolution is 15.9 k.
        using TorchNetwork network = NetworkConfiguration.Paper.CreateNetwork();
        Assert.InRange(network.Description.MultiplyAddsPerPixel * 1280 * 720 / 1e12, 0.355, 0.369);
    }

    [Fact]
    public void Multiply_adds_of_a_small_network_are_those_counted_by_hand()
    {
        NetworkConfiguration configuration = new()
        {
            BlockWidths = [64, 32],
            BlockResiduals = [1, 0],
            HeadWidth = 32,
            HeadResiduals = 0,
            KernelSize = 3,
        };
        using TorchNetwork network = configuration.CreateNetwork();
        double coarse = 9 * (32 * 32 / 4.0 + (32 * 64 + 2 * 64 * 64 + 64 * 32) / 16.0) / 4; // at half the size
        double fine = 9 * (32 * 32 / 4.0 + (32 * 32 + 32 * 32) / 16.0);
        double head = 9 * (32 * 32 + 32 * 32) / 4.0;                                     // 13 channels, padded to 32
        double convolution = 2 * 3 * (3 * 3 + 3);                                         // each frame and plane: a column of rows, then the rows
        Assert.Equal(coarse + fine + head + convolution, network.Description.MultiplyAddsPerPixel, 1e-6);
    }

    /// <remarks>Its weights came from the generator that the whole process shares; what drew from it at the same time changed them.</remarks>
    [Fact]
    public void A_seed_gives_the_same_fresh_weights_whatever_else_is_drawn()
    {
        using IDisposable scope = NewDisposeScope();
        using TorchNetwork first = HalfSize.CreateNetwork(seed: 5);
        rand(3);
        using TorchNetwork second = HalfSize.CreateNetwork(seed: 5), other = HalfSize.CreateNetwork(seed: -6);
        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().ToBoolean()));
        Assert.Contains(first.parameters().Zip(other.parameters()), pair => !allclose(pair.First, pair.Second));
    }

    [Fact]
    public void A_network_that_looks_at_half_the_size_predicts_whole_frames()
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(6);
        using TorchNetwork network = HalfSize.CreateNetwork();
        Assert.Equal(32, network.Description.SizeMultiple);
        Tensor frames = rand(2, 6, 64, 96);
        NetworkPrediction<Tensor> prediction = network.Predict(frames, TorchNetwork.MeanColour(frames), withBlends: true);
        Assert.Equal(2, prediction.TapScale);
        Assert.Equal([2, 28, 32, 48], prediction.Taps.shape);
        Assert.Equal([2, 5, 64, 96], prediction.Flows!.shape);
        Assert.Null(prediction.Warped); // it saw smaller ones
        Assert.All(prediction.Blends, blend => Assert.Equal([2, 3, 32, 48], blend.shape));
        Assert.Equal([2, 3, 64, 96], network.Synthesize(prediction, frames).shape);
    }

    [Fact]
    public void A_network_that_looks_at_half_the_size_finds_the_flows_of_half_size_frames_twice_as_long()
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(7);
        using TorchNetwork half = HalfSize.CreateNetwork(), whole = (HalfSize with { InputScale = 1 }).CreateNetwork();
        foreach (var (own, same) in half.parameters().Zip(whole.parameters()))
        {
            own.copy_(randn(own.shape) * 0.05f);
            same.copy_(own);
        }

        Tensor small = rand(1, 6, 32, 48), frames = nn.functional.interpolate(small, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        Tensor mean = TorchNetwork.MeanColour(small);
        Tensor expected =
            nn.functional.interpolate(whole.Predict(small, mean).Flows!.slice(1, 0, 4, 1) * 2, scale_factor: [2, 2], mode: InterpolationMode.Bilinear);
        Tensor flows = half.Predict(frames, mean).Flows!.slice(1, 0, 4, 1);
        Assert.InRange(expected.abs().max().ToDouble(), 0.05, 1e3);
        Assert.True(allclose(flows, expected, rtol: 1e-4, atol: 1e-4));
    }

    [Fact]
    public void Layers_at_half_the_size_cost_a_quarter()
    {
        using TorchNetwork half = HalfSize.CreateNetwork(), whole = (HalfSize with { InputScale = 1 }).CreateNetwork();
        double convolution = 2 * 3 * (7 * 7 + 7); // of whole frames in both
        Assert.Equal((whole.Description.MultiplyAddsPerPixel - convolution) / 4, half.Description.MultiplyAddsPerPixel - convolution, 1e-6);
    }

    [Theory]
    [InlineData(NetworkKind.Guided, 96, 64)]
    [InlineData(NetworkKind.Paper, 64, 96)]
    public void A_prediction_has_the_documented_shapes(NetworkKind kind, int height, int width)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using TorchNetwork network = Configuration(kind).CreateNetwork();
        Tensor frames = rand(2, 6, height, width);
        NetworkPrediction<Tensor> prediction = network.Predict(frames, TorchNetwork.MeanColour(frames), withBlends: true);
        int scale = prediction.TapScale, taps = 4 * prediction.KernelSize;
        Assert.Equal([2, prediction.Taps.shape[1], height / scale, width / scale], prediction.Taps.shape);
        Assert.InRange(prediction.Taps.shape[1], taps, taps + 1);
        Assert.Equal(kind == NetworkKind.Guided ? 3 : 0, prediction.Blends.Count);
        Tensor result = network.Synthesize(prediction, frames);
        Assert.Equal([2, 3, height, width], result.shape);
        Assert.True(result.isfinite().all().ToBoolean());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Coarse_passes_are_blocks_of_the_same_weights(int passes)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(9);
        NetworkConfiguration configuration = NetworkConfiguration.Guided with { BlockWidths = [64, 32], BlockResiduals = [2, 1] };
        using TorchNetwork shared = (configuration with { CoarsePasses = passes }).CreateNetwork();
        using TorchNetwork unrolled = (configuration with
        {
            BlockWidths = [.. Enumerable.Repeat(64, passes), 64, 32],
            BlockResiduals = [.. Enumerable.Repeat(2, passes), 2, 1],
        }).CreateNetwork();
        foreach (var (name, parameter) in unrolled.named_parameters())
        {
            string[] parts = name.Split('.');
            if (parts[0] == "blocks")
            {
                parts[1] = Math.Max(0, int.Parse(parts[1]) - passes).ToString();
            }

            parameter.copy_(shared.get_parameter(string.Join('.', parts))!);
        }

        Assert.Equal(unrolled.Description.Context, shared.Description.Context);
        Assert.Equal(unrolled.Description.MultiplyAddsPerPixel, shared.Description.MultiplyAddsPerPixel);
        Tensor frames = rand(1, 6, 2L * unrolled.Description.SizeMultiple, unrolled.Description.SizeMultiple), mean = TorchNetwork.MeanColour(frames);
        NetworkPrediction<Tensor> expected = unrolled.Predict(frames, mean, withBlends: true), actual = shared.Predict(frames, mean, withBlends: true);
        Assert.Equal(2 + passes, actual.Blends.Count);
        Assert.True(actual.Flows!.equal(expected.Flows!).all().ToBoolean(), "flows");
        Assert.True(actual.Taps.equal(expected.Taps).all().ToBoolean(), "taps");
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void Narrowed_weights_predict_the_same_bits(NetworkKind kind)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(10);
        using TorchNetwork network = Configuration(kind).CreateNetwork();
        network.ComputeType = ScalarType.BFloat16;
        Tensor frames = rand(1, 6, 2L * network.Description.SizeMultiple, network.Description.SizeMultiple), expected = Interpolate(network, frames);
        network.NarrowWeights();
        Assert.Contains(network.parameters(), parameter => parameter.dtype == ScalarType.BFloat16);
        Assert.True(Interpolate(network, frames).equal(expected).all().ToBoolean());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Flows_of_every_level_add_up_in_pixels_of_the_frames(int passes)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        NetworkConfiguration configuration = NetworkConfiguration.Guided
            with
        { BlockWidths = [64, 32], BlockResiduals = [1, 0], CoarsePasses = passes, InputScale = 2 };
        using TorchNetwork network = configuration.CreateNetwork();
        float[] biases = [0.125f, -0.5f]; // the blocks see nothing and say the same everywhere
        for (int i = 0; i < 2; i++)
        {
            network.get_parameter($"blocks.{i}.last.weight")!.zero_();
            network.get_parameter($"blocks.{i}.last.bias")!.fill_(biases[i]);
        }

        // Three by five multiples: levels of coarse passes are padded and cropped.
        Tensor frames = rand(1, 6, 3L * network.Description.SizeMultiple, 5L * network.Description.SizeMultiple);
        Tensor flows = network.Predict(frames, TorchNetwork.MeanColour(frames)).Flows!.slice(1, 0, 4, 1);
        float expected = 4 * 2 * biases[1]; // a block's pixel is four of its frame, and that is half as large
        for (int level = 1; level <= 1 + passes; level++)
        {
            expected += 4 * 2 * (1 << level) * biases[0];
        }

        Assert.Equal(frames.shape[2..], flows.shape[2..]);
        Assert.Equal(expected, flows.min().ToSingle());
        Assert.Equal(expected, flows.max().ToSingle());
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.BFloat16, 0.05)] // nine taps of up to some units, each rounded to 8 bits
    public void Every_kernel_of_a_guided_network_sums_to_one_whatever_the_weights(ScalarType type, double tolerance)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(8);
        using TorchNetwork network = NetworkConfiguration.Guided.CreateNetwork();
        network.ComputeType = type;
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.StartsWith("headLast", StringComparison.Ordinal))
            {
                parameter.copy_(randn(parameter.shape) * 0.3f);
            }
        }

        Tensor frames = rand(1, 6, 64, 64), taps = network.Predict(frames, TorchNetwork.MeanColour(frames)).Taps;
        Assert.True(taps.abs().max().ToDouble() > 1, "the weights make kernels that are no Gaussian");
        Tensor sums = taps.view(1, 4, 9, 32, 32).sum(2);
        Assert.InRange(sums.min().ToDouble(), 1 - tolerance, 1 + tolerance);
        Assert.InRange(sums.max().ToDouble(), 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void A_fresh_guided_network_is_close_to_averaging()
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(3);
        using TorchNetwork network = NetworkConfiguration.Guided.CreateNetwork();
        Tensor smooth = linspace(0, 1, 64).view(1, 1, 1, 64).expand(1, 3, 64, 64);
        Tensor frames = cat([smooth * 0.9f, smooth], 1).contiguous();
        Tensor result = network.Synthesize(network.Predict(frames, TorchNetwork.MeanColour(frames)), frames);
        Assert.InRange((result - smooth * 0.95f).abs().mean().ToDouble(), 0, 0.03);
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void BFloat16_stays_close_to_float32(NetworkKind kind)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        manual_seed(4);
        using TorchNetwork network = Configuration(kind).CreateNetwork();
        Tensor frames = rand(2, 6, 64, 64);
        Tensor exact = Interpolate(network, frames);
        network.ComputeType = ScalarType.BFloat16;
        Tensor rounded = Interpolate(network, frames);
        Assert.True(rounded.isfinite().all().ToBoolean());
        Assert.InRange((exact - rounded).abs().mean().ToDouble(), 1e-9, 0.02);
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void Every_parameter_gets_a_gradient(NetworkKind kind)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(5);
        using TorchNetwork network = Configuration(kind).CreateNetwork();
        Tensor frames = rand(1, 6, 64, 64);
        Interpolate(network, frames).square().mean().backward();
        foreach (var (name, parameter) in network.named_parameters())
        {
            Tensor? gradient = parameter.grad;
            Assert.True(gradient is not null && gradient.isfinite().all().ToBoolean(), name);
            Assert.True(gradient.abs().sum().ToDouble() > 0, name);
        }
    }

    [Theory]
    [InlineData("""{"kind":"guided","kernelSize":8}""", "kernelSize is 8; it must be odd, 1 to 63")]
    [InlineData("""{"kind":"guided","blockWidths":[100]}""", "blockWidths is [100]; one to five multiples of 32")]
    [InlineData("""{"kind":"guided","inputScale":3}""", "inputScale is 3; 1 or 2 are allowed")]
    [InlineData("""{"kind":"guided","coarsePasses":3}""", "coarsePasses is 3; 0 to 2 are allowed")]
    [InlineData("""{"kind":"wide"}""", "cannot be read")]
    [InlineData("""{"kernels":9}""", "cannot be read")]
    [InlineData("not json", "cannot be read")]
    public void A_configuration_that_no_network_has_is_refused(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<ModelException>(() => NetworkConfiguration.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_configuration_survives_its_json()
    {
        NetworkConfiguration configuration = NetworkConfiguration.Guided
            with
        { KernelSize = 13, BlockWidths = [96, 64], BlockResiduals = [5, 2], HeadWidth = 64 };
        NetworkConfiguration read = NetworkConfiguration.Parse(configuration.ToJson());
        Assert.Equal(configuration with { BlockWidths = read.BlockWidths, BlockResiduals = read.BlockResiduals }, read);
        Assert.Equal(configuration.BlockWidths, read.BlockWidths);
        Assert.Equal(configuration.BlockResiduals, read.BlockResiduals);
    }

    private static NetworkConfiguration HalfSize => NetworkConfiguration.Guided with { InputScale = 2, HeadResiduals = 0, KernelSize = 7 };

    private static Tensor Interpolate(TorchNetwork network, Tensor frames) =>
        network.Synthesize(network.Predict(frames, TorchNetwork.MeanColour(frames)), frames);

    private static NetworkConfiguration Configuration(NetworkKind kind) =>
        kind == NetworkKind.Paper ? NetworkConfiguration.Paper with { KernelSize = 13 } : NetworkConfiguration.Guided;

    private static long Parameters(TorchNetwork network) => network.parameters().Sum(parameter => parameter.numel());
}
