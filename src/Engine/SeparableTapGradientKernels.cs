using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The inner loops of the tap gradients: two output rows (a and b), one vector of columns. They share each load of the image;
/// the gradients of the horizontal taps do not fit the registers and stay in the first cache.
/// Taps and their gradients lie [K, 2 rows, vector], the output's gradient [plane, 2 rows, vector]; gradients are added.
/// </summary>
internal static unsafe class SeparableTapGradientKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Three planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThreePlanes(float* patch, int patchColumns, long patchPlane, float* v, float* h, int taps, float* grad,
        float* gradV, float* gradH)
    {
        int step = 2 * TOperations.Count;
        OneRow(patch, patchPlane, 3, v, h, taps, grad, gradV, gradH);
        patch += patchColumns;
        TVector a0 = TOperations.Load(grad), b0 = TOperations.Load(grad + TOperations.Count);
        TVector a1 = TOperations.Load(grad + step), b1 = TOperations.Load(grad + step + TOperations.Count);
        TVector a2 = TOperations.Load(grad + 2 * step), b2 = TOperations.Load(grad + 2 * step + TOperations.Count);
        for (int row = 1; row < taps; row++, patch += patchColumns)
        {
            float* gradA = gradV + row * step, gradB = gradV + (row - 1) * step + TOperations.Count;
            TVector sumA = TOperations.Load(gradA), sumB = TOperations.Load(gradB);
            TVector tapA = TOperations.Load(v + row * step), tapB = TOperations.Load(v + (row - 1) * step + TOperations.Count);
            float* source = patch, tap = h, target = gradH;
            for (int j = 0; j < taps; j++, source++, tap += 2 * TOperations.Count, target += 2 * TOperations.Count)
            {
                TVector i0 = TOperations.Load(source), i1 = TOperations.Load(source + patchPlane),
                    i2 = TOperations.Load(source + 2 * patchPlane);
                TVector a = TOperations.MultiplyAdd(a2, i2, TOperations.MultiplyAdd(a1, i1, TOperations.Multiply(a0, i0)));
                TVector b = TOperations.MultiplyAdd(b2, i2, TOperations.MultiplyAdd(b1, i1, TOperations.Multiply(b0, i0)));
                sumA = TOperations.MultiplyAdd(TOperations.Load(tap), a, sumA);
                sumB = TOperations.MultiplyAdd(TOperations.Load(tap + TOperations.Count), b, sumB);
                TOperations.Store(TOperations.MultiplyAdd(tapA, a, TOperations.Load(target)), target);
                TOperations.Store(TOperations.MultiplyAdd(tapB, b, TOperations.Load(target + TOperations.Count)),
                    target + TOperations.Count);
            }
            TOperations.Store(sumA, gradA);
            TOperations.Store(sumB, gradB);
        }
        OneRow(patch, patchPlane, 3, v + (taps - 1) * step + TOperations.Count, h + TOperations.Count, taps, grad + TOperations.Count,
            gradV + (taps - 1) * step + TOperations.Count, gradH + TOperations.Count);
    }

    /// <summary>One plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OnePlane(float* patch, int patchColumns, float* v, float* h, int taps, float* grad, float* gradV, float* gradH)
    {
        int step = 2 * TOperations.Count;
        OneRow(patch, 0, 1, v, h, taps, grad, gradV, gradH);
        patch += patchColumns;
        TVector a0 = TOperations.Load(grad), b0 = TOperations.Load(grad + TOperations.Count);
        for (int row = 1; row < taps; row++, patch += patchColumns)
        {
            float* gradA = gradV + row * step, gradB = gradV + (row - 1) * step + TOperations.Count;
            TVector sumA = TOperations.Load(gradA), sumB = TOperations.Load(gradB);
            TVector tapA = TOperations.Load(v + row * step), tapB = TOperations.Load(v + (row - 1) * step + TOperations.Count);
            float* source = patch, tap = h, target = gradH;
            for (int j = 0; j < taps; j++, source++, tap += 2 * TOperations.Count, target += 2 * TOperations.Count)
            {
                TVector image = TOperations.Load(source);
                TVector a = TOperations.Multiply(a0, image), b = TOperations.Multiply(b0, image);
                sumA = TOperations.MultiplyAdd(TOperations.Load(tap), a, sumA);
                sumB = TOperations.MultiplyAdd(TOperations.Load(tap + TOperations.Count), b, sumB);
                TOperations.Store(TOperations.MultiplyAdd(tapA, a, TOperations.Load(target)), target);
                TOperations.Store(TOperations.MultiplyAdd(tapB, b, TOperations.Load(target + TOperations.Count)),
                    target + TOperations.Count);
            }
            TOperations.Store(sumA, gradA);
            TOperations.Store(sumB, gradB);
        }
        OneRow(patch, 0, 1, v + (taps - 1) * step + TOperations.Count, h + TOperations.Count, taps, grad + TOperations.Count,
            gradV + (taps - 1) * step + TOperations.Count, gradH + TOperations.Count);
    }

    /// <summary>An image row that meets only one of the two output rows: the first of a, the last of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(float* patch, long patchPlane, int planes, float* v, float* h, int taps, float* grad, float* gradV,
        float* gradH)
    {
        int step = 2 * TOperations.Count;
        TVector g0 = TOperations.Load(grad), g1 = TOperations.Zero, g2 = TOperations.Zero;
        if (planes == 3)
        {
            g1 = TOperations.Load(grad + step);
            g2 = TOperations.Load(grad + 2 * step);
        }
        TVector sum = TOperations.Load(gradV), tap = TOperations.Load(v);
        for (int j = 0; j < taps; j++, patch++, h += step, gradH += step)
        {
            TVector c = TOperations.Multiply(g0, TOperations.Load(patch));
            if (planes == 3)
            {
                c = TOperations.MultiplyAdd(g1, TOperations.Load(patch + patchPlane), c);
                c = TOperations.MultiplyAdd(g2, TOperations.Load(patch + 2 * patchPlane), c);
            }
            sum = TOperations.MultiplyAdd(TOperations.Load(h), c, sum);
            TOperations.Store(TOperations.MultiplyAdd(tap, c, TOperations.Load(gradH)), gradH);
        }
        TOperations.Store(sum, gradV);
    }
}
