using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The inner loops of the forward pass: four output rows (a to d), one vector of columns. Image row by image row,
/// Σⱼ hⱼ I is formed for each output row and enters its sum weighted by the vertical tap that meets this image row.
/// Taps lie [K, 4 rows, vector]; sums come out [plane, 4 rows, vector]. Written out because the sums must stay in registers.
/// </summary>
internal static unsafe class SeparableForwardKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Three planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThreePlanes(float* patch, int patchColumns, long patchPlane, float* v, float* h, int taps, float* sums)
    {
        TVector a0 = TOperations.Zero, a1 = TOperations.Zero, a2 = TOperations.Zero;
        TVector b0 = TOperations.Zero, b1 = TOperations.Zero, b2 = TOperations.Zero;
        TVector c0 = TOperations.Zero, c1 = TOperations.Zero, c2 = TOperations.Zero;
        TVector d0 = TOperations.Zero, d1 = TOperations.Zero, d2 = TOperations.Zero;
        for (int row = 0; row < taps + 3; row++, patch += patchColumns)
        {
            TVector aRow0 = TOperations.Zero, aRow1 = TOperations.Zero, aRow2 = TOperations.Zero;
            TVector bRow0 = TOperations.Zero, bRow1 = TOperations.Zero, bRow2 = TOperations.Zero;
            TVector cRow0 = TOperations.Zero, cRow1 = TOperations.Zero, cRow2 = TOperations.Zero;
            TVector dRow0 = TOperations.Zero, dRow1 = TOperations.Zero, dRow2 = TOperations.Zero;
            float* source = patch, tap = h;
            for (int j = 0; j < taps; j++, source++, tap += 4 * TOperations.Count)
            {
                TVector i0 = TOperations.Load(source), i1 = TOperations.Load(source + patchPlane),
                    i2 = TOperations.Load(source + 2 * patchPlane);
                TVector weight = TOperations.Load(tap);
                aRow0 = TOperations.MultiplyAdd(weight, i0, aRow0);
                aRow1 = TOperations.MultiplyAdd(weight, i1, aRow1);
                aRow2 = TOperations.MultiplyAdd(weight, i2, aRow2);
                weight = TOperations.Load(tap + TOperations.Count);
                bRow0 = TOperations.MultiplyAdd(weight, i0, bRow0);
                bRow1 = TOperations.MultiplyAdd(weight, i1, bRow1);
                bRow2 = TOperations.MultiplyAdd(weight, i2, bRow2);
                weight = TOperations.Load(tap + 2 * TOperations.Count);
                cRow0 = TOperations.MultiplyAdd(weight, i0, cRow0);
                cRow1 = TOperations.MultiplyAdd(weight, i1, cRow1);
                cRow2 = TOperations.MultiplyAdd(weight, i2, cRow2);
                weight = TOperations.Load(tap + 3 * TOperations.Count);
                dRow0 = TOperations.MultiplyAdd(weight, i0, dRow0);
                dRow1 = TOperations.MultiplyAdd(weight, i1, dRow1);
                dRow2 = TOperations.MultiplyAdd(weight, i2, dRow2);
            }
            if (row < taps)
            {
                TVector weight = TOperations.Load(v + (row * 4) * TOperations.Count);
                a0 = TOperations.MultiplyAdd(weight, aRow0, a0);
                a1 = TOperations.MultiplyAdd(weight, aRow1, a1);
                a2 = TOperations.MultiplyAdd(weight, aRow2, a2);
            }
            if (row >= 1 && row < taps + 1)
            {
                TVector weight = TOperations.Load(v + ((row - 1) * 4 + 1) * TOperations.Count);
                b0 = TOperations.MultiplyAdd(weight, bRow0, b0);
                b1 = TOperations.MultiplyAdd(weight, bRow1, b1);
                b2 = TOperations.MultiplyAdd(weight, bRow2, b2);
            }
            if (row >= 2 && row < taps + 2)
            {
                TVector weight = TOperations.Load(v + ((row - 2) * 4 + 2) * TOperations.Count);
                c0 = TOperations.MultiplyAdd(weight, cRow0, c0);
                c1 = TOperations.MultiplyAdd(weight, cRow1, c1);
                c2 = TOperations.MultiplyAdd(weight, cRow2, c2);
            }
            if (row >= 3)
            {
                TVector weight = TOperations.Load(v + ((row - 3) * 4 + 3) * TOperations.Count);
                d0 = TOperations.MultiplyAdd(weight, dRow0, d0);
                d1 = TOperations.MultiplyAdd(weight, dRow1, d1);
                d2 = TOperations.MultiplyAdd(weight, dRow2, d2);
            }
        }
        TOperations.Store(a0, sums + 0 * TOperations.Count);
        TOperations.Store(b0, sums + 1 * TOperations.Count);
        TOperations.Store(c0, sums + 2 * TOperations.Count);
        TOperations.Store(d0, sums + 3 * TOperations.Count);
        TOperations.Store(a1, sums + 4 * TOperations.Count);
        TOperations.Store(b1, sums + 5 * TOperations.Count);
        TOperations.Store(c1, sums + 6 * TOperations.Count);
        TOperations.Store(d1, sums + 7 * TOperations.Count);
        TOperations.Store(a2, sums + 8 * TOperations.Count);
        TOperations.Store(b2, sums + 9 * TOperations.Count);
        TOperations.Store(c2, sums + 10 * TOperations.Count);
        TOperations.Store(d2, sums + 11 * TOperations.Count);
    }

    /// <summary>Two planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoPlanes(float* patch, int patchColumns, long patchPlane, float* v, float* h, int taps, float* sums)
    {
        TVector a0 = TOperations.Zero, a1 = TOperations.Zero;
        TVector b0 = TOperations.Zero, b1 = TOperations.Zero;
        TVector c0 = TOperations.Zero, c1 = TOperations.Zero;
        TVector d0 = TOperations.Zero, d1 = TOperations.Zero;
        for (int row = 0; row < taps + 3; row++, patch += patchColumns)
        {
            TVector aRow0 = TOperations.Zero, aRow1 = TOperations.Zero;
            TVector bRow0 = TOperations.Zero, bRow1 = TOperations.Zero;
            TVector cRow0 = TOperations.Zero, cRow1 = TOperations.Zero;
            TVector dRow0 = TOperations.Zero, dRow1 = TOperations.Zero;
            float* source = patch, tap = h;
            for (int j = 0; j < taps; j++, source++, tap += 4 * TOperations.Count)
            {
                TVector i0 = TOperations.Load(source), i1 = TOperations.Load(source + patchPlane);
                TVector weight = TOperations.Load(tap);
                aRow0 = TOperations.MultiplyAdd(weight, i0, aRow0);
                aRow1 = TOperations.MultiplyAdd(weight, i1, aRow1);
                weight = TOperations.Load(tap + TOperations.Count);
                bRow0 = TOperations.MultiplyAdd(weight, i0, bRow0);
                bRow1 = TOperations.MultiplyAdd(weight, i1, bRow1);
                weight = TOperations.Load(tap + 2 * TOperations.Count);
                cRow0 = TOperations.MultiplyAdd(weight, i0, cRow0);
                cRow1 = TOperations.MultiplyAdd(weight, i1, cRow1);
                weight = TOperations.Load(tap + 3 * TOperations.Count);
                dRow0 = TOperations.MultiplyAdd(weight, i0, dRow0);
                dRow1 = TOperations.MultiplyAdd(weight, i1, dRow1);
            }
            if (row < taps)
            {
                TVector weight = TOperations.Load(v + (row * 4) * TOperations.Count);
                a0 = TOperations.MultiplyAdd(weight, aRow0, a0);
                a1 = TOperations.MultiplyAdd(weight, aRow1, a1);
            }
            if (row >= 1 && row < taps + 1)
            {
                TVector weight = TOperations.Load(v + ((row - 1) * 4 + 1) * TOperations.Count);
                b0 = TOperations.MultiplyAdd(weight, bRow0, b0);
                b1 = TOperations.MultiplyAdd(weight, bRow1, b1);
            }
            if (row >= 2 && row < taps + 2)
            {
                TVector weight = TOperations.Load(v + ((row - 2) * 4 + 2) * TOperations.Count);
                c0 = TOperations.MultiplyAdd(weight, cRow0, c0);
                c1 = TOperations.MultiplyAdd(weight, cRow1, c1);
            }
            if (row >= 3)
            {
                TVector weight = TOperations.Load(v + ((row - 3) * 4 + 3) * TOperations.Count);
                d0 = TOperations.MultiplyAdd(weight, dRow0, d0);
                d1 = TOperations.MultiplyAdd(weight, dRow1, d1);
            }
        }
        TOperations.Store(a0, sums + 0 * TOperations.Count);
        TOperations.Store(b0, sums + 1 * TOperations.Count);
        TOperations.Store(c0, sums + 2 * TOperations.Count);
        TOperations.Store(d0, sums + 3 * TOperations.Count);
        TOperations.Store(a1, sums + 4 * TOperations.Count);
        TOperations.Store(b1, sums + 5 * TOperations.Count);
        TOperations.Store(c1, sums + 6 * TOperations.Count);
        TOperations.Store(d1, sums + 7 * TOperations.Count);
    }

    /// <summary>One plane; even and odd columns of taps apart, else four dependent sums would leave the multipliers waiting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OnePlane(float* patch, int patchColumns, float* v, float* h, int taps, float* sums)
    {
        TVector a = TOperations.Zero, b = TOperations.Zero, c = TOperations.Zero, d = TOperations.Zero;
        for (int row = 0; row < taps + 3; row++, patch += patchColumns)
        {
            // K is odd: the first tap alone, then pairs.
            TVector image = TOperations.Load(patch);
            TVector aEven = TOperations.Multiply(TOperations.Load(h), image);
            TVector bEven = TOperations.Multiply(TOperations.Load(h + TOperations.Count), image);
            TVector cEven = TOperations.Multiply(TOperations.Load(h + 2 * TOperations.Count), image);
            TVector dEven = TOperations.Multiply(TOperations.Load(h + 3 * TOperations.Count), image);
            TVector aOdd = TOperations.Zero, bOdd = TOperations.Zero, cOdd = TOperations.Zero, dOdd = TOperations.Zero;
            float* source = patch + 1, tap = h + 4 * TOperations.Count;
            for (int j = 1; j < taps; j += 2, source += 2, tap += 8 * TOperations.Count)
            {
                image = TOperations.Load(source);
                aOdd = TOperations.MultiplyAdd(TOperations.Load(tap), image, aOdd);
                bOdd = TOperations.MultiplyAdd(TOperations.Load(tap + TOperations.Count), image, bOdd);
                cOdd = TOperations.MultiplyAdd(TOperations.Load(tap + 2 * TOperations.Count), image, cOdd);
                dOdd = TOperations.MultiplyAdd(TOperations.Load(tap + 3 * TOperations.Count), image, dOdd);
                image = TOperations.Load(source + 1);
                aEven = TOperations.MultiplyAdd(TOperations.Load(tap + 4 * TOperations.Count), image, aEven);
                bEven = TOperations.MultiplyAdd(TOperations.Load(tap + 5 * TOperations.Count), image, bEven);
                cEven = TOperations.MultiplyAdd(TOperations.Load(tap + 6 * TOperations.Count), image, cEven);
                dEven = TOperations.MultiplyAdd(TOperations.Load(tap + 7 * TOperations.Count), image, dEven);
            }
            if (row < taps)
                a = TOperations.MultiplyAdd(TOperations.Load(v + row * 4 * TOperations.Count), TOperations.Add(aEven, aOdd), a);
            if (row >= 1 && row < taps + 1)
                b = TOperations.MultiplyAdd(TOperations.Load(v + ((row - 1) * 4 + 1) * TOperations.Count), TOperations.Add(bEven, bOdd), b);
            if (row >= 2 && row < taps + 2)
                c = TOperations.MultiplyAdd(TOperations.Load(v + ((row - 2) * 4 + 2) * TOperations.Count), TOperations.Add(cEven, cOdd), c);
            if (row >= 3)
                d = TOperations.MultiplyAdd(TOperations.Load(v + ((row - 3) * 4 + 3) * TOperations.Count), TOperations.Add(dEven, dOdd), d);
        }
        TOperations.Store(a, sums);
        TOperations.Store(b, sums + TOperations.Count);
        TOperations.Store(c, sums + 2 * TOperations.Count);
        TOperations.Store(d, sums + 3 * TOperations.Count);
    }
}
