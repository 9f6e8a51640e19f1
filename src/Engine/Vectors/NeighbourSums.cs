using System.Runtime.CompilerServices;

namespace AdaConv.Engine.Vectors;

/// <summary>Sums of four neighbours: what cells of four columns are made of.</summary>
internal static class NeighbourSums<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Of four vectors that follow one another, (v₀ + v₁) + (v₂ + v₃) of every four values: one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfFour(TVector a, TVector b, TVector c, TVector d) => OfPairs(OfPairs(a, b), OfPairs(c, d));

    // Half as many values of twice as many.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfPairs(TVector first, TVector second)
    {
        TOperations.Deinterleave(first, second, out TVector even, out TVector odd);
        return TOperations.Add(even, odd);
    }
}
