using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>The upsampling, a row at a time: two small rows are mixed, then neighbours within the mixed row. Backward the same, reversed.</summary>
internal static unsafe class PlaneUpsamplingKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int RowsPerTile = 64; // enough that finding the columns' places is little beside them

    public static void Forward(UpsamplingShape shape, TensorView small, TensorView baseline, TensorView output, int threads)
    {
        int tilesDown = (shape.Height + RowsPerTile - 1) / RowsPerTile;
        Tiles.Run(shape.Batch * shape.Planes * tilesDown, threads, index =>
        {
            (int plane, int down) = Math.DivRem(index, tilesDown);
            (int n, int p) = Math.DivRem(plane, shape.Planes);
            Scratch scratch = Scratch.ForThisThread(Scratch.Rounded(shape.Columns) + 3 * Scratch.Rounded(shape.Width));
            float* mixed = scratch.Take(shape.Columns);
            Columns columns = new(shape, ref scratch);
            float* source = small.Item(n) + p * shape.SmallSize, target = output.Item(n) + p * shape.LargeSize;
            float* below = baseline.Data is null ? null : baseline.Item(n) + p * shape.LargeSize;
            for (int y = down * RowsPerTile; y < Math.Min(shape.Height, (down + 1) * RowsPerTile); y++)
            {
                (int top, int bottom, float share) = UpsamplingShape.Locate(y, shape.Factor, shape.Rows);
                MixRows(source + (long)top * shape.Columns, source + (long)bottom * shape.Columns, share, mixed, shape.Columns);
                Widen(columns, mixed, below is null ? null : below + (long)y * shape.Width, target + (long)y * shape.Width, shape.Width);
            }
        });
    }

    public static void Backward(UpsamplingShape shape, TensorView gradOutput, TensorView gradSmall, int threads) =>
        Tiles.Run(shape.Batch * shape.Planes, threads, index =>
        {
            (int n, int p) = Math.DivRem(index, shape.Planes);
            Scratch scratch = Scratch.ForThisThread(4 * Scratch.Rounded(shape.Width));
            float* sum = scratch.Take(shape.Width);
            Columns columns = new(shape, ref scratch);
            float* source = gradOutput.Item(n) + p * shape.LargeSize, target = gradSmall.Item(n) + p * shape.SmallSize;
            for (int row = 0; row < shape.Rows; row++)
            {
                new Span<float>(sum, shape.Width).Clear();
                // Only these large rows look at the small row.
                int first = Math.Max(0, (row - 1) * shape.Factor + shape.Factor / 2), last = Math.Min(shape.Height, (row + 2) * shape.Factor);
                for (int y = first; y < last; y++)
                {
                    (int top, int bottom, float share) = UpsamplingShape.Locate(y, shape.Factor, shape.Rows);
                    float weight = (top == row ? 1 - share : 0) + (bottom == row ? share : 0);
                    if (weight != 0)
                        AddScaled(source + (long)y * shape.Width, weight, sum, shape.Width);
                }
                Narrow(columns, sum, target + (long)row * shape.Columns, shape);
            }
        });

    /// <summary>Each large column's place among the small.</summary>
    private readonly struct Columns
    {
        public readonly int* Before, After;
        public readonly float* Share;

        public Columns(in UpsamplingShape shape, ref Scratch scratch)
        {
            Before = (int*)scratch.Take(shape.Width);
            After = (int*)scratch.Take(shape.Width);
            Share = scratch.Take(shape.Width);
            for (int x = 0; x < shape.Width; x++)
                (Before[x], After[x], Share[x]) = UpsamplingShape.Locate(x, shape.Factor, shape.Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixRows(float* first, float* second, float share, float* target, int count)
    {
        TVector weight = TOperations.Create(share);
        for (int x = 0; x < count; x += TOperations.Count)
        {
            TVector a = TOperations.Load(first + x, count - x), b = TOperations.Load(second + x, count - x);
            TOperations.Store(TOperations.MultiplyAdd(weight, TOperations.Subtract(b, a), a), target + x, count - x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(in Columns columns, float* row, float* baseline, float* target, int width)
    {
        int x = 0;
        for (; x <= width - TOperations.Count; x += TOperations.Count)
        {
            TVector a = TOperations.Gather(row, columns.Before + x), b = TOperations.Gather(row, columns.After + x);
            TVector value = TOperations.MultiplyAdd(TOperations.Load(columns.Share + x), TOperations.Subtract(b, a), a);
            TOperations.Store(baseline is null ? value : TOperations.Add(TOperations.Load(baseline + x), value), target + x);
        }
        for (; x < width; x++)
        {
            float a = row[columns.Before[x]], b = row[columns.After[x]];
            target[x] = (baseline is null ? 0 : baseline[x]) + MathF.FusedMultiplyAdd(columns.Share[x], b - a, a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(float* source, float weight, float* sum, int count)
    {
        TVector factor = TOperations.Create(weight);
        for (int x = 0; x < count; x += TOperations.Count)
            TOperations.Store(TOperations.MultiplyAdd(factor, TOperations.Load(source + x, count - x), TOperations.Load(sum + x, count - x)),
                sum + x, count - x);
    }

    private static void Narrow(in Columns columns, float* row, float* target, in UpsamplingShape shape)
    {
        new Span<float>(target, shape.Columns).Clear();
        for (int x = 0; x < shape.Width; x++)
        {
            float after = columns.Share[x] * row[x];
            target[columns.Before[x]] += row[x] - after;
            target[columns.After[x]] += after;
        }
    }
}
