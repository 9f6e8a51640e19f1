using CsCheck;
using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class StructuralSimilarityTests
{
    private const double C1 = 6.5025, C2 = 58.5225; // (0.01 · 255)², (0.03 · 255)²

    [Fact]
    public void Flat_images_leave_the_luminance_term_alone()
    {
        // Without variance eq. 13 is (2ab + C₁) / (a² + b² + C₁).
        byte[] a = new byte[15 * 13], b = new byte[15 * 13];
        Array.Fill(a, (byte)50);
        Array.Fill(b, (byte)80);
        Assert.Equal((2 * 50 * 80 + C1) / (50 * 50 + 80 * 80 + C1), StructuralSimilarity.Of(a, b, 15, 13), 3e-5);
    }

    [Fact]
    public void Equal_planes_give_exactly_one()
    {
        var random = new Random(5);
        byte[] a = new byte[40 * 30];
        random.NextBytes(a);
        Assert.Equal(1, StructuralSimilarity.Of(a, a, 40, 30));
    }

    [Fact]
    public void One_window_of_two_values_agrees_with_the_formula_by_hand()
    {
        // b = 255 − a, and a is 0 but for its middle, 255, whose weight is w = 0.0707622 (the Gaussian's middle 0.2660117 squared).
        // Means 255w and 255(1 − w), variances 255² w(1 − w) both, covariance their negative.
        byte[] a = new byte[121], b = [.. Enumerable.Repeat((byte)255, 121)];
        (a[60], b[60]) = (255, 0);
        const double W = 0.0707622, MeanA = 255 * W, MeanB = 255 * (1 - W), Variance = 255 * 255 * W * (1 - W);
        double expected = (2 * MeanA * MeanB + C1) * (-2 * Variance + C2) / ((MeanA * MeanA + MeanB * MeanB + C1) * (2 * Variance + C2));
        Assert.Equal(expected, StructuralSimilarity.Of(a, b, 11, 11), 2e-6);
    }

    [Fact]
    public void Every_size_agrees_with_the_formula_written_out() => Gen.Select(Gen.Int[11, 70], Gen.Int[11, 90], Gen.Int[0, 60], Gen.Int).Sample(
        (width, height, noise, seed) =>
        {
            var random = new Random(seed);
            byte[] a = new byte[width * height], b = new byte[a.Length];
            for (int i = 0; i < a.Length; i++)
            {
                int value = (int)(127 + 100 * Math.Sin(i % width / 7.0) + 28 * Math.Cos(i / width / 3.0));
                a[i] = (byte)Math.Clamp(value, 0, 255);
                b[i] = (byte)Math.Clamp(value + random.Next(-noise, noise + 1), 0, 255);
            }

            Assert.Equal(Naive(a, b, width, height), StructuralSimilarity.Of(a, b, width, height), 3e-5);
        },
        iter: 30);

    [Fact]
    public void Images_smaller_than_the_window_are_equal_or_without_a_score()
    {
        byte[] a = new byte[10 * 40], b = new byte[10 * 40];
        Assert.Equal(1, StructuralSimilarity.Of(a, b, 10, 40));
        b[7] = 1;
        Assert.Equal(double.NaN, StructuralSimilarity.Of(a, b, 10, 40));
    }

    [Fact]
    public void Planes_of_another_size_are_refused() =>
        Assert.Throws<ArgumentException>(() => StructuralSimilarity.Of(new byte[400], new byte[399], 20, 20));

    // The definition, in float64, one window at a time.
    private static double Naive(byte[] a, byte[] b, int width, int height)
    {
        double[,] window = new double[11, 11];
        double total = 0;
        for (int y = 0; y < 11; y++)
        {
            for (int x = 0; x < 11; x++)
            {
                total += window[y, x] = Math.Exp(-((x - 5) * (x - 5) + (y - 5) * (y - 5)) / (2 * 1.5 * 1.5));
            }
        }

        double sum = 0;
        for (int top = 0; top + 11 <= height; top++)
        {
            for (int left = 0; left + 11 <= width; left++)
            {
                double meanA = 0, meanB = 0, varianceA = 0, varianceB = 0, covariance = 0;
                Each((weight, valueA, valueB) => (meanA, meanB) = (meanA + weight * valueA, meanB + weight * valueB));
                Each((weight, valueA, valueB) =>
                {
                    varianceA += weight * (valueA - meanA) * (valueA - meanA);
                    varianceB += weight * (valueB - meanB) * (valueB - meanB);
                    covariance += weight * (valueA - meanA) * (valueB - meanB);
                });
                sum += (2 * meanA * meanB + C1) * (2 * covariance + C2) / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));

                void Each(Action<double, double, double> add)
                {
                    for (int y = 0; y < 11; y++)
                    {
                        for (int x = 0; x < 11; x++)
                        {
                            int i = (top + y) * width + left + x;
                            add(window[y, x] / total, a[i], b[i]);
                        }
                    }
                }
            }
        }

        return sum / ((width - 10) * (height - 10));
    }
}
