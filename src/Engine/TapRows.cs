using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>Where staged taps lie: floats from one tap, one row and one vector to the next.</summary>
internal readonly record struct TapLayout(int Tap, int Row, int Vector);

/// <summary>
/// Brings the taps of a few output rows into working memory, upsampled where the maps are at half resolution, so that the
/// kernels neither see map edges nor scales.
/// </summary>
internal static unsafe class TapRows<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Widths are staged in multiples of it: two of the widest vectors, made of one of half-resolution taps.</summary>
    public const int Granularity = 32;

    /// <summary>Floats that <see cref="Stage"/> needs in line.</summary>
    public static int LineLength(int width) => width / 2 + 2;

    /// <summary>
    /// Stages all taps of output rows from <paramref name="y"/> and columns from <paramref name="x"/> (even, not negative).
    /// Rows past the last repeat it; columns past the last hold 0 or repeat the last tap.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Stage(in SeparableConvolutionShape shape, float* maps, int y, int rows, int x, int width, TapLayout layout,
        float* target, float* line)
    {
        for (int r = 0; r < rows; r++)
        {
            int row = Math.Min(y + r, shape.Height - 1);
            float* tapTarget = target + r * layout.Row;
            if (shape.TapScale == 1)
            {
                float* source = maps + (long)row * shape.Width + x;
                for (int k = 0; k < shape.Taps; k++, source += shape.TapPlaneSize, tapTarget += layout.Tap)
                    CopyRow(source, Math.Min(width, shape.Width - x), width, tapTarget, layout.Vector);
                continue;
            }
            int near = row >> 1;
            int far = (row & 1) == 0 ? Math.Max(near - 1, 0) : Math.Min(near + 1, shape.TapHeight - 1);
            float* nearRow = maps + (long)near * shape.TapWidth, farRow = maps + (long)far * shape.TapWidth;
            for (int k = 0; k < shape.Taps; k++, nearRow += shape.TapPlaneSize, farRow += shape.TapPlaneSize, tapTarget += layout.Tap)
            {
                MixRows(nearRow, farRow, shape.TapWidth, x / 2 - 1, LineLength(width), line);
                UpsampleRow(line, width, tapTarget, layout.Vector);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(float* source, int valid, int width, float* target, int step)
    {
        int c = 0;
        for (; c + TOperations.Count <= valid; c += TOperations.Count, target += step)
            TOperations.Store(TOperations.Load(source + c), target);
        for (; c < width; c += TOperations.Count, target += step)
        {
            TOperations.Store(TOperations.Zero, target);
            for (int lane = 0; c + lane < valid; lane++)
                target[lane] = source[c + lane];
        }
    }

    /// <summary>line[c] = ¾ near[first + c] + ¼ far[first + c], indexes clamped to the map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixRows(float* near, float* far, int mapWidth, int first, int length, float* line)
    {
        int begin = Math.Max(first, 0), end = Math.Min(first + length, mapWidth), m = begin;
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        float* target = line - first;
        for (; m + TOperations.Count <= end; m += TOperations.Count)
        {
            TOperations.Store(
                TOperations.MultiplyAdd(one, TOperations.Load(far + m), TOperations.Multiply(three, TOperations.Load(near + m))), target + m);
        }
        for (; m < end; m++)
            target[m] = MathF.FusedMultiplyAdd(0.25f, far[m], 0.75f * near[m]);
        for (; m < first + length; m++)
            target[m] = target[end - 1];
        if (first < 0)
            line[0] = line[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpsampleRow(float* line, int width, float* target, int step)
    {
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        for (int c = 0; c < width / 2; c += TOperations.Count, target += 2 * step)
        {
            TVector centre = TOperations.Multiply(three, TOperations.Load(line + c + 1));
            TVector even = TOperations.MultiplyAdd(one, TOperations.Load(line + c), centre);
            TVector odd = TOperations.MultiplyAdd(one, TOperations.Load(line + c + 2), centre);
            TOperations.Interleave(even, odd, out TVector left, out TVector right);
            TOperations.Store(left, target);
            TOperations.Store(right, target + step);
        }
    }
}
