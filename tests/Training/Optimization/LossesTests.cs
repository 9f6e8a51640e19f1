using System.Text.Json;
using AdaConv.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Training.Tests.Optimization;

public sealed class LossesTests
{
    [Theory]
    [InlineData(LossKind.L1)]
    [InlineData(LossKind.L2)]
    [InlineData(LossKind.Charbonnier)]
    [InlineData(LossKind.Laplacian)]
    [InlineData(LossKind.Census)]
    public void Every_loss_is_least_for_the_truth_and_its_gradient_agrees_with_a_numerical_one(LossKind kind)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(1);
        Tensor truth = rand([2, 3, 24, 32], dtype: ScalarType.Float64);
        Tensor start = (truth + 0.1f * randn(truth.shape, dtype: ScalarType.Float64)).detach();
        Tensor predicted = start.clone().requires_grad_();
        double atTruth = Losses.Of(kind, truth, truth).ToDouble();
        Assert.InRange(atTruth, 0, kind == LossKind.Charbonnier ? 1.01e-3 : 1e-7);
        Tensor loss = Losses.Of(kind, predicted, truth);
        Assert.True(loss.ToDouble() > atTruth);
        loss.backward();

        using IDisposable noGradient = no_grad();
        Tensor direction = randn(truth.shape, dtype: ScalarType.Float64);
        double step = 1e-6;
        using Scalar distance = step.ToScalar();
        double above = Losses.Of(kind, start + direction * distance, truth).ToDouble();
        double below = Losses.Of(kind, start - direction * distance, truth).ToDouble();
        double numerical = (above - below) / (2 * step), analytic = (predicted.grad! * direction).sum().ToDouble();
        double size = (predicted.grad!.square() * direction.square()).sum().sqrt().ToDouble();
        Assert.InRange(Math.Abs(numerical - analytic) / size, 0, 1e-3); // of the sum's deviation; L1 has kinks
    }

    [Fact]
    public void The_values_are_those_of_the_formulas()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor truth = zeros(1, 3, 16, 16), predicted = full([1, 3, 16, 16], 0.3f);
        Assert.Equal(0.3, Losses.Of(LossKind.L1, predicted, truth).ToDouble(), 1e-6);
        Assert.Equal(0.09, Losses.Of(LossKind.L2, predicted, truth).ToDouble(), 1e-6);
        Assert.Equal(Math.Sqrt(0.09 + 1e-6), Losses.Of(LossKind.Charbonnier, predicted, truth).ToDouble(), 1e-6);

        // A constant difference has nothing in any level but the coarsest: 16, 8, 4, 2 pixels, so the fourth, which weighs 2³.
        Assert.Equal(8 * 0.3, Losses.Of(LossKind.Laplacian, predicted, truth).ToDouble(), 1e-4);

        // The census does not see a change of brightness.
        Tensor texture = rand(1, 3, 16, 16);
        Assert.Equal(0, Losses.Of(LossKind.Census, texture + 0.1f, texture).ToDouble(), 1e-4);
    }

    [Fact]
    public void The_census_of_an_edge_is_the_one_computed_by_hand()
    {
        // One row wide enough for one transform: 7×7, its last column 1, the truth 0. Of 49 neighbours 7 differ by 255 levels.
        using IDisposable scope = NewDisposeScope();
        Tensor truth = zeros(1, 3, 7, 7), predicted = zeros(1, 3, 7, 7);
        predicted.slice(3, 6, 7, 1).fill_(1);
        double transform = 1 / Math.Sqrt(1 + 0.81 / (255.0 * 255.0)), distance = transform * transform / (0.1 + transform * transform);
        Assert.Equal(7 * distance / 49, Losses.Of(LossKind.Census, predicted, truth).ToDouble(), 1e-5);
    }

    [Fact]
    public void A_weighted_sum_is_the_sum_of_its_terms()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor truth = rand(1, 3, 16, 16), predicted = rand(1, 3, 16, 16);
        double expected = Losses.Of(LossKind.L1, predicted, truth).ToDouble() + 0.25 * Losses.Of(LossKind.Laplacian, predicted, truth).ToDouble();
        Assert.Equal(expected, Losses.Of(LossTerms.Parse("l1,laplacian=0.25"), predicted, truth).ToDouble(), 1e-5);
    }

    [Theory]
    [InlineData("l1", "l1")]
    [InlineData("L1 = 1", "l1")]
    [InlineData("charbonnier, census=0.1", "charbonnier,census=0.1")]
    public void Terms_are_read_and_written(string text, string written)
    {
        LossTerms terms = LossTerms.Parse(text);
        Assert.Equal(written, terms.ToString());
        Assert.Equal(terms, JsonSerializer.Deserialize<LossTerms>(JsonSerializer.Serialize(terms)));
    }

    [Theory]
    [InlineData("l3", "\"l3\" is unknown. Known: l1, l2, charbonnier, laplacian, census")]
    [InlineData("", "\"\" is unknown")]
    [InlineData("0", "\"0\" is unknown")]
    [InlineData("l1=0", "a number above 0 is needed, as in l1=0.2")]
    [InlineData("l1=half", "weight of the loss l1 is \"half\"")]
    [InlineData("l1,l1=2", "named twice")]
    public void Terms_that_mean_nothing_are_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<TrainingException>(() => LossTerms.Parse(text)).Message, StringComparison.Ordinal);
}
