using AdaConv.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Training.Tests.Optimization;

public class FittedPlaceTests
{
    [Theory]
    [InlineData(0.6, -0.4, 0.05)]
    [InlineData(-0.3, 0.2, 0.02)]
    [InlineData(0, 0, 1e-6)]
    public void How_far_the_truth_lies_further_on_is_found_to_a_part_of_a_pixel(double x, double y, double tolerance)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor place = FittedPlace.Of(Waves(0, 0), Waves(x, y));
        Assert.Equal([1, 2, 64, 96], place.shape);
        Assert.False(place.requires_grad);
        Tensor inside = place.slice(2, 16, 48, 1).slice(3, 16, 80, 1);
        Assert.Equal(x, inside.slice(1, 0, 1, 1).mean().item<float>(), tolerance);
        Assert.Equal(y, inside.slice(1, 1, 2, 1).mean().item<float>(), tolerance);
    }

    [Fact]
    public void What_has_no_texture_stays_and_nothing_moves_by_more_than_two_pixels()
    {
        using IDisposable scope = NewDisposeScope();
        Assert.Equal(0, FittedPlace.Of(full([1, 3, 64, 96], 0.5f), full([1, 3, 64, 96], 0.6f)).abs().max().item<float>(), 1e-6);
        Tensor far = FittedPlace.Of(Waves(0, 0), ones(1, 3, 64, 96) - Waves(0, 0));
        Assert.InRange((far * far).sum(1).sqrt().max().item<float>(), 0, 2.0001f);
    }

    // Waves some twenty pixels long, moved by x and y.
    private static Tensor Waves(double x, double y)
    {
        Tensor column = arange(96).view(1, 1, 1, 96).to(ScalarType.Float64) - x, row = arange(64).view(1, 1, 64, 1).to(ScalarType.Float64) - y;
        Tensor waves = (0.5 + (0.2 * ((0.31 * column) + (0.1 * row)).sin()) + (0.2 * ((0.27 * row) - (0.12 * column)).cos())).to(ScalarType.Float32);
        return waves.expand(1, 3, 64, 96).contiguous();
    }
}
