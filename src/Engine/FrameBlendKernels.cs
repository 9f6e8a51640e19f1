using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>Masks and blending of one row.</summary>
internal static unsafe class FrameBlendKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>m = σ(logit), in place.</summary>
    /// <remarks>
    /// e⁻ˣ = 2ⁿ eʳ with |r| ≤ ½ ln 2, and eʳ by the polynomial of the Cephes library (expf). System.Numerics.Tensors computes in float64, and at the first
    /// frame, before the compiler has optimised it, took a seventh of the processor time of a conversion of three small frames.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Share(float* logit, int width)
    {
        // Beyond ±87 the share is 0 or 1 but for what no float of a picture shows; 2ⁿ stays a normal number.
        TVector limit = TOperations.Create(87), lowest = TOperations.Create(-87), one = TOperations.Create(1), log2E = TOperations.Create(1.44269504f);
        TVector half = TOperations.Create(128.5f), whole = TOperations.Create(128), high = TOperations.Create(0.693359375f),
            low = TOperations.Create(-2.12194440e-4f);
        TVector c5 = TOperations.Create(1.9875691500e-4f), c4 = TOperations.Create(1.3981999507e-3f), c3 = TOperations.Create(8.3334519073e-3f),
            c2 = TOperations.Create(4.1665795894e-2f), c1 = TOperations.Create(1.6666665459e-1f), c0 = TOperations.Create(5.0000001201e-1f);
        for (int x = 0; x < width; x += TOperations.Count)
        {
            int count = width - x;
            TVector t = TOperations.Subtract(TOperations.Zero, TOperations.Load(logit + x, count));
            t = TOperations.Max(TOperations.Min(t, limit), lowest);
            TVector n = TOperations.Subtract(TOperations.Truncate(TOperations.MultiplyAdd(t, log2E, half)), whole);
            TVector r = TOperations.NegatedMultiplyAdd(n, low, TOperations.NegatedMultiplyAdd(n, high, t));
            TVector p = TOperations.MultiplyAdd(TOperations.MultiplyAdd(c5, r, c4), r, c3);
            p = TOperations.MultiplyAdd(TOperations.MultiplyAdd(TOperations.MultiplyAdd(p, r, c2), r, c1), r, c0);
            TVector exp = TOperations.Add(TOperations.MultiplyAdd(TOperations.Multiply(p, r), r, r), one);
            TOperations.Store(TOperations.Divide(one, TOperations.MultiplyAdd(exp, TOperations.PowerOfTwo(n), one)), logit + x, count);
        }
    }

    /// <summary>Neighbouring pixels of one row, as <see cref="FrameBlend"/> says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(int planes, int width, float* frames, long framePlane, float* share, float* output, long outputPlane)
    {
        for (int p = 0; p < planes; p++)
        {
            float* first = frames + p * framePlane, second = frames + (planes + p) * framePlane, target = output + p * outputPlane;
            for (int x = 0; x < width; x += TOperations.Count)
            {
                int count = width - x;
                TVector other = TOperations.Load(second + x, count);
                TVector difference = TOperations.Subtract(TOperations.Load(first + x, count), other);
                TOperations.Store(TOperations.MultiplyAdd(difference, TOperations.Load(share + x, count), other), target + x, count);
            }
        }
    }
}
