using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>Where staged taps lie: floats from one tap, one row and one vector to the next.</summary>
internal readonly record struct TapLayout(int Tap, int Row, int Vector);

/// <summary>Maps of taps [K, h, w], whole or as a ring of a few rows.</summary>
/// <param name="data">The first tap's map.</param>
/// <param name="plane">Floats from a tap's map to the next.</param>
/// <param name="ring">Row r lies where row r modulo this does.</param>
internal readonly unsafe struct TapMaps(float* data, long plane, int ring = int.MaxValue)
{
    public float* Row(int row, int width) => data + (long)(row % ring) * width;

    public long Plane => plane;
}

/// <summary>
/// Brings the taps of a few output rows into working memory, upsampled where the maps are at half resolution, so that the
/// kernels neither see map edges nor scales.
/// </summary>
internal static unsafe class TapRows<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    // A tap's part of a row is a short run of memory, which the processor does not foresee: while one is copied, the run of the
    // tap so many further is asked for (worth an eighth of the time at K = 51). Past the last tap this asks in vain.
    private const int FetchAhead = 2;

    /// <summary>
    /// Stages all taps of output rows from <paramref name="y"/> and columns from <paramref name="x"/> (even, not negative), a width that
    /// SeparableTiling.Rounded gives.
    /// Rows outside repeat the first or the last; columns past the last hold 0 or repeat the last tap.
    /// </summary>
    public static void Stage(in SeparableConvolutionShape shape, float* maps, int y, int rows, int x, int width, TapLayout layout, float* target) =>
        Stage(shape, new TapMaps(maps, shape.TapPlaneSize), y, rows, x, width, layout, target);

    /// <summary>The same, of maps that need not be there whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Stage(in SeparableConvolutionShape shape, in TapMaps maps, int y, int rows, int x, int width, TapLayout layout, float* target)
    {
        int taps = shape.Taps, mapWidth = shape.TapWidth, lastRow = shape.TapHeight - 1;
        long planeSize = maps.Plane;
        for (int r = 0; r < rows; r++)
        {
            int row = Math.Clamp(y + r, 0, shape.Height - 1);
            float* tapTarget = target + r * layout.Row;
            if (shape.TapScale == 1)
            {
                float* source = maps.Row(row, mapWidth) + x;
                for (int k = 0; k < taps; k++, source += planeSize, tapTarget += layout.Tap)
                    CopyRow(source, mapWidth - x, width, tapTarget, layout.Vector, FetchAhead * planeSize);
                continue;
            }
            int near = row >> 1;
            int far = (row & 1) == 0 ? Math.Max(near - 1, 0) : Math.Min(near + 1, lastRow);
            float* nearRow = maps.Row(near, mapWidth), farRow = maps.Row(far, mapWidth);
            for (int k = 0; k < taps; k++, nearRow += planeSize, farRow += planeSize, tapTarget += layout.Tap)
                UpsampleRow(nearRow, farRow, mapWidth, x / 2, width, tapTarget, layout.Vector);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(float* source, int valid, int width, float* target, int step, long ahead)
    {
        int c = 0;
        for (; c < width && c + TOperations.Count <= valid; c += TOperations.Count, target += step)
        {
            TOperations.Prefetch(source + ahead + c);
            TOperations.Store(TOperations.Load(source + c), target);
        }
        for (; c < width; c += TOperations.Count, target += step)
            TOperations.Store(TOperations.Load(source + c, Math.Max(valid - c, 0)), target);
    }

    /// <summary>
    /// Rows are mixed first, ¾ near + ¼ far, then columns likewise. A vector's neighbours come out of the registers before and
    /// after it: a detour over memory would wait for its stores. No call may stand in the loop, or the registers move to memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpsampleRow(float* near, float* far, int mapWidth, int first, int width, float* target, int step)
    {
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        int m = first, end = first + width / 2;
        if (m + TOperations.Count <= mapWidth)
        {
            TVector previous = TOperations.Create(Mix(near, far, Math.Max(m - 1, 0)));
            TVector current = Mix(near, far, m, three, one);
            for (; m < end && m + 2 * TOperations.Count <= mapWidth; m += TOperations.Count, target += 2 * step)
            {
                TVector next = Mix(near, far, m + TOperations.Count, three, one);
                Widen(previous, current, next, three, one, target, step);
                previous = current;
                current = next;
            }
            if (m < end)
            {
                // Of the vector after, only the first value counts; past the map it repeats the last.
                TVector next = TOperations.Create(Mix(near, far, Math.Min(m + TOperations.Count, mapWidth - 1)));
                Widen(previous, current, next, three, one, target, step);
                m += TOperations.Count;
                target += 2 * step;
            }
        }
        for (; m < end; m += TOperations.Count, target += 2 * step)
            UpsampleEdge(near, far, mapWidth, m, target, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(TVector previous, TVector current, TVector next, TVector three, TVector one, float* target, int step)
    {
        TVector centre = TOperations.Multiply(three, current);
        TVector even = TOperations.MultiplyAdd(one, TOperations.ShiftUp(previous, current), centre);
        TVector odd = TOperations.MultiplyAdd(one, TOperations.ShiftDown(current, next), centre);
        TOperations.Interleave(even, odd, out TVector low, out TVector high);
        TOperations.Store(low, target);
        TOperations.Store(high, target + step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Mix(float* near, float* far, int m, TVector three, TVector one) =>
        TOperations.MultiplyAdd(one, TOperations.Load(far + m), TOperations.Multiply(three, TOperations.Load(near + m)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mix(float* near, float* far, int m) => MathF.FusedMultiplyAdd(0.25f, far[m], 0.75f * near[m]);

    /// <summary>Two vectors, where the map ends before or in them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UpsampleEdge(float* near, float* far, int mapWidth, int m, float* target, int step)
    {
        for (int lane = 0; lane < 2 * TOperations.Count; lane++)
        {
            int centre = m + lane / 2, side = (lane & 1) == 0 ? Math.Max(centre - 1, 0) : centre + 1;
            float value = MathF.FusedMultiplyAdd(0.25f, Mix(near, far, Math.Min(side, mapWidth - 1)),
                0.75f * Mix(near, far, Math.Min(centre, mapWidth - 1)));
            target[lane < TOperations.Count ? lane : step + lane - TOperations.Count] = value;
        }
    }
}
