using System.Runtime.CompilerServices;

namespace AdaConv.Engine.Vectors;

/// <summary>Vectors at the right edge of a row, of which only some values exist.</summary>
internal static unsafe class Partial<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Reads <paramref name="count"/> values, or a whole vector when there are as many; the rest is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* source, int count) => count >= TOperations.Count ? TOperations.Load(source) : LoadFew(source, count);

    /// <summary>Writes <paramref name="count"/> values, or a whole vector when there are as many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector vector, float* target, int count)
    {
        if (count >= TOperations.Count)
            TOperations.Store(vector, target);
        else
            StoreFew(vector, target, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector LoadFew(float* source, int count)
    {
        float* lanes = stackalloc float[TOperations.Count];
        for (int i = 0; i < TOperations.Count; i++)
            lanes[i] = i < count ? source[i] : 0;
        return TOperations.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreFew(TVector vector, float* target, int count)
    {
        float* lanes = stackalloc float[TOperations.Count];
        TOperations.Store(vector, lanes);
        for (int i = 0; i < count; i++)
            target[i] = lanes[i];
    }
}
