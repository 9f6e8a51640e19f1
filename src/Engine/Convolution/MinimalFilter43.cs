using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// F(4, 3) at the points 0, ±5/8, ±3/2, ∞: four outputs of stride 1 from six products. These points' float32 errors are a third of those of
/// 0, ±1, ±2, ∞.
/// </summary>
internal readonly unsafe struct MinimalFilter43 : ITrainableFilter
{
    private const float A = 0.625f, B = 1.5f;

    public static int Outputs => 4;

    public static int Points => 6;

    public static int DistinctPoints => 6;

    public static int Samples => 6;

    public static int Step => 4;

    public static int Before => 1;

    public static float[,] Taps
    {
        get
        {
            const double a = A, b = B, na = 1 / (2 * a * a * (a * a - b * b)), nb = 1 / (2 * b * b * (b * b - a * a));
            return new[,]
            {
                { (float)(1 / (a * a * b * b)), 0, 0 },
                { (float)na, (float)(a * na), (float)(a * a * na) },
                { (float)na, (float)(-a * na), (float)(a * a * na) },
                { (float)nb, (float)(b * nb), (float)(b * b * nb) },
                { (float)nb, (float)(-b * nb), (float)(b * b * nb) },
                { 0, 0, 1 },
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector a = TOperations.Create(A), b = TOperations.Create(B), aa = TOperations.Create(A * A), bb = TOperations.Create(B * B);
        TVector aabb = TOperations.Create(A * A * B * B);
        TVector d0 = TOperations.Load(source), d1 = TOperations.Load(source + step), d2 = TOperations.Load(source + 2 * step);
        TVector d3 = TOperations.Load(source + 3 * step), d4 = TOperations.Load(source + 4 * step), d5 = TOperations.Load(source + 5 * step);
        TVector evenA = TOperations.NegatedMultiplyAdd(bb, d2, d4), oddA = TOperations.NegatedMultiplyAdd(bb, d1, d3);
        TVector evenB = TOperations.NegatedMultiplyAdd(aa, d2, d4), oddB = TOperations.NegatedMultiplyAdd(aa, d1, d3);
        TOperations.Store(TOperations.MultiplyAdd(aabb, d0, TOperations.NegatedMultiplyAdd(aa, d2, evenA)), target);
        TOperations.Store(TOperations.MultiplyAdd(a, oddA, evenA), target + targetStep);
        TOperations.Store(TOperations.NegatedMultiplyAdd(a, oddA, evenA), target + 2 * targetStep);
        TOperations.Store(TOperations.MultiplyAdd(b, oddB, evenB), target + 3 * targetStep);
        TOperations.Store(TOperations.NegatedMultiplyAdd(b, oddB, evenB), target + 4 * targetStep);
        TOperations.Store(TOperations.NegatedMultiplyAdd(bb, oddB, TOperations.NegatedMultiplyAdd(aa, d3, d5)), target + 5 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TOperations, TVector>(
        float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector m1 = TOperations.Load(source + step), m2 = TOperations.Load(source + 2 * step);
        TVector m3 = TOperations.Load(source + 3 * step), m4 = TOperations.Load(source + 4 * step);
        TVector sumA = TOperations.Add(m1, m2), sumB = TOperations.Add(m3, m4);
        TVector differenceA = TOperations.Subtract(m1, m2), differenceB = TOperations.Subtract(m3, m4);
        y0 = TOperations.Add(TOperations.Load(source), TOperations.Add(sumA, sumB));
        y1 = TOperations.MultiplyAdd(TOperations.Create(A), differenceA, TOperations.Multiply(TOperations.Create(B), differenceB));
        y2 = TOperations.MultiplyAdd(TOperations.Create(A * A), sumA, TOperations.Multiply(TOperations.Create(B * B), sumB));
        TVector last = TOperations.MultiplyAdd(TOperations.Create(B * B * B), differenceB, TOperations.Load(source + 5 * step));
        y3 = y4 = y5 = TOperations.MultiplyAdd(TOperations.Create(A * A * A), differenceA, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Spread<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector y0 = TOperations.Load(source), y1 = TOperations.Load(source + step);
        TVector y2 = TOperations.Load(source + 2 * step), y3 = TOperations.Load(source + 3 * step);
        TVector evenA = TOperations.MultiplyAdd(TOperations.Create(A * A), y2, y0), evenB = TOperations.MultiplyAdd(TOperations.Create(B * B), y2, y0);
        TVector oddA = TOperations.MultiplyAdd(TOperations.Create(A * A * A), y3, TOperations.Multiply(TOperations.Create(A), y1));
        TVector oddB = TOperations.MultiplyAdd(TOperations.Create(B * B * B), y3, TOperations.Multiply(TOperations.Create(B), y1));
        TOperations.Store(y0, target);
        TOperations.Store(TOperations.Add(evenA, oddA), target + targetStep);
        TOperations.Store(TOperations.Subtract(evenA, oddA), target + 2 * targetStep);
        TOperations.Store(TOperations.Add(evenB, oddB), target + 3 * targetStep);
        TOperations.Store(TOperations.Subtract(evenB, oddB), target + 4 * targetStep);
        TOperations.Store(y3, target + 5 * targetStep);
    }
}
