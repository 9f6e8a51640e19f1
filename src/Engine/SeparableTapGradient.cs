using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Gradients of both tap maps, in tiles that own their part of the maps. With g the output's gradient divided by the divisor and
/// <c>C(i, j) = Σₚ g(p) I(p, y + i, x + j)</c>: <c>∂v(i) = Σⱼ h(j) C(i, j)</c>, <c>∂h(j) = Σᵢ v(i) C(i, j)</c>; and through the divisor
/// d = (Σ v)(Σ h): <c>∂d = −Σᵢ v(i) ∂v(i) / d</c>, times Σ h for every v, times Σ v for every h.
/// </summary>
internal sealed unsafe class SeparableTapGradient<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int StripRows = 2;
    private const int TileHeight = 64;

    private readonly SeparableConvolutionShape shape;
    private readonly TensorView image, vertical, horizontal, gradOutput, gradVertical, gradHorizontal;
    private readonly int tileWidth, tileHeight, tilesAcross, tilesDown; // in elements of the tap maps

    private SeparableTapGradient(SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView gradOutput, TensorView gradVertical, TensorView gradHorizontal)
    {
        this.shape = shape;
        (this.image, this.vertical, this.horizontal) = (image, vertical, horizontal);
        (this.gradOutput, this.gradVertical, this.gradHorizontal) = (gradOutput, gradVertical, gradHorizontal);
        int width = SeparableTiling.Width(shape.Width);
        // A half-resolution tap also reaches one output column on each side of its own two: leave room for those.
        tileWidth = shape.TapScale == 1 ? width : width >= shape.Width ? shape.TapWidth : width / 2 - 2;
        tileHeight = TileHeight / shape.TapScale;
        tilesAcross = (shape.TapWidth + tileWidth - 1) / tileWidth;
        tilesDown = (shape.TapHeight + tileHeight - 1) / tileHeight;
    }

    public static void Run(SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView gradOutput, TensorView gradVertical, TensorView gradHorizontal, int threads)
    {
        var pass = new SeparableTapGradient<TOperations, TVector>(shape, image, vertical, horizontal, gradOutput, gradVertical,
            gradHorizontal);
        Tiles.Run(shape.Batch * pass.tilesDown * pass.tilesAcross, threads, pass.Tile);
    }

    private void Tile(int index)
    {
        (int rest, int across) = Math.DivRem(index, tilesAcross);
        (int n, int down) = Math.DivRem(rest, tilesDown);
        // The maps' part that this tile owns, and the output pixels that it depends on.
        int left = across * tileWidth, right = Math.Min(left + tileWidth, shape.TapWidth);
        int top = down * tileHeight, bottom = Math.Min(top + tileHeight, shape.TapHeight);
        bool half = shape.TapScale == 2;
        int x0 = half ? Math.Max(0, 2 * left - 2) : left, x1 = half ? Math.Min(shape.Width, 2 * right + 1) : right;
        // At half resolution strips begin at odd rows, one row before the image if need be: see TapGradientRows.Add.
        int y0 = half ? 2 * top - 1 : top, y1 = half ? 2 * bottom + 1 : bottom;

        int width = SeparableTiling.Rounded(x1 - x0);
        int strips = (y1 - y0 + StripRows - 1) / StripRows;
        int patchColumns = Scratch.Rounded(width + shape.Taps - 1), patchRows = strips * StripRows + shape.Taps - 1;
        int patchPlane = patchRows * patchColumns;
        int tapFloats = shape.Taps * StripRows * width, vectorTaps = shape.Taps * StripRows * TOperations.Count;
        int gradFloats = shape.Planes * StripRows * TOperations.Count;
        int gatherFloats = half ? TapGradientRows<TOperations, TVector>.ScratchFloats(shape.Taps, width) : 0;
        var scratch = Scratch.ForThisThread(Scratch.Rounded(shape.Planes * patchPlane) + 2 * Scratch.Rounded(tapFloats)
            + 2 * Scratch.Rounded(vectorTaps) + Scratch.Rounded(gradFloats) + 2 * gatherFloats);
        float* patch = scratch.Take(shape.Planes * patchPlane);
        float* v = scratch.Take(tapFloats);
        float* h = scratch.Take(tapFloats);
        float* gradV = scratch.Take(vectorTaps);
        float* gradH = scratch.Take(vectorTaps);
        float* grad = scratch.Take(gradFloats);
        TapGradientRows<TOperations, TVector> verticalRows = default, horizontalRows = default;
        if (half)
        {
            verticalRows = new(shape, gradVertical.Item(n), left, right, top, bottom, x0, width, ref scratch);
            horizontalRows = new(shape, gradHorizontal.Item(n), left, right, top, bottom, x0, width, ref scratch);
        }

        for (int p = 0; p < shape.Planes; p++)
        {
            ImagePatch.Copy(image.Item(n) + p * shape.PlaneSize, shape.Height, shape.Width, y0 - shape.Taps / 2, patchRows,
                x0 - shape.Taps / 2, patchColumns, patch + p * patchPlane);
        }

        var layout = new TapLayout(StripRows * TOperations.Count, TOperations.Count, vectorTaps);
        for (int y = y0; y < y1; y += StripRows)
        {
            TapRows<TOperations, TVector>.Stage(shape, vertical.Item(n), y, StripRows, x0, width, layout, v);
            TapRows<TOperations, TVector>.Stage(shape, horizontal.Item(n), y, StripRows, x0, width, layout, h);
            int firstRow = Math.Max(0, -y), rows = Math.Min(StripRows, Math.Min(y1, shape.Height) - y);
            for (int x = x0; x < x1; x += TOperations.Count)
            {
                int taps = (x - x0) / TOperations.Count * layout.Vector;
                Block(gradOutput.Item(n) + (long)y * shape.Width + x, patch + (y - y0) * patchColumns + (x - x0), patchColumns, patchPlane,
                    v + taps, h + taps, grad, gradV, gradH, firstRow, rows, x1 - x);
                if (half)
                {
                    verticalRows.Add(gradV, x - x0);
                    horizontalRows.Add(gradH, x - x0);
                    continue;
                }
                for (int r = 0; r < rows; r++)
                {
                    long offset = (long)(y + r) * shape.Width + x;
                    WriteTaps(gradV + r * TOperations.Count, gradVertical.Item(n) + offset, x1 - x);
                    WriteTaps(gradH + r * TOperations.Count, gradHorizontal.Item(n) + offset, x1 - x);
                }
            }
            if (half)
            {
                verticalRows.Finish((y + 1) / 2);
                horizontalRows.Finish((y + 1) / 2);
            }
        }
    }

    /// <summary>One vector of columns in two rows, of which firstRow to rows − 1 exist: taps [K, 2, vector] to their gradients, laid out
    /// alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block(float* gradOutput, float* patch, int patchColumns, long patchPlane, float* v, float* h,
        float* grad, float* gradV, float* gradH, int firstRow, int rows, int columns)
    {
        int step = StripRows * TOperations.Count;
        TVector limit = TOperations.Create(SeparableConvolutionShape.SmallestDivisor), one = TOperations.Create(1);
        for (int r = 0; r < StripRows; r++)
        {
            TVector factor = one;
            if (shape.Normalize)
                factor = SeparableTiling.Factor<TOperations, TVector>(v + r * TOperations.Count, h + r * TOperations.Count, shape.Taps,
                    step);
            for (int p = 0; p < shape.Planes; p++)
            {
                TVector g = r >= firstRow && r < rows
                    ? TOperations.Load(gradOutput + p * shape.PlaneSize + (long)r * shape.Width, columns)
                    : TOperations.Zero;
                TOperations.Store(TOperations.Multiply(g, factor), grad + (p * StripRows + r) * TOperations.Count);
            }
        }

        new Span<float>(gradV, shape.Taps * step).Clear();
        new Span<float>(gradH, shape.Taps * step).Clear();
        int plane = 0;
        for (; plane + 3 <= shape.Planes; plane += 3)
            SeparableTapGradientKernels<TOperations, TVector>.ThreePlanes(patch + plane * patchPlane, patchColumns, patchPlane, v, h,
                shape.Taps, grad + plane * step, gradV, gradH);
        for (; plane < shape.Planes; plane++)
            SeparableTapGradientKernels<TOperations, TVector>.OnePlane(patch + plane * patchPlane, patchColumns, v, h, shape.Taps,
                grad + plane * step, gradV, gradH);

        for (int r = 0; r < StripRows && shape.Normalize; r++)
        {
            float* rowV = v + r * TOperations.Count, rowH = h + r * TOperations.Count;
            float* rowGradV = gradV + r * TOperations.Count, rowGradH = gradH + r * TOperations.Count;
            TVector sumV = SeparableTiling.Sum<TOperations, TVector>(rowV, shape.Taps, step);
            TVector sumH = SeparableTiling.Sum<TOperations, TVector>(rowH, shape.Taps, step);
            TVector product = TOperations.Multiply(sumV, sumH), dot = TOperations.Zero;
            for (int k = 0; k < shape.Taps; k++)
                dot = TOperations.MultiplyAdd(TOperations.Load(rowV + k * step), TOperations.Load(rowGradV + k * step), dot);
            TVector gradDivisor = TOperations.WhereSmall(product, limit, TOperations.Zero,
                TOperations.Divide(TOperations.Subtract(TOperations.Zero, dot), product));
            for (int k = 0; k < shape.Taps; k++)
            {
                TOperations.Store(TOperations.MultiplyAdd(gradDivisor, sumH, TOperations.Load(rowGradV + k * step)), rowGradV + k * step);
                TOperations.Store(TOperations.MultiplyAdd(gradDivisor, sumV, TOperations.Load(rowGradH + k * step)), rowGradH + k * step);
            }
        }
    }

    private void WriteTaps(float* source, float* target, int columns)
    {
        for (int k = 0; k < shape.Taps; k++, source += StripRows * TOperations.Count, target += shape.TapPlaneSize)
            TOperations.Store(TOperations.Load(source), target, columns);
    }
}
