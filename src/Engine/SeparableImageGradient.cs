using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The image's gradient, gathered in tiles that own their part of it:
/// <c>∂I(p, Y, X) = Σᵢⱼ g(p, Y − i, X − j) v(i, Y − i, X − j) h(j, Y − i, X − j)</c> over the padded image, whose borders are then added to
/// the edge they replicate. For each output row, h·g is formed once and shared by four image rows.
/// </summary>
internal sealed unsafe class SeparableImageGradient<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int TileHeight = 64;
    private const int Margin = 64; // zeros left of the first column: at least K − 1, a multiple of the alignment

    private readonly SeparableConvolutionShape shape;
    private readonly TensorView vertical, horizontal, gradOutput, gradImage;
    private readonly int tileWidth, tilesAcross, tilesDown;

    private SeparableImageGradient(SeparableConvolutionShape shape, TensorView vertical, TensorView horizontal, TensorView gradOutput,
        TensorView gradImage)
    {
        this.shape = shape;
        (this.vertical, this.horizontal, this.gradOutput, this.gradImage) = (vertical, horizontal, gradOutput, gradImage);
        tileWidth = SeparableTiling.Width(shape.Width);
        tilesAcross = (shape.Width + tileWidth - 1) / tileWidth;
        tilesDown = (shape.Height + TileHeight - 1) / TileHeight;
    }

    public static void Run(SeparableConvolutionShape shape, TensorView vertical, TensorView horizontal, TensorView gradOutput,
        TensorView gradImage, int threads)
    {
        var pass = new SeparableImageGradient<TOperations, TVector>(shape, vertical, horizontal, gradOutput, gradImage);
        Tiles.Run(shape.Batch * pass.tilesDown * pass.tilesAcross, threads, pass.Tile);
    }

    private void Tile(int index)
    {
        (int rest, int across) = Math.DivRem(index, tilesAcross);
        (int n, int down) = Math.DivRem(rest, tilesDown);
        int radius = shape.Taps / 2;
        // The owned part of the image, and in padded coordinates with the borders it owns.
        int x0 = across * tileWidth, x1 = Math.Min(x0 + tileWidth, shape.Width);
        int y0 = down * TileHeight, y1 = Math.Min(y0 + TileHeight, shape.Height);
        int left = x0 == 0 ? 0 : x0 + radius, right = x1 == shape.Width ? shape.Width + 2 * radius : x1 + radius;
        int top = y0 == 0 ? 0 : y0 + radius, bottom = y1 == shape.Height ? shape.Height + 2 * radius : y1 + radius;
        // Output columns that reach it.
        int first = Math.Max(0, left - 2 * radius) & ~1, last = Math.Min(shape.Width, right);
        int width = SeparableTiling.Rounded(last - first);

        int sumColumns = Scratch.Rounded(right - left), sumPlane = sumColumns * (bottom - top);
        int stride = Margin + Math.Max(width, Scratch.Rounded(left + sumColumns - first)); // of staged rows
        int tapFloats = shape.Taps * stride, blockFloats = shape.Taps * shape.Planes * TOperations.Count;
        var scratch = Scratch.ForThisThread(shape.Planes * (sumPlane + stride) + 2 * tapFloats + Scratch.Rounded(blockFloats));
        float* sums = scratch.Take(shape.Planes * sumPlane);
        float* v = scratch.Take(tapFloats);
        float* h = scratch.Take(tapFloats);
        float* grad = scratch.Take(shape.Planes * stride);
        float* products = scratch.Take(blockFloats);
        new Span<float>(sums, shape.Planes * sumPlane).Clear();
        new Span<float>(v, tapFloats).Clear();
        new Span<float>(h, tapFloats).Clear();
        new Span<float>(grad, shape.Planes * stride).Clear();

        var layout = new TapLayout(stride, 0, TOperations.Count);
        for (int y = Math.Max(0, top - 2 * radius); y < Math.Min(shape.Height, bottom); y++)
        {
            TapRows<TOperations, TVector>.Stage(shape, vertical.Item(n), y, 1, first, width, layout, v + Margin);
            TapRows<TOperations, TVector>.Stage(shape, horizontal.Item(n), y, 1, first, width, layout, h + Margin);
            StageGradient(gradOutput.Item(n) + (long)y * shape.Width + first, v + Margin, h + Margin, stride, last - first, grad + Margin);
            int firstTap = Math.Max(0, top - y), lastTap = Math.Min(shape.Taps, bottom - y);
            for (int x = 0; x < sumColumns; x += TOperations.Count)
            {
                int column = Margin + left - first + x;
                Block(v + column, h + column, grad + column, stride, products, firstTap, lastTap,
                    sums + (y - top) * sumColumns + x, sumColumns, sumPlane);
            }
        }
        for (int p = 0; p < shape.Planes; p++)
            Write(sums + p * sumPlane, sumColumns, x0, x1, y0, y1, left, right, top, bottom, gradImage.Item(n) + p * shape.PlaneSize);
    }

    /// <summary>Divides a row of the output's gradient by the divisor; past the last column it becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StageGradient(float* gradOutput, float* v, float* h, int stride, int columns, float* target)
    {
        for (int x = 0; x < columns; x += TOperations.Count)
        {
            TVector factor = TOperations.Create(1);
            if (shape.Normalize)
                factor = SeparableTiling.Factor<TOperations, TVector>(v + x, h + x, shape.Taps, stride);
            for (int p = 0; p < shape.Planes; p++)
            {
                TVector g = TOperations.Load(gradOutput + p * shape.PlaneSize + x, columns - x);
                TOperations.Store(TOperations.Multiply(g, factor), target + p * stride + x);
            }
        }
    }

    /// <summary>What one output row gives to one vector of columns of the image rows that it reaches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block(float* v, float* h, float* grad, int stride, float* products, int firstTap, int lastTap, float* sums,
        int sumColumns, int sumPlane)
    {
        for (int p = 0; p < shape.Planes;)
        {
            int planes = shape.Planes - p >= 3 ? 3 : 1;
            float* product = products;
            for (int j = 0; j < shape.Taps; j++)
            {
                TVector tap = TOperations.Load(h + j * stride - j);
                for (int q = p; q < p + planes; q++, product += TOperations.Count)
                    TOperations.Store(TOperations.Multiply(tap, TOperations.Load(grad + q * stride - j)), product);
            }
            float* target = sums + p * sumPlane;
            int i = firstTap;
            if (planes == 3)
            {
                for (; i + 4 <= lastTap; i += 4)
                    SeparableImageGradientKernels<TOperations, TVector>.FourRowsThreePlanes(v + i * stride, stride, products, shape.Taps,
                        target + i * sumColumns, sumColumns, sumPlane);
                for (; i < lastTap; i++)
                    SeparableImageGradientKernels<TOperations, TVector>.OneRowThreePlanes(v + i * stride, products, shape.Taps,
                        target + i * sumColumns, sumPlane);
            }
            else
            {
                for (; i + 4 <= lastTap; i += 4)
                    SeparableImageGradientKernels<TOperations, TVector>.FourRowsOnePlane(v + i * stride, stride, products, shape.Taps,
                        target + i * sumColumns, sumColumns);
                for (; i < lastTap; i++)
                    SeparableImageGradientKernels<TOperations, TVector>.OneRowOnePlane(v + i * stride, products, shape.Taps,
                        target + i * sumColumns);
            }
            p += planes;
        }
    }

    /// <summary>Adds the padded borders to the edges they replicate and writes the owned part.</summary>
    private void Write(float* sums, int sumColumns, int x0, int x1, int y0, int y1, int left, int right, int top, int bottom, float* target)
    {
        int radius = shape.Taps / 2, columns = right - left, rows = bottom - top;
        int firstRow = y0 + radius - top, lastRow = y1 - 1 + radius - top, firstColumn = x0 + radius - left,
            lastColumn = x1 - 1 + radius - left;
        for (int r = 0; r < rows; r++)
        {
            float* row = sums + r * sumColumns;
            for (int c = 0; c < firstColumn; c++)
                row[firstColumn] += row[c];
            for (int c = lastColumn + 1; c < columns; c++)
                row[lastColumn] += row[c];
        }
        for (int r = 0; r < rows; r++)
        {
            if (r >= firstRow && r <= lastRow)
                continue;
            float* edge = sums + (r < firstRow ? firstRow : lastRow) * sumColumns, row = sums + r * sumColumns;
            for (int c = firstColumn; c <= lastColumn; c++)
                edge[c] += row[c];
        }
        for (int r = firstRow; r <= lastRow; r++)
        {
            new ReadOnlySpan<float>(sums + r * sumColumns + firstColumn, x1 - x0)
                .CopyTo(new Span<float>(target + (long)(y0 + r - firstRow) * shape.Width + x0, x1 - x0));
        }
    }
}
