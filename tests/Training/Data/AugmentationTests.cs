using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class AugmentationTests
{
    private const int Size = 4, Plane = Size * Size;

    // Every byte of the nine planes is another one.
    private static readonly byte[] Triplet = [.. Enumerable.Range(0, 9 * Plane).Select(i => (byte)i)];

    [Fact]
    public void Without_options_nothing_changes()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(Triplet, Apply(AugmentationConfiguration.None, seed));
        }
    }

    [Theory]
    [InlineData("flipHorizontally")]
    [InlineData("flipVertically")]
    [InlineData("transpose")]
    [InlineData("swapFrames")]
    public void Each_option_happens_half_of_the_time_and_to_all_frames_alike(string option)
    {
        var (configuration, changed) = option switch
        {
            "flipHorizontally" => (AugmentationConfiguration.None with { FlipHorizontally = true }, Rearranged((x, y) => (Size - 1 - x, y))),
            "flipVertically" => (AugmentationConfiguration.None with { FlipVertically = true }, Rearranged((x, y) => (x, Size - 1 - y))),
            "transpose" => (AugmentationConfiguration.None with { Transpose = true }, Rearranged((x, y) => (y, x))),
            _ => (AugmentationConfiguration.None with { SwapFrames = true },
                [.. Triplet[(3 * Plane)..(6 * Plane)], .. Triplet[..(3 * Plane)], .. Triplet[(6 * Plane)..]]),
        };
        byte[][] results = [.. Enumerable.Range(0, 100).Select(seed => Apply(configuration, seed))];
        Assert.All(results, result => Assert.True(result.SequenceEqual(Triplet) || result.SequenceEqual(changed)));
        Assert.InRange(results.Count(result => result.SequenceEqual(changed)), 30, 70);
    }

    [Fact]
    public void Channels_are_exchanged_in_all_frames_alike()
    {
        HashSet<string> orders = [];
        for (int seed = 0; seed < 60; seed++)
        {
            byte[] result = Apply(AugmentationConfiguration.None with { ChannelOrder = true }, seed);
            int[] order = [.. Enumerable.Range(0, 3).Select(colour => result[colour * Plane] / Plane)];
            Assert.Equal([0, 1, 2], order.Order());
            Assert.All(Enumerable.Range(0, 9), plane => Assert.Equal((plane / 3 * 3 + order[plane % 3]) * Plane, result[plane * Plane]));
            orders.Add(string.Concat(order));
        }

        Assert.Equal(["012", "021", "102", "210"], orders.Order());
    }

    [Fact]
    public void Brightness_and_gamma_change_values_monotonously()
    {
        var configuration = AugmentationConfiguration.None with { Brightness = 0.3, Gamma = 0.5 };
        byte[][] results = [.. Enumerable.Range(0, 30).Select(seed => Apply(configuration, seed))];
        Assert.All(results, result => Assert.Equal(result, result.Order()));
        Assert.True(results.Select(result => result[100]).Distinct().Count() > 10);
    }

    [Fact]
    public void Area_scaling_takes_means()
    {
        byte[] source = [10, 20, 30, 40, 30, 40, 50, 60, 0, 0, 200, 200, 0, 0, 200, 200];
        byte[] target = new byte[4];
        AreaScaling.Apply(source, 4, target, 2);
        Assert.Equal([25, 45, 0, 200], target);

        byte[] three = new byte[9];
        AreaScaling.Apply([.. Enumerable.Repeat((byte)77, 16)], 4, three, 3);
        Assert.All(three, value => Assert.Equal(77, value));
    }

    private static byte[] Apply(AugmentationConfiguration configuration, int seed)
    {
        float[] sample = new float[9 * Plane];
        new Augmentation(configuration, new Random(seed)).Apply(Triplet, Size, sample);
        return [.. sample.Select(value => (byte)MathF.Round(value * 255))];
    }

    private static byte[] Rearranged(Func<int, int, (int X, int Y)> from) =>
        [.. Enumerable.Range(0, 9 * Plane)
            .Select(i => Triplet[i / Plane * Plane + from(i % Size, i % Plane / Size).Y * Size + from(i % Size, i % Plane / Size).X])];
}
