using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// F(2, 3) at the points 0, ±1, ∞: two outputs of stride 1 from four products, in two dimensions nearly twice as many as with F(4, 3), for weights
/// less than half as large.
/// </summary>
internal readonly unsafe struct MinimalFilter23 : IMinimalFilter
{
    public static int Outputs => 2;

    public static int Points => 4;

    public static int DistinctPoints => 4;

    public static int Samples => 4;

    public static int Step => 2;

    public static int Before => 1;

    public static float[,] Taps => new[,] { { 1, 0, 0 }, { 0.5f, 0.5f, 0.5f }, { 0.5f, -0.5f, 0.5f }, { 0, 0, 1 } };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector d1 = TOperations.Load(source + step), d2 = TOperations.Load(source + 2 * step);
        TOperations.Store(TOperations.Subtract(TOperations.Load(source), d2), target);
        TOperations.Store(TOperations.Add(d2, d1), target + targetStep);
        TOperations.Store(TOperations.Subtract(d2, d1), target + 2 * targetStep);
        TOperations.Store(TOperations.Subtract(TOperations.Load(source + 3 * step), d1), target + 3 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TOperations, TVector>(
        float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector m1 = TOperations.Load(source + step), m2 = TOperations.Load(source + 2 * step);
        y0 = TOperations.Add(TOperations.Load(source), TOperations.Add(m1, m2));
        y1 = y2 = y3 = y4 = y5 = TOperations.Add(TOperations.Subtract(m1, m2), TOperations.Load(source + 3 * step));
    }
}
