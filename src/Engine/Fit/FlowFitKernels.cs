using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Fit;

/// <summary>The fit of flows, a vector at a time: see <see cref="FlowFit"/>.</summary>
internal static unsafe class FlowFitKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Adds a row's pixels to the sums of its row of cells, column by column; those beyond the width hold anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(in FitShape shape, float time, ThreeRows rows, float* pixels)
    {
        int stride = shape.Stride, second = shape.Planes * stride;
        TVector late = TOperations.Create(time), early = TOperations.Create(1 - time), one = TOperations.Create(1);
        TVector doubt = TOperations.Create(1 / (shape.Planes * FlowFit.Doubt * FlowFit.Doubt));
        for (int x = 0; x < shape.Width; x += TOperations.Count)
        {
            TVector xx = TOperations.Zero, xy = TOperations.Zero, yy = TOperations.Zero;
            TVector xe = TOperations.Zero, ye = TOperations.Zero, squares = TOperations.Zero, differences = TOperations.Zero;
            for (int i = x; i < x + second; i += stride)
            {
                float* a = rows.Row + i, b = a + second;
                TVector gx = TOperations.Multiply(late, TOperations.Subtract(TOperations.Load(a + 1), TOperations.Load(a - 1)));
                gx = TOperations.MultiplyAdd(early, TOperations.Subtract(TOperations.Load(b + 1), TOperations.Load(b - 1)), gx);
                TVector gy = TOperations.Multiply(late, TOperations.Subtract(TOperations.Load(rows.Below + i), TOperations.Load(rows.Above + i)));
                gy = TOperations.MultiplyAdd(
                    early, TOperations.Subtract(TOperations.Load(rows.Below + second + i), TOperations.Load(rows.Above + second + i)), gy);
                TVector e = TOperations.Subtract(TOperations.Load(b), TOperations.Load(a));
                xx = TOperations.MultiplyAdd(gx, gx, xx);
                xy = TOperations.MultiplyAdd(gx, gy, xy);
                yy = TOperations.MultiplyAdd(gy, gy, yy);
                xe = TOperations.MultiplyAdd(gx, e, xe);
                ye = TOperations.MultiplyAdd(gy, e, ye);
                squares = TOperations.MultiplyAdd(e, e, squares);
                differences = TOperations.Add(differences, TOperations.Max(e, TOperations.Subtract(TOperations.Zero, e)));
            }

            TVector weight = TOperations.Divide(one, TOperations.MultiplyAdd(squares, doubt, one));
            Accumulate(pixels + x, weight, xx);
            Accumulate(pixels + stride + x, weight, xy);
            Accumulate(pixels + 2 * stride + x, weight, yy);
            Accumulate(pixels + 3 * stride + x, weight, xe);
            Accumulate(pixels + 4 * stride + x, weight, ye);
            float* difference = pixels + FlowFit.Difference * stride + x;
            TOperations.Store(TOperations.Add(TOperations.Load(difference), differences), difference);
        }
    }

    /// <summary>Sums of four neighbours each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumCells(float* pixels, float* cells, int count)
    {
        for (int i = 0; i < count; i += TOperations.Count, pixels += FlowFit.Cell * TOperations.Count)
        {
            TVector sums = NeighbourSums<TOperations, TVector>.OfFour(
                TOperations.Load(pixels), TOperations.Load(pixels + TOperations.Count), TOperations.Load(pixels + 2 * TOperations.Count),
                TOperations.Load(pixels + 3 * TOperations.Count));
            TOperations.Store(sums, cells + i, count - i);
        }
    }

    /// <summary>A row of cells of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveRow(in FitShape shape, int row, FlowShares shares, float* sums, float* added, float* change, float* scratch)
    {
        const float damping = FlowFit.Damping * FlowFit.Window;
        int columns = shape.Columns, stride = shape.CellStride;
        nint cells = (nint)shape.Rows * columns;
        float* windows = scratch + FlowFit.Margin;
        for (int sum = 0; sum < FlowFit.Products; sum++)
        {
            float* plane = sums + sum * cells, target = windows + sum * stride;
            SumRows(plane + Math.Max(row - 1, 0) * columns, plane + row * columns, plane + Math.Min(row + 1, shape.Rows - 1) * columns, target, columns);
            (target[-1], target[columns]) = (target[0], target[columns - 1]);
        }

        TVector extra = TOperations.Create(damping), least = TOperations.Create(damping * damping), longest = TOperations.Create(FlowFit.Longest);
        TVector first = TOperations.Create(shares.First), second = TOperations.Create(shares.Second);
        for (int i = 0; i < columns; i += TOperations.Count, windows += TOperations.Count)
        {
            TVector xx = TOperations.Add(Around(windows), extra), xy = Around(windows + stride), yy = TOperations.Add(Around(windows + 2 * stride), extra);
            TVector xe = Around(windows + 3 * stride), ye = Around(windows + 4 * stride);
            TVector determinant = TOperations.Max(TOperations.NegatedMultiplyAdd(xy, xy, TOperations.Multiply(xx, yy)), least);
            TVector x = TOperations.Divide(TOperations.NegatedMultiplyAdd(xy, ye, TOperations.Multiply(yy, xe)), determinant);
            TVector y = TOperations.Divide(TOperations.NegatedMultiplyAdd(xy, xe, TOperations.Multiply(xx, ye)), determinant);
            TVector length = TOperations.SquareRoot(TOperations.MultiplyAdd(x, x, TOperations.Multiply(y, y)));
            TVector cut = TOperations.Divide(longest, TOperations.Max(length, longest));
            x = TOperations.Multiply(x, cut);
            y = TOperations.Multiply(y, cut);
            long cell = (long)row * columns + i;
            Set(change + cell, added is null ? null : added + cell, columns - i, cells, TOperations.Multiply(first, x), TOperations.Multiply(first, y),
                TOperations.Multiply(second, x), TOperations.Multiply(second, y));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(float* change, float* added, int count, nint plane, TVector firstX, TVector firstY, TVector secondX, TVector secondY)
    {
        TVector logit = TOperations.Zero;
        if (added is not null)
        {
            firstX = TOperations.Add(firstX, TOperations.Load(added, count));
            firstY = TOperations.Add(firstY, TOperations.Load(added + plane, count));
            secondX = TOperations.Add(secondX, TOperations.Load(added + 2 * plane, count));
            secondY = TOperations.Add(secondY, TOperations.Load(added + 3 * plane, count));
            logit = TOperations.Load(added + 4 * plane, count);
        }

        TOperations.Store(firstX, change, count);
        TOperations.Store(firstY, change + plane, count);
        TOperations.Store(secondX, change + 2 * plane, count);
        TOperations.Store(secondY, change + 3 * plane, count);
        TOperations.Store(logit, change + 4 * plane, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(float* above, float* row, float* below, float* target, int count)
    {
        for (int i = 0; i < count; i += TOperations.Count)
        {
            int left = count - i;
            TVector outer = TOperations.Add(TOperations.Load(above + i, left), TOperations.Load(below + i, left));
            TOperations.Store(TOperations.Add(outer, TOperations.Load(row + i, left)), target + i, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Around(float* sums) =>
        TOperations.Add(TOperations.Add(TOperations.Load(sums - 1), TOperations.Load(sums + 1)), TOperations.Load(sums));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(float* sum, TVector weight, TVector value) =>
        TOperations.Store(TOperations.MultiplyAdd(weight, value, TOperations.Load(sum)), sum);
}
