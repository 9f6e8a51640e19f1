using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The inner loops of the image's gradient: <c>sum(p, i) += Σⱼ v(i, x − j) · product(j, p)</c> for one vector of columns.
/// Products lie [K, plane, vector]; v points at the first of the vertical taps' rows in use.
/// </summary>
internal static unsafe class SeparableImageGradientKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRowsThreePlanes(float* v, int stride, float* products, int taps, float* sums, int sumColumns, int sumPlane)
    {
        TVector a0 = TOperations.Zero, a1 = TOperations.Zero, a2 = TOperations.Zero;
        TVector b0 = TOperations.Zero, b1 = TOperations.Zero, b2 = TOperations.Zero;
        TVector c0 = TOperations.Zero, c1 = TOperations.Zero, c2 = TOperations.Zero;
        TVector d0 = TOperations.Zero, d1 = TOperations.Zero, d2 = TOperations.Zero;
        float* vB = v + stride, vC = vB + stride, vD = vC + stride;
        for (int j = 0; j < taps; j++, v--, vB--, vC--, vD--, products += 3 * TOperations.Count)
        {
            TVector p0 = TOperations.Load(products), p1 = TOperations.Load(products + TOperations.Count),
                p2 = TOperations.Load(products + 2 * TOperations.Count);
            TVector tap = TOperations.Load(v);
            a0 = TOperations.MultiplyAdd(tap, p0, a0);
            a1 = TOperations.MultiplyAdd(tap, p1, a1);
            a2 = TOperations.MultiplyAdd(tap, p2, a2);
            tap = TOperations.Load(vB);
            b0 = TOperations.MultiplyAdd(tap, p0, b0);
            b1 = TOperations.MultiplyAdd(tap, p1, b1);
            b2 = TOperations.MultiplyAdd(tap, p2, b2);
            tap = TOperations.Load(vC);
            c0 = TOperations.MultiplyAdd(tap, p0, c0);
            c1 = TOperations.MultiplyAdd(tap, p1, c1);
            c2 = TOperations.MultiplyAdd(tap, p2, c2);
            tap = TOperations.Load(vD);
            d0 = TOperations.MultiplyAdd(tap, p0, d0);
            d1 = TOperations.MultiplyAdd(tap, p1, d1);
            d2 = TOperations.MultiplyAdd(tap, p2, d2);
        }
        AddTo(sums, sumPlane, a0, a1, a2);
        AddTo(sums + sumColumns, sumPlane, b0, b1, b2);
        AddTo(sums + 2 * sumColumns, sumPlane, c0, c1, c2);
        AddTo(sums + 3 * sumColumns, sumPlane, d0, d1, d2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRowThreePlanes(float* v, float* products, int taps, float* sums, int sumPlane)
    {
        TVector a0 = TOperations.Zero, a1 = TOperations.Zero, a2 = TOperations.Zero;
        for (int j = 0; j < taps; j++, v--, products += 3 * TOperations.Count)
        {
            TVector tap = TOperations.Load(v);
            a0 = TOperations.MultiplyAdd(tap, TOperations.Load(products), a0);
            a1 = TOperations.MultiplyAdd(tap, TOperations.Load(products + TOperations.Count), a1);
            a2 = TOperations.MultiplyAdd(tap, TOperations.Load(products + 2 * TOperations.Count), a2);
        }
        AddTo(sums, sumPlane, a0, a1, a2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRowsOnePlane(float* v, int stride, float* products, int taps, float* sums, int sumColumns)
    {
        TVector a = TOperations.Zero, b = TOperations.Zero, c = TOperations.Zero, d = TOperations.Zero;
        for (int j = 0; j < taps; j++, v--, products += TOperations.Count)
        {
            TVector product = TOperations.Load(products);
            a = TOperations.MultiplyAdd(TOperations.Load(v), product, a);
            b = TOperations.MultiplyAdd(TOperations.Load(v + stride), product, b);
            c = TOperations.MultiplyAdd(TOperations.Load(v + 2 * stride), product, c);
            d = TOperations.MultiplyAdd(TOperations.Load(v + 3 * stride), product, d);
        }
        AddTo(sums, a);
        AddTo(sums + sumColumns, b);
        AddTo(sums + 2 * sumColumns, c);
        AddTo(sums + 3 * sumColumns, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRowOnePlane(float* v, float* products, int taps, float* sums)
    {
        TVector a = TOperations.Zero;
        for (int j = 0; j < taps; j++, v--, products += TOperations.Count)
            a = TOperations.MultiplyAdd(TOperations.Load(v), TOperations.Load(products), a);
        AddTo(sums, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* sums, int sumPlane, TVector a0, TVector a1, TVector a2)
    {
        AddTo(sums, a0);
        AddTo(sums + sumPlane, a1);
        AddTo(sums + 2 * sumPlane, a2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* sums, TVector value) => TOperations.Store(TOperations.Add(TOperations.Load(sums), value), sums);
}
