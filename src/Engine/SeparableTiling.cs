using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>What the three passes of the separable convolution share.</summary>
internal static unsafe class SeparableTiling
{
    private const int Granularity = 32;

    /// <summary>Columns of a tile: as many as let the staged taps of a strip (2 K rows × 4) stay in about 128 KB, from 64 to 256.</summary>
    public static int Width(int width, int taps) => Math.Min(Rounded(width), Math.Clamp(4096 / taps / Granularity * Granularity, 64, 256));

    /// <summary>The next multiple of the staging granularity.</summary>
    public static int Rounded(int columns) => (columns + Granularity - 1) / Granularity * Granularity;

    /// <summary>(Σ v)(Σ h) of staged taps, or 1 where that is too small to divide by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Divisor<TOperations, TVector>(float* v, float* h, int taps, int step)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector product = TOperations.Multiply(Sum<TOperations, TVector>(v, taps, step), Sum<TOperations, TVector>(h, taps, step));
        return TOperations.WhereSmall(product, TOperations.Create(SeparableConvolutionShape.SmallestDivisor), TOperations.Create(1), product);
    }

    /// <summary>Σ over staged taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sum<TOperations, TVector>(float* taps, int count, int step)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector sum = TOperations.Load(taps);
        for (int k = 1; k < count; k++)
            sum = TOperations.Add(sum, TOperations.Load(taps + k * step));
        return sum;
    }
}
