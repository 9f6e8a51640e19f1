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

    /// <summary>
    /// Stages all taps of output rows from <paramref name="y"/> and columns from <paramref name="x"/> (even, not negative).
    /// Rows outside repeat the first or the last; columns past the last hold 0 or repeat the last tap.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Stage(in SeparableConvolutionShape shape, float* maps, int y, int rows, int x, int width, TapLayout layout,
        float* target)
    {
        for (int r = 0; r < rows; r++)
        {
            int row = Math.Clamp(y + r, 0, shape.Height - 1);
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
                UpsampleRow(nearRow, farRow, shape.TapWidth, x / 2, width, tapTarget, layout.Vector);
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

    /// <summary>
    /// Rows are mixed first, ¾ near + ¼ far, then columns likewise. A vector's neighbours come out of the registers before and
    /// after it: a detour over memory would wait for its stores.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpsampleRow(float* near, float* far, int mapWidth, int first, int width, float* target, int step)
    {
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        int left = Math.Max(first - 1, 0);
        TVector previous = TOperations.Create(MathF.FusedMultiplyAdd(0.25f, far[left], 0.75f * near[left]));
        TVector current = Mix(near, far, mapWidth, first, three, one);
        int end = first + width / 2;
        for (int m = first; m < end; m += TOperations.Count, target += 2 * step)
        {
            TVector next = Mix(near, far, mapWidth, m + TOperations.Count, three, one);
            TVector centre = TOperations.Multiply(three, current);
            TVector even = TOperations.MultiplyAdd(one, TOperations.ShiftUp(previous, current), centre);
            TVector odd = TOperations.MultiplyAdd(one, TOperations.ShiftDown(current, next), centre);
            TOperations.Interleave(even, odd, out TVector low, out TVector high);
            TOperations.Store(low, target);
            TOperations.Store(high, target + step);
            previous = current;
            current = next;
        }
    }

    /// <summary>A vector of ¾ near + ¼ far from column m, columns past the last repeating it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Mix(float* near, float* far, int mapWidth, int m, TVector three, TVector one) =>
        m + TOperations.Count <= mapWidth
            ? TOperations.MultiplyAdd(one, TOperations.Load(far + m), TOperations.Multiply(three, TOperations.Load(near + m)))
            : m >= mapWidth ? MixLast(near, far, mapWidth) : MixAtEdge(near, far, mapWidth, m);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MixLast(float* near, float* far, int mapWidth) =>
        TOperations.Create(MathF.FusedMultiplyAdd(0.25f, far[mapWidth - 1], 0.75f * near[mapWidth - 1]));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector MixAtEdge(float* near, float* far, int mapWidth, int m)
    {
        float* lanes = stackalloc float[TOperations.Count];
        for (int lane = 0; lane < TOperations.Count; lane++)
        {
            int column = Math.Min(m + lane, mapWidth - 1);
            lanes[lane] = MathF.FusedMultiplyAdd(0.25f, far[column], 0.75f * near[column]);
        }
        return TOperations.Load(lanes);
    }
}
