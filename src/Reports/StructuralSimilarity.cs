using System.Numerics.Tensors;

namespace AdaConv.Reports;

/// <summary>SSIM as in Wang, Bovik, Sheikh, Simoncelli: "Image Quality Assessment", 2004, eq. 13.</summary>
/// <remarks>
/// Gaussian window of 11×11 with σ = 1.5, K₁ = 0.01, K₂ = 0.03, L = 255; the mean over all places where the window lies inside the image.
/// Images smaller than the window give 1 when equal, else NaN. Computed in float32, within 3·10⁻⁵ of the formula in float64
/// (flat areas are the worst); the same for any number of threads.
/// </remarks>
public static class StructuralSimilarity
{
    private const int Window = 11, RowsPerBand = 32;
    private const float C1 = 0.01f * 255 * 0.01f * 255, C2 = 0.03f * 255 * 0.03f * 255;

    // Variances do not change with a constant, and float32 keeps more of small squares than of large ones.
    private const float Centre = 128;
    private static readonly float[] Gaussian = MakeGaussian();

    /// <summary>The similarity of two planes.</summary>
    /// <param name="a">Height × width codes.</param>
    /// <param name="b">The same of the other image.</param>
    /// <param name="width">Width of both.</param>
    /// <param name="height">Height of both.</param>
    /// <exception cref="ArgumentException">A plane is not of the given size.</exception>
    public static unsafe double Of(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, int height)
    {
        if (a.Length != (long)width * height || b.Length != a.Length)
        {
            throw new ArgumentException($"Planes of {a.Length} and {b.Length} codes are not both of {width}x{height}.");
        }

        if (width < Window || height < Window)
        {
            return a.SequenceEqual(b) ? 1 : double.NaN;
        }

        int columns = width - Window + 1, rows = height - Window + 1, bands = (rows + RowsPerBand - 1) / RowsPerBand;
        double[] sums = new double[bands]; // added in order, whichever thread is first
        fixed (byte* first = a, second = b)
        {
            byte* planeA = first, planeB = second;
            Parallel.For(0, bands, band =>
            {
                int top = band * RowsPerBand, count = Math.Min(RowsPerBand, rows - top), length = (count + Window - 1) * width;
                sums[band] = Band(new(planeA + (long)top * width, length), new(planeB + (long)top * width, length), width, count);
            });
        }

        return sums.Sum() / ((double)columns * rows);
    }

    // The sum over `count` rows of places; the band has Window − 1 rows more.
    private static double Band(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, int count)
    {
        int columns = width - Window + 1;
        float[] rowA = new float[width], rowB = new float[width], products = new float[width];
        Moment meanA = new(columns), meanB = new(columns), squares = new(columns), product = new(columns);
        double sum = 0;
        for (int y = 0; y < count + Window - 1; y++)
        {
            TensorPrimitives.ConvertTruncating(a.Slice(y * width, width), rowA);
            TensorPrimitives.ConvertTruncating(b.Slice(y * width, width), rowB);
            TensorPrimitives.Subtract(rowA, Centre, rowA);
            TensorPrimitives.Subtract(rowB, Centre, rowB);
            meanA.Add(y, rowA);
            meanB.Add(y, rowB);
            TensorPrimitives.Multiply(rowA, rowB, products);
            product.Add(y, products);
            TensorPrimitives.Multiply(rowA, rowA, rowA);
            TensorPrimitives.MultiplyAdd(rowB, rowB, rowA, products);
            squares.Add(y, products);
            if (y >= Window - 1)
            {
                sum += Sum(meanA.Blurred(y), meanB.Blurred(y), squares.Blurred(y), product.Blurred(y));
            }
        }

        return sum;
    }

    // Eq. 13 summed over a row; both variances appear there as their sum only.
    private static double Sum(ReadOnlySpan<float> meanA, ReadOnlySpan<float> meanB, ReadOnlySpan<float> squares, ReadOnlySpan<float> product)
    {
        float sum = 0;
        for (int x = 0; x < meanA.Length; x++)
        {
            float variances = squares[x] - meanA[x] * meanA[x] - meanB[x] * meanB[x], covariance = product[x] - meanA[x] * meanB[x];
            float a = meanA[x] + Centre, b = meanB[x] + Centre;
            sum += (2 * a * b + C1) * (2 * covariance + C2) / ((a * a + b * b + C1) * (variances + C2));
        }

        return sum;
    }

    private static float[] MakeGaussian()
    {
        double[] weights = [.. Enumerable.Range(0, Window).Select(i => Math.Exp(-Math.Pow(i - Window / 2, 2) / (2 * 1.5 * 1.5)))];
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    // The last Window rows of one quantity, weighted along x; and their mean weighted along y.
    private sealed class Moment(int columns)
    {
        private readonly float[] _rows = new float[Window * columns], _blurred = new float[columns];

        public void Add(int y, ReadOnlySpan<float> values)
        {
            Span<float> row = Row(y);
            TensorPrimitives.Multiply(values[..columns], Gaussian[0], row);
            for (int i = 1; i < Window; i++)
            {
                TensorPrimitives.MultiplyAdd(values.Slice(i, columns), Gaussian[i], row, row);
            }
        }

        public ReadOnlySpan<float> Blurred(int lastRow)
        {
            TensorPrimitives.Multiply(Row(lastRow), Gaussian[0], _blurred);
            for (int i = 1; i < Window; i++)
            {
                TensorPrimitives.MultiplyAdd(Row(lastRow - i), Gaussian[i], _blurred, _blurred);
            }

            return _blurred;
        }

        private Span<float> Row(int y) => _rows.AsSpan(y % Window * columns, columns);
    }
}
