using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Operations;

/// <summary>The engine's convolutions in libtorch's autograd.</summary>
public sealed class EngineConvolutionTests
{
    [Theory]
    [InlineData(5, 13, 1, 1f, 32)]
    [InlineData(32, 32, 1, 0.1f, 32)]
    [InlineData(51, 51, 1, 0f, 64)]
    [InlineData(25, 64, 2, 0.1f, 32)]
    [InlineData(96, 37, 2, 1f, 96)]
    public void A_layer_and_its_gradients_are_libtorchs(int inputs, int outputs, int stride, float slope, int channels)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(inputs);
        using Convolution layer = new(new("layer", inputs, outputs, stride, slope));
        Tensor values = randn(3, channels, 11, 14);
        values.slice(1, inputs, channels, 1).zero_();
        Results expected = Run(layer, values, null), actual = WithEngine(layer, values, null);
        Assert.Equal((outputs + 15) / 16 * 16, actual.Output.shape[1]);
        Assert.Equal(0, actual.Output.slice(1, outputs, actual.Output.shape[1], 1).abs().sum().ToDouble());
        Compare(expected, actual, outputs, inputs);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.1f)]
    public void What_is_added_to_a_layer_gets_its_gradient(float slope)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(3);
        using Convolution layer = new(new("layer", 32, 32, Slope: slope));
        Tensor values = randn(2, 32, 9, 8), added = randn(2, 32, 9, 8);
        Results expected = Run(layer, values, added), actual = WithEngine(layer, values, added);
        Compare(expected, actual, 32, 32);
        Assert.True(allclose(expected.AddedGradient!, actual.AddedGradient!, rtol: 0, atol: 1e-6));
    }

    [Fact]
    public void Zero_sums_hold_and_their_gradients_are_libtorchs()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(4);
        using Convolution layer = new(new("layer", 32, 37) { ZeroSums = (4, 9) });
        Tensor values = randn(2, 32, 8, 8);
        Results expected = Run(layer, values, null), actual = WithEngine(layer, values, null);
        Compare(expected, actual, 37, 32);
        Assert.InRange(actual.Output.slice(1, 0, 9, 1).sum(1).abs().max().ToDouble(), 0, 1e-4); // measured: 4e-5
    }

    [Fact]
    public void Stored_weights_that_nothing_uses_are_left_out_and_have_no_gradients()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(6);
        using Convolution layer = new(new("layer", 25, 13) { StoredInputs = 32, StoredOutputs = 32 });
        Tensor values = randn(2, 32, 8, 8);
        values.slice(1, 25, 32, 1).zero_();
        Results expected = Run(layer, values, null, 13), actual = WithEngine(layer, values, null, 13);
        Assert.Equal(16, actual.Output.shape[1]);
        Compare(expected, actual, 13, 25);
        Assert.Equal(0, actual.WeightGradient.slice(0, 13, 32, 1).abs().sum().ToDouble());
        Assert.Equal(0, actual.WeightGradient.slice(1, 25, 32, 1).abs().sum().ToDouble());
        Assert.Equal(0, actual.BiasGradient.slice(0, 13, 32, 1).abs().sum().ToDouble());
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void A_whole_network_s_gradients_are_libtorch_s(NetworkKind kind)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(5);
        NetworkConfiguration configuration = kind == NetworkKind.Paper ? NetworkConfiguration.Paper : NetworkConfiguration.Guided;
        using TorchNetwork network = configuration.CreateNetwork();
        Tensor frames = rand(1, 6, 64, 64), truth = rand(1, 3, 64, 64);
        Dictionary<string, Tensor> expected = Gradients(network, frames, truth);
        network.UseEngineConvolutions(network.Engine);
        foreach (var (name, gradient) in Gradients(network, frames, truth))
        {
            // Norms: where a rectifier's input lies within rounding of zero, the two sides of the kink are both right, and single entries differ by more.
            double scale = expected[name].norm().ToDouble(), difference = (gradient - expected[name]).norm().ToDouble();
            Assert.True(difference <= 0.01 * scale + 1e-9, $"{name}: {difference} of {scale}");
        }
    }

    [Theory]
    [InlineData(1.0, 2.0, true)]
    [InlineData(2.1, 2.0, true)] // within the noise the more exact ones
    [InlineData(2.3, 2.0, false)]
    public void Libtorchs_convolutions_are_taken_where_they_are_clearly_faster(double engine, double libtorch, bool engineWins) =>
        Assert.Equal(engineWins, new ConvolutionTrial(TimeSpan.FromMilliseconds(engine), TimeSpan.FromMilliseconds(libtorch)).EngineWins);

    [Fact]
    public void A_trial_times_both()
    {
        ConvolutionTrial trial = ConvolutionTrial.Run(EngineOptions.Default);
        Assert.InRange(trial.Engine.TotalMilliseconds, 0.01, 10_000);
        Assert.InRange(trial.Libtorch.TotalMilliseconds, 0.01, 10_000);
    }

    private static Dictionary<string, Tensor> Gradients(TorchNetwork network, Tensor frames, Tensor truth)
    {
        network.zero_grad();
        NetworkPrediction<Tensor> prediction = network.Predict(frames, TorchNetwork.MeanColour(frames), withBlends: true);
        Tensor frame = network.Synthesize(prediction, frames);
        Tensor loss = nn.functional.mse_loss(frame, truth);
        foreach (Tensor blend in prediction.Blends)
        {
            loss += nn.functional.mse_loss(blend, truth);
        }

        loss.backward();
        return network.named_parameters()
            .Where(named => named.parameter.grad is not null)
            .ToDictionary(named => named.name, named => named.parameter.grad!.clone());
    }

    private static Results WithEngine(Convolution layer, Tensor values, Tensor? added, long? used = null)
    {
        layer.UseEngine(EngineOptions.Default);
        return Run(layer, values, added, used);
    }

    private static Results Run(Convolution layer, Tensor values, Tensor? added, long? used = null)
    {
        Tensor input = values.clone().requires_grad_();
        Tensor? sum = added?.clone().requires_grad_();
        layer.zero_grad();
        Tensor output = layer.Forward(input, sum);
        Tensor read = output.slice(1, 0, used ?? layer.get_parameter("weight")!.shape[0], 1), weights = linspace(-1, 1, read.numel()).cos().view(read.shape);
        (read * weights).sum().backward();
        return new(output, input.grad!, layer.get_parameter("weight")!.grad!.clone(), layer.get_parameter("bias")!.grad!.clone(), sum?.grad);
    }

    private static void Compare(Results expected, Results actual, int outputs, int inputs)
    {
        Close(expected.Output.slice(1, 0, outputs, 1), actual.Output.slice(1, 0, outputs, 1), "output");
        Close(expected.InputGradient.slice(1, 0, inputs, 1), actual.InputGradient.slice(1, 0, inputs, 1), "input");
        Assert.Equal(expected.InputGradient.shape, actual.InputGradient.shape);
        Close(expected.WeightGradient, actual.WeightGradient, "weights");
        Close(expected.BiasGradient, actual.BiasGradient, "bias");
    }

    private static void Close(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        double scale = expected.abs().max().ToDouble(), difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= 2e-5 * scale, $"{what}: {difference} of {scale}");
    }

    private sealed record Results(Tensor Output, Tensor InputGradient, Tensor WeightGradient, Tensor BiasGradient, Tensor? AddedGradient);
}
