using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// The gradients of a stride-2 convolution's inputs, from the window turned by half a turn: even samples are the middle tap's product by
/// itself, odd ones the outer two taps on neighbouring gradients, F(3, 2) at the points 0, ±1, ∞. Six samples from seven products.
/// </summary>
internal readonly unsafe struct MinimalFilterInterleaved : IMinimalFilter
{
    public static int Outputs => 6;

    public static int Points => 7;

    public static int DistinctPoints => 5;

    public static int Samples => 4;

    public static int Step => 3;

    public static int Before => 0;

    public static float[,] Taps => MinimalFilterStride2.Taps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector d0 = TOperations.Load(source), d1 = TOperations.Load(source + step);
        TVector d2 = TOperations.Load(source + 2 * step), d3 = TOperations.Load(source + 3 * step);
        TOperations.Store(TOperations.Subtract(d0, d2), target);
        TOperations.Store(TOperations.Add(d1, d2), target + targetStep);
        TOperations.Store(TOperations.Subtract(d2, d1), target + 2 * targetStep);
        TOperations.Store(TOperations.Subtract(d3, d1), target + 3 * targetStep);
        TOperations.Store(d0, target + 4 * targetStep);
        TOperations.Store(d1, target + 5 * targetStep);
        TOperations.Store(d2, target + 6 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TOperations, TVector>(
        float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector m1 = TOperations.Load(source + step), m2 = TOperations.Load(source + 2 * step);
        TVector sum = TOperations.Add(m1, m2);
        y0 = TOperations.Load(source + 4 * step);
        y1 = TOperations.Add(TOperations.Load(source), sum);
        y2 = TOperations.Load(source + 5 * step);
        y3 = TOperations.Subtract(m1, m2);
        y4 = TOperations.Load(source + 6 * step);
        y5 = TOperations.Add(TOperations.Load(source + 3 * step), sum);
    }
}
