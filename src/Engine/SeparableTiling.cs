using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>What the three passes of the separable convolution share.</summary>
internal static unsafe class SeparableTiling
{
    private const int Granularity = 32; // two of the widest vectors, made of one of half-resolution taps

    /// <summary>
    /// Columns of a tile. Each tap's part of a row is one run of memory, and short runs are slow to fetch; wider tiles push the
    /// staged taps (2 K × 4 rows × 256 columns: 400 KB at K = 51) out of the second cache.
    /// </summary>
    public static int Width(int width) => Math.Min(Rounded(width), 256);

    /// <summary>The next multiple of the staging granularity.</summary>
    public static int Rounded(int columns) => (columns + Granularity - 1) / Granularity * Granularity;

    /// <summary>1 / ((Σ v)(Σ h)) of staged taps, or 1 where that is too small to divide by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Factor<TOperations, TVector>(float* v, float* h, int taps, int step)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector product = TOperations.Multiply(Sum<TOperations, TVector>(v, taps, step), Sum<TOperations, TVector>(h, taps, step));
        TVector one = TOperations.Create(1);
        return TOperations.WhereSmall(product, TOperations.Create(SeparableConvolutionShape.SmallestDivisor), one,
            TOperations.Divide(one, product));
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
