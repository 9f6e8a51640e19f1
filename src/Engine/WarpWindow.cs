using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Where a vector of columns looks, as shifts from one place. Neighbours mostly look at neighbours, or one or two pixels farther: all that
/// they look at is then read in whole vectors, and what a column does not look at counts nothing. Gathers take longer.
/// </summary>
internal readonly struct WarpWindow<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : unmanaged
{
    /// <summary>How far right each column looks of where the column of least shift would: whole numbers from 0 to <see cref="Widening"/>.</summary>
    public readonly TVector Across;

    /// <summary>How far below <see cref="Top"/>.</summary>
    public readonly TVector Down;

    /// <summary>The position that the vector's first column looks at where its shift is 0.</summary>
    public readonly int Left;

    /// <summary>The uppermost row.</summary>
    public readonly int Top;

    /// <summary>The largest of <see cref="Across"/>.</summary>
    public readonly int Widening;

    /// <summary>The largest of <see cref="Down"/>.</summary>
    public readonly int Deepening;

    /// <param name="left">The columns' positions: whole numbers.</param>
    /// <param name="top">Their rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WarpWindow(TVector left, TVector top)
    {
        TVector shift = TOperations.Subtract(left, TOperations.Ramp);
        float leftmost = TOperations.Least(shift), uppermost = TOperations.Least(top);
        Across = TOperations.Subtract(shift, TOperations.Create(leftmost));
        Down = TOperations.Subtract(top, TOperations.Create(uppermost));
        (Left, Top) = ((int)leftmost, (int)uppermost);
        (Widening, Deepening) = ((int)TOperations.Largest(Across), (int)TOperations.Largest(Down));
    }
}
