using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// Stride 2: of a window's three samples the outer two belong to one half of all samples, F(3, 2) at the points 0, ±1, ∞; the middle one, of
/// the other half, is a product by itself. Three outputs from seven products, with no factor but one.
/// </summary>
internal readonly unsafe struct MinimalFilterStride2 : ITrainableFilter
{
    public static int Outputs => 3;

    public static int Points => 7;

    public static int DistinctPoints => 5;

    public static int Samples => 7;

    public static int Step => 6;

    public static int Before => 1;

    public static float[,] Taps => new[,] { { 1, 0, 0 }, { 0.5f, 0, 0.5f }, { 0.5f, 0, -0.5f }, { 0, 0, 1 }, { 0, 1, 0 }, { 0, 1, 0 }, { 0, 1, 0 } };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector d0 = TOperations.Load(source), d2 = TOperations.Load(source + 2 * step);
        TVector d4 = TOperations.Load(source + 4 * step), d6 = TOperations.Load(source + 6 * step);
        TOperations.Store(TOperations.Subtract(d0, d4), target);
        TOperations.Store(TOperations.Add(d2, d4), target + targetStep);
        TOperations.Store(TOperations.Subtract(d4, d2), target + 2 * targetStep);
        TOperations.Store(TOperations.Subtract(d6, d2), target + 3 * targetStep);
        TOperations.Store(TOperations.Load(source + step), target + 4 * targetStep);
        TOperations.Store(TOperations.Load(source + 3 * step), target + 5 * targetStep);
        TOperations.Store(TOperations.Load(source + 5 * step), target + 6 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TOperations, TVector>(
        float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector m1 = TOperations.Load(source + step), m2 = TOperations.Load(source + 2 * step);
        TVector sum = TOperations.Add(m1, m2);
        y0 = TOperations.Add(TOperations.Add(TOperations.Load(source), sum), TOperations.Load(source + 4 * step));
        y1 = TOperations.Add(TOperations.Subtract(m1, m2), TOperations.Load(source + 5 * step));
        y2 = y3 = y4 = y5 = TOperations.Add(TOperations.Add(TOperations.Load(source + 3 * step), sum), TOperations.Load(source + 6 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Spread<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector y0 = TOperations.Load(source), y1 = TOperations.Load(source + step), y2 = TOperations.Load(source + 2 * step);
        TVector outer = TOperations.Add(y0, y2);
        TOperations.Store(y0, target);
        TOperations.Store(TOperations.Add(outer, y1), target + targetStep);
        TOperations.Store(TOperations.Subtract(outer, y1), target + 2 * targetStep);
        TOperations.Store(y2, target + 3 * targetStep);
        TOperations.Store(y0, target + 4 * targetStep);
        TOperations.Store(y1, target + 5 * targetStep);
        TOperations.Store(y2, target + 6 * targetStep);
    }
}
