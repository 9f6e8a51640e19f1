using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>The halving, two vectors of two rows at a time.</summary>
internal static unsafe class PlaneHalvingKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int RowsPerTile = 32;

    public static void Apply(HalvingShape shape, float* input, float* output, int threads)
    {
        // Rows of all planes as one long plane: heights are even, so that no two planes share a row of the result.
        int rows = shape.Planes * shape.Rows;
        Tiles.Run((rows + RowsPerTile - 1) / RowsPerTile, threads, tile =>
        {
            for (int y = tile * RowsPerTile; y < Math.Min(rows, (tile + 1) * RowsPerTile); y++)
                Row(input + 2L * y * shape.Width, input + (2L * y + 1) * shape.Width, output + (long)y * shape.Columns, shape.Width);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* upper, float* lower, float* target, int width)
    {
        TVector quarter = TOperations.Create(0.25f);
        for (int x = 0; x < width; x += 2 * TOperations.Count)
        {
            int next = x + TOperations.Count, left = width - x, right = Math.Max(0, width - next);
            TVector first = TOperations.Add(TOperations.Load(upper + x, left), TOperations.Load(lower + x, left));
            TVector second = TOperations.Add(TOperations.Load(upper + next, right), TOperations.Load(lower + next, right));
            TOperations.Deinterleave(first, second, out TVector even, out TVector odd);
            TOperations.Store(TOperations.Multiply(TOperations.Add(even, odd), quarter), target + x / 2, left / 2);
        }
    }
}
