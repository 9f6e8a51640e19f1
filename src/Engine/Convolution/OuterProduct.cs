using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>The weights' gradients' inner kernel, C = Aᵀ·B or C += Aᵀ·B: sums over tiles, which stay in registers.</summary>
/// <remarks>Rows of C are channels of A: eight at a time where there are 32 registers, else four; columns are two vectors of B's channels.</remarks>
internal static unsafe class OuterProduct<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>What C's rows are a multiple of.</summary>
    public const int Rows = 8;

    /// <summary>What C's columns are a multiple of.</summary>
    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TOperations.Count;
    }

    /// <summary>Products of one point.</summary>
    /// <param name="a">[count][rows].</param>
    /// <param name="rows">A's channels, a multiple of eight.</param>
    /// <param name="b">[count][bStep]; a vector behind the last row may be read.</param>
    /// <param name="bStep">Floats from a row of B to the next.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="c">[rows][columns].</param>
    /// <param name="columns">C's columns.</param>
    /// <param name="adds">Whether C's values are added to.</param>
    public static void Multiply(float* a, int rows, float* b, nint bStep, int count, float* c, int columns, bool adds)
    {
        for (int column = 0; column < columns; column += Columns)
        {
            for (int row = 0; row < rows; row += Rows)
            {
                float* to = c + (nint)row * columns + column;
                if (TOperations.Count == 16)
                {
                    Eight(a + row, rows, b + column, bStep, count, to, columns, adds);
                }
                else
                {
                    Four(a + row, rows, b + column, bStep, count, to, columns, adds);
                    Four(a + row + 4, rows, b + column, bStep, count, to + 4 * (nint)columns, columns, adds);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* a, nint aStep, float* b, nint bStep, int count, float* c, nint cRow, bool adds)
    {
        TVector s00 = TOperations.Zero, s10 = TOperations.Zero, s20 = TOperations.Zero, s30 = TOperations.Zero;
        TVector s01 = TOperations.Zero, s11 = TOperations.Zero, s21 = TOperations.Zero, s31 = TOperations.Zero;
        if (adds)
        {
            Load(c, out s00, out s01);
            Load(c + cRow, out s10, out s11);
            Load(c + 2 * cRow, out s20, out s21);
            Load(c + 3 * cRow, out s30, out s31);
        }
        for (int i = 0; i < count; i++, a += aStep, b += bStep)
        {
            TVector b0 = TOperations.Load(b), b1 = TOperations.Load(b + TOperations.Count);
            TVector x = TOperations.Create(a[0]);
            s00 = TOperations.MultiplyAdd(x, b0, s00);
            s01 = TOperations.MultiplyAdd(x, b1, s01);
            x = TOperations.Create(a[1]);
            s10 = TOperations.MultiplyAdd(x, b0, s10);
            s11 = TOperations.MultiplyAdd(x, b1, s11);
            x = TOperations.Create(a[2]);
            s20 = TOperations.MultiplyAdd(x, b0, s20);
            s21 = TOperations.MultiplyAdd(x, b1, s21);
            x = TOperations.Create(a[3]);
            s30 = TOperations.MultiplyAdd(x, b0, s30);
            s31 = TOperations.MultiplyAdd(x, b1, s31);
        }

        Store(s00, s01, c);
        Store(s10, s11, c + cRow);
        Store(s20, s21, c + 2 * cRow);
        Store(s30, s31, c + 3 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(float* a, nint aStep, float* b, nint bStep, int count, float* c, nint cRow, bool adds)
    {
        TVector s00 = TOperations.Zero, s10 = TOperations.Zero, s20 = TOperations.Zero, s30 = TOperations.Zero;
        TVector s40 = TOperations.Zero, s50 = TOperations.Zero, s60 = TOperations.Zero, s70 = TOperations.Zero;
        TVector s01 = TOperations.Zero, s11 = TOperations.Zero, s21 = TOperations.Zero, s31 = TOperations.Zero;
        TVector s41 = TOperations.Zero, s51 = TOperations.Zero, s61 = TOperations.Zero, s71 = TOperations.Zero;
        if (adds)
        {
            Load(c, out s00, out s01);
            Load(c + cRow, out s10, out s11);
            Load(c + 2 * cRow, out s20, out s21);
            Load(c + 3 * cRow, out s30, out s31);
            Load(c + 4 * cRow, out s40, out s41);
            Load(c + 5 * cRow, out s50, out s51);
            Load(c + 6 * cRow, out s60, out s61);
            Load(c + 7 * cRow, out s70, out s71);
        }
        for (int i = 0; i < count; i++, a += aStep, b += bStep)
        {
            TVector b0 = TOperations.Load(b), b1 = TOperations.Load(b + TOperations.Count);
            TVector x = TOperations.Create(a[0]);
            s00 = TOperations.MultiplyAdd(x, b0, s00);
            s01 = TOperations.MultiplyAdd(x, b1, s01);
            x = TOperations.Create(a[1]);
            s10 = TOperations.MultiplyAdd(x, b0, s10);
            s11 = TOperations.MultiplyAdd(x, b1, s11);
            x = TOperations.Create(a[2]);
            s20 = TOperations.MultiplyAdd(x, b0, s20);
            s21 = TOperations.MultiplyAdd(x, b1, s21);
            x = TOperations.Create(a[3]);
            s30 = TOperations.MultiplyAdd(x, b0, s30);
            s31 = TOperations.MultiplyAdd(x, b1, s31);
            x = TOperations.Create(a[4]);
            s40 = TOperations.MultiplyAdd(x, b0, s40);
            s41 = TOperations.MultiplyAdd(x, b1, s41);
            x = TOperations.Create(a[5]);
            s50 = TOperations.MultiplyAdd(x, b0, s50);
            s51 = TOperations.MultiplyAdd(x, b1, s51);
            x = TOperations.Create(a[6]);
            s60 = TOperations.MultiplyAdd(x, b0, s60);
            s61 = TOperations.MultiplyAdd(x, b1, s61);
            x = TOperations.Create(a[7]);
            s70 = TOperations.MultiplyAdd(x, b0, s70);
            s71 = TOperations.MultiplyAdd(x, b1, s71);
        }

        Store(s00, s01, c);
        Store(s10, s11, c + cRow);
        Store(s20, s21, c + 2 * cRow);
        Store(s30, s31, c + 3 * cRow);
        Store(s40, s41, c + 4 * cRow);
        Store(s50, s51, c + 5 * cRow);
        Store(s60, s61, c + 6 * cRow);
        Store(s70, s71, c + 7 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* source, out TVector first, out TVector second)
    {
        first = TOperations.Load(source);
        second = TOperations.Load(source + TOperations.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, float* target)
    {
        TOperations.Store(first, target);
        TOperations.Store(second, target + TOperations.Count);
    }
}
