using AdaConv.Engine.Convolution;
using Xunit;

namespace AdaConv.Engine.Tests;

/// <summary>What networks do to activations and taps beside convolutions, against plain formulas in float64.</summary>
public sealed unsafe class ResamplingTests
{
    [Theory]
    [InlineData(2, 2, 3)]
    [InlineData(7, 5, 16)]
    [InlineData(12, 33, 37)]
    public void Halved_activations_are_means_of_four(int height, int width, int channels)
    {
        int stride = ActivationView.Rounded(channels), rows = height / 2, columns = width / 2;
        Random random = Seeded(height);
        using NativeBuffer input = Noise(random, height * width * stride), output = new(rows * columns * stride);
        ActivationResampling.Halve(new(input.Data, height, width, channels), new(output.Data, rows, columns, channels), threads: 2);
        for (int i = 0; i < rows * columns * channels; i++)
        {
            int c = i % channels, x = i / channels % columns, y = i / channels / columns;
            double At(int row, int column) => input.Data[(((2 * y) + row) * width + (2 * x) + column) * stride + c];
            Assert.Equal((At(0, 0) + At(0, 1) + At(1, 0) + At(1, 1)) / 4, output.Data[(y * columns + x) * stride + c], 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(3, 8, 16)]
    [InlineData(9, 5, 21)]
    public void Enlarged_activations_lie_on_the_lines_between_the_small_ones_and_the_corners_stay(int height, int width, int channels)
    {
        int stride = ActivationView.Rounded(channels), rows = 2 * height, columns = 2 * width;
        Random random = Seeded(height);
        using NativeBuffer input = Noise(random, height * width * stride), output = new(rows * columns * stride);
        ActivationResampling.Enlarge(new(input.Data, height, width, channels), new(output.Data, rows, columns, channels), threads: 3);
        for (int i = 0; i < rows * columns * channels; i++)
        {
            int c = i % channels, x = i / channels % columns, y = i / channels / columns;
            double v = y * (height - 1.0) / (rows - 1), u = x * (width - 1.0) / (columns - 1), expected = 0;
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    expected += Math.Max(0, 1 - Math.Abs(v - row)) * Math.Max(0, 1 - Math.Abs(u - column)) * input.Data[(row * width + column) * stride + c];
                }
            }

            Assert.Equal(expected, output.Data[(y * columns + x) * stride + c], 2e-6);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(5, 3, 6, 19)]
    [InlineData(51, 2, 9, 33)]
    public void Pairs_are_divided_by_the_sums_of_their_kernels(int taps, int planes, int height, int width)
    {
        Random random = Seeded(taps);
        int plane = height * width;
        using NativeBuffer pair = Noise(random, 2 * planes * plane), kernels = Noise(random, 4 * taps * plane), output = new(planes * plane);
        for (int k = 0; k < 4 * taps; k++)
        {
            kernels.Data[k * plane] = 0; // a sum of zero counts as one
        }

        KernelNormalization.Apply(taps, planes, height, width, pair.Data, kernels.Data, output.Data, new(Threads: 2));
        for (int i = 0; i < planes * plane; i++)
        {
            (int p, int at) = Math.DivRem(i, plane);
            double Sum(int kernel) => Enumerable.Range(kernel * taps, taps).Sum(k => (double)kernels.Data[k * plane + at]);
            double norm = (Sum(0) * Sum(1)) + (Sum(2) * Sum(3)), expected = (double)pair.Data[i] + pair.Data[planes * plane + i];
            if (Math.Abs(norm) is < 0.0099 or > 0.0101)
            {
                expected /= Math.Abs(norm) < 0.01 ? 1 : norm;
                Assert.Equal(expected, output.Data[i], 1e-5 * Math.Max(1, Math.Abs(expected)) * Math.Max(1, taps / Math.Max(0.01, Math.Abs(norm))));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40_001)]
    public void A_flows_extent_is_its_largest_component(int length)
    {
        Random random = Seeded(length);
        using NativeBuffer flows = Noise(random, 4 * length), output = new(length);
        flows.Data[2 * length] = float.NaN;
        FlowExtent.Row(4, flows.Data, length, output.Data, length);
        Assert.Equal(float.NaN, output.Data[0]);
        for (int i = 1; i < length; i++)
        {
            Assert.Equal(Enumerable.Range(0, 4).Max(p => Math.Abs(flows.Data[p * length + i])), output.Data[i]);
        }
    }

    private static Random Seeded(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new(seed);
    }

    private static NativeBuffer Noise(Random random, int floats)
    {
        NativeBuffer buffer = new(floats);
        for (int i = 0; i < floats; i++)
        {
            buffer.Data[i] = (2 * random.NextSingle()) - 1;
        }

        return buffer;
    }
}
