namespace AdaConv.Training.Evaluation;

/// <summary>SSIM as in Wang, Bovik, Sheikh, Simoncelli: "Image Quality Assessment", 2004, eq. 13.</summary>
/// <remarks>
/// Gaussian window of 11×11 with σ = 1.5, K₁ = 0.01, K₂ = 0.03, L = 255; the mean over all places where the window lies inside the image.
/// Images smaller than the window give 1 when equal, else NaN.
/// </remarks>
public static class StructuralSimilarity
{
    private const int Window = 11;
    private const double C1 = 0.01 * 255 * 0.01 * 255, C2 = 0.03 * 255 * 0.03 * 255;
    private static readonly float[] Gaussian = MakeGaussian();

    /// <summary>The similarity of two planes.</summary>
    /// <param name="a">Height × width values, 0 to 255.</param>
    /// <param name="b">The same of the other image.</param>
    /// <param name="width">Width of both.</param>
    /// <param name="height">Height of both.</param>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int width, int height)
    {
        if (width < Window || height < Window)
        {
            return a.SequenceEqual(b) ? 1 : double.NaN;
        }

        int length = a.Length;
        float[][] moments = [.. Enumerable.Range(0, 5).Select(_ => new float[length])];
        for (int i = 0; i < length; i++)
        {
            (moments[0][i], moments[1][i], moments[2][i], moments[3][i], moments[4][i]) = (a[i], b[i], a[i] * a[i], b[i] * b[i], a[i] * b[i]);
        }

        Parallel.ForEach(moments, moment => Blur(moment, width, height));
        double sum = 0;
        int columns = width - Window + 1, rows = height - Window + 1;
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                int i = y * width + x;
                double meanA = moments[0][i], meanB = moments[1][i];
                double varianceA = moments[2][i] - meanA * meanA, varianceB = moments[3][i] - meanB * meanB;
                double covariance = moments[4][i] - meanA * meanB;
                sum += (2 * meanA * meanB + C1) * (2 * covariance + C2)
                    / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
            }
        }

        return sum / ((long)columns * rows);
    }

    // Each value becomes the weighted mean of the window that begins at it.
    private static void Blur(float[] plane, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            Span<float> row = plane.AsSpan(y * width, width);
            for (int x = 0; x <= width - Window; x++)
            {
                row[x] = Dot(row[x..], 1);
            }
        }

        for (int y = 0; y <= height - Window; y++)
        {
            for (int x = 0; x <= width - Window; x++)
            {
                plane[y * width + x] = Dot(plane.AsSpan(y * width + x), width);
            }
        }

        static float Dot(ReadOnlySpan<float> values, int step)
        {
            double sum = 0;
            for (int i = 0; i < Window; i++)
            {
                sum += Gaussian[i] * (double)values[i * step];
            }

            return (float)sum;
        }
    }

    private static float[] MakeGaussian()
    {
        double[] weights = [.. Enumerable.Range(0, Window).Select(i => Math.Exp(-Math.Pow(i - Window / 2, 2) / (2 * 1.5 * 1.5)))];
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }
}
