using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using Adam = AdaConv.Training.Optimization.Adam;

namespace AdaConv.Training.Tests.Optimization;

public sealed class AdamTests
{
    [Fact]
    public void Steps_are_those_of_libtorchs_Adam_whatever_the_layout()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(2);
        Tensor values = randn(5, 3, 3, 7);
        using Parameter plain = new(values.clone()), last = new(values.permute(0, 3, 1, 2).clone()), small = new(randn(3)); // the second lies channels-last
        Assert.False(last.is_contiguous());
        Parameter[] ours = [plain, last, small], theirs = [.. ours.Select(parameter => new Parameter(parameter.detach().clone()))];
        using Adam adam = new(ours);
        using optim.Optimizer expected = optim.Adam(theirs, lr: 0.02);
        for (int step = 0; step < 20; step++)
        {
            adam.ClearGradients();
            expected.zero_grad();
            Distance(ours).backward();
            Distance(theirs).backward();
            adam.Step(step, 0.02, maximumNorm: 1e9, largestNorm: 1e9, averagingDecay: 0.9);
            expected.step();
        }

        for (int i = 0; i < ours.Length; i++)
        {
            Assert.True(allclose(theirs[i], ours[i], rtol: 0, atol: 1e-5), $"parameter {i}"); // of values about 1, after 20 steps
        }
    }

    [Fact]
    public void Gradients_are_scaled_down_to_the_norm_and_the_average_follows()
    {
        using IDisposable scope = NewDisposeScope();
        using Parameter parameter = new(zeros(4));
        using Adam adam = new([parameter]);
        (parameter * tensor([3f, 0, 4, 0])).sum().backward();
        Assert.Equal(5, adam.Step(0, 0.1, maximumNorm: 1, largestNorm: 6, averagingDecay: 0.5), 1e-5);
        Assert.Equal([0.06f, 0.08f], [.. new[] { 0, 2 }.Select(i => MathF.Round(adam.Moments[0].First[i].ToSingle(), 4))]); // (1 − β₁) · gradient / 5

        // Adam's first step is the rate, whatever the gradient; the average keeps min(0.5, 1/10) of itself.
        Assert.Equal(-0.1, parameter[0].ToDouble(), 1e-5);
        Assert.Equal(-0.09, adam.Averaged[0][0].ToDouble(), 1e-5);
    }

    [Fact]
    public void A_gradient_that_is_no_number_changes_nothing()
    {
        using IDisposable scope = NewDisposeScope();
        using Parameter parameter = new(ones(3));
        using Adam adam = new([parameter]);
        (parameter * tensor([1f, float.NaN, 1f])).sum().backward();
        Assert.Equal(double.NaN, adam.Step(0, 0.1, 1, 1e9, 0.9));
        Assert.Equal(3, parameter.sum().ToDouble());
    }

    [Fact]
    public void A_gradient_beyond_the_largest_norm_is_not_followed()
    {
        using IDisposable scope = NewDisposeScope();
        using Parameter parameter = new(ones(3));
        using Adam adam = new([parameter]);
        (parameter * tensor([3f, 0, 4])).sum().backward();
        Assert.Equal(5, adam.Step(0, 0.1, maximumNorm: 1, largestNorm: 4.9, averagingDecay: 0.9), 1e-5);
        Assert.Equal(3, parameter.sum().ToDouble());
        Assert.Equal(0, adam.Moments[0].Second.sum().ToDouble());
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(64, 32)]
    [InlineData(32, 96)]
    public void Muons_step_has_singular_values_of_about_one_whatever_the_layout(int outputs, int inputs)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(4);
        Tensor moment = randn(outputs, inputs, 3, 3) * 1e-3f, last = moment.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Tensor step = Orthogonalization.Of(moment), lastStep = Orthogonalization.Of(last);
        Assert.Equal(last.stride(), lastStep.stride());
        Assert.True(allclose(step, lastStep, rtol: 0, atol: 0.02), "the order of a row's values changes nothing but rounding to bfloat16");
        Tensor values = linalg.svdvals(step.reshape(outputs, -1));
        Assert.InRange(values.min().ToDouble(), 0.5, 1);
        Assert.InRange(values.max().ToDouble(), 1, 1.3);
        Assert.True((step * moment).sum().ToDouble() > 0, "the step goes the moment's way");
    }

    [Fact]
    public void Muon_moves_what_it_is_told_to_and_Adam_the_rest()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(5);
        using Parameter inner = new(randn(32, 32, 3, 3)), outer = new(randn(5));
        Tensor before = inner.detach().clone(), outerBefore = outer.detach().clone();
        using Adam adam = new([inner, outer], parameter => ReferenceEquals(parameter, inner));
        Distance([inner, outer]).backward();
        adam.Step(0, 0.01, maximumNorm: 1e9, largestNorm: 1e9, averagingDecay: 0);
        Tensor moved = before - inner.detach();
        double size = Math.Sqrt(moved.square().mean().ToDouble()); // 0.01 · 0.2 √288 times the root mean square of 32 orthonormal rows of 288, 1/√288
        Assert.InRange(size, 0.01 * 0.2 * 0.7, 0.01 * 0.2 * 1.2);
        Assert.True(allclose((outerBefore - outer.detach()).abs(), tensor(0.01f).expand(5), rtol: 1e-3, atol: 0)); // Adam's first step is the rate
        Assert.True(allclose(adam.Averaged[0], inner, rtol: 0, atol: 0));
        Assert.Equal(0, adam.Moments[0].Second.abs().sum().ToDouble());
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void Muon_moves_the_inner_layers_of_either_network_and_no_others(NetworkKind kind)
    {
        using IDisposable scope = NewDisposeScope();
        NetworkConfiguration network = kind == NetworkKind.Paper ? NetworkConfiguration.Paper with { KernelSize = 5 } : NetworkConfiguration.Guided;
        TrainingConfiguration configuration = new() { Sources = [], Network = network, Optimizer = OptimizerKind.Muon, BFloat16 = false };
        using Learner learner = new(configuration, TrainingDevice.Open(ComputeDevice.Cpu, threads: 1, bfloat16: false, Assert.Fail), threads: 1);
        manual_seed(6);
        learner.Step(rand(1, 6, 64, 64), rand(1, 3, 64, 64), [0.5f], 0);
        var moments = learner.Network.named_parameters().Zip(
            learner.Optimizer.Moments, (named, moment) => (named.name, Muon: moment.Second.abs().sum().ToDouble() == 0)).ToArray();
        string[] inner = kind == NetworkKind.Paper ? ["encoder", "decoder", "upsample"] : ["body", "headBody"];
        Assert.All(moments, moment => Assert.Equal(
            moment.name.EndsWith("weight", StringComparison.Ordinal) && moment.name.Split('.').Any(inner.Contains), moment.Muon));
        Assert.Contains(moments, moment => moment.Muon);
    }

    private static Tensor Distance(Parameter[] parameters)
    {
        Tensor sum = zeros([]);
        foreach (Parameter parameter in parameters)
        {
            sum += (parameter.square() + parameter.sin()).sum();
        }

        return sum;
    }
}
