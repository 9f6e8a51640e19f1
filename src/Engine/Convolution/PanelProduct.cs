using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>The forward pass's inner kernel, C = A·B: rows times a panel of two vectors of columns, whose sums stay in registers.</summary>
/// <remarks>
/// Twelve rows where there are 32 registers, else six. B is packed by panels, [panel][k][columns of the panel]; a last panel may be one vector wide.
/// A sum's order never depends on the rows that are computed together.
/// </remarks>
internal static unsafe class PanelProduct<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Rows that are computed together at least: what A and C must have a multiple of.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a panel.</summary>
    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TOperations.Count;
    }

    /// <summary>Products of one point.</summary>
    /// <param name="a">Row r begins at a + r·<paramref name="aRow"/>.</param>
    /// <param name="aRow">Floats from a row of A to the next.</param>
    /// <param name="rows">Rows, a multiple of six.</param>
    /// <param name="k">Products in a sum.</param>
    /// <param name="b">The panels.</param>
    /// <param name="columns">Columns of B and C, a multiple of a vector's.</param>
    /// <param name="c">Where row 0 goes.</param>
    /// <param name="cRow">Floats from a row of C to the next.</param>
    public static void Multiply(float* a, nint aRow, int rows, nint k, float* b, int columns, float* c, nint cRow)
    {
        for (int column = 0; column < columns; column += Columns, b += k * Columns)
        {
            for (int row = 0; row < rows;)
            {
                float* from = a + row * aRow, to = c + row * cRow + column;
                if (columns - column < Columns)
                {
                    SixNarrow(from, aRow, k, b, to, cRow);
                    row += 6;
                }
                else if (TOperations.Count == 16 && rows - row >= 12)
                {
                    Twelve(from, aRow, k, b, to, cRow);
                    row += 12;
                }
                else
                {
                    Six(from, aRow, k, b, to, cRow);
                    row += 6;
                }
            }
        }
    }

    // Six rows by two vectors: twelve sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(float* a, nint aRow, nint k, float* b, float* c, nint cRow)
    {
        TVector s00 = TOperations.Zero, s10 = TOperations.Zero, s20 = TOperations.Zero, s30 = TOperations.Zero, s40 = TOperations.Zero, s50 = TOperations.Zero;
        TVector s01 = TOperations.Zero, s11 = TOperations.Zero, s21 = TOperations.Zero, s31 = TOperations.Zero, s41 = TOperations.Zero, s51 = TOperations.Zero;
        float* a0 = a, a3 = a + 3 * aRow;
        nint second = aRow, third = 2 * aRow;
        for (float* end = b + k * 2 * TOperations.Count; b < end; b += 2 * TOperations.Count)
        {
            TVector b0 = TOperations.Load(b), b1 = TOperations.Load(b + TOperations.Count);
            TVector x = TOperations.Create(a0[0]);
            s00 = TOperations.MultiplyAdd(x, b0, s00);
            s01 = TOperations.MultiplyAdd(x, b1, s01);
            x = TOperations.Create(a0[second]);
            s10 = TOperations.MultiplyAdd(x, b0, s10);
            s11 = TOperations.MultiplyAdd(x, b1, s11);
            x = TOperations.Create(a0[third]);
            s20 = TOperations.MultiplyAdd(x, b0, s20);
            s21 = TOperations.MultiplyAdd(x, b1, s21);
            x = TOperations.Create(a3[0]);
            s30 = TOperations.MultiplyAdd(x, b0, s30);
            s31 = TOperations.MultiplyAdd(x, b1, s31);
            x = TOperations.Create(a3[second]);
            s40 = TOperations.MultiplyAdd(x, b0, s40);
            s41 = TOperations.MultiplyAdd(x, b1, s41);
            x = TOperations.Create(a3[third]);
            s50 = TOperations.MultiplyAdd(x, b0, s50);
            s51 = TOperations.MultiplyAdd(x, b1, s51);
            a0++;
            a3++;
        }

        Store(s00, s01, c);
        Store(s10, s11, c + cRow);
        Store(s20, s21, c + 2 * cRow);
        Store(s30, s31, c + 3 * cRow);
        Store(s40, s41, c + 4 * cRow);
        Store(s50, s51, c + 5 * cRow);
    }

    // Twelve rows by two vectors: 24 sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twelve(float* a, nint aRow, nint k, float* b, float* c, nint cRow)
    {
        TVector s00 = TOperations.Zero, s10 = TOperations.Zero, s20 = TOperations.Zero, s30 = TOperations.Zero, s40 = TOperations.Zero, s50 = TOperations.Zero;
        TVector s60 = TOperations.Zero, s70 = TOperations.Zero, s80 = TOperations.Zero, s90 = TOperations.Zero, sA0 = TOperations.Zero, sB0 = TOperations.Zero;
        TVector s01 = TOperations.Zero, s11 = TOperations.Zero, s21 = TOperations.Zero, s31 = TOperations.Zero, s41 = TOperations.Zero, s51 = TOperations.Zero;
        TVector s61 = TOperations.Zero, s71 = TOperations.Zero, s81 = TOperations.Zero, s91 = TOperations.Zero, sA1 = TOperations.Zero, sB1 = TOperations.Zero;
        float* a0 = a, a3 = a + 3 * aRow, a6 = a + 6 * aRow, a9 = a + 9 * aRow;
        nint second = aRow, third = 2 * aRow;
        for (float* end = b + k * 2 * TOperations.Count; b < end; b += 2 * TOperations.Count)
        {
            TVector b0 = TOperations.Load(b), b1 = TOperations.Load(b + TOperations.Count);
            TVector x = TOperations.Create(a0[0]);
            s00 = TOperations.MultiplyAdd(x, b0, s00);
            s01 = TOperations.MultiplyAdd(x, b1, s01);
            x = TOperations.Create(a0[second]);
            s10 = TOperations.MultiplyAdd(x, b0, s10);
            s11 = TOperations.MultiplyAdd(x, b1, s11);
            x = TOperations.Create(a0[third]);
            s20 = TOperations.MultiplyAdd(x, b0, s20);
            s21 = TOperations.MultiplyAdd(x, b1, s21);
            x = TOperations.Create(a3[0]);
            s30 = TOperations.MultiplyAdd(x, b0, s30);
            s31 = TOperations.MultiplyAdd(x, b1, s31);
            x = TOperations.Create(a3[second]);
            s40 = TOperations.MultiplyAdd(x, b0, s40);
            s41 = TOperations.MultiplyAdd(x, b1, s41);
            x = TOperations.Create(a3[third]);
            s50 = TOperations.MultiplyAdd(x, b0, s50);
            s51 = TOperations.MultiplyAdd(x, b1, s51);
            x = TOperations.Create(a6[0]);
            s60 = TOperations.MultiplyAdd(x, b0, s60);
            s61 = TOperations.MultiplyAdd(x, b1, s61);
            x = TOperations.Create(a6[second]);
            s70 = TOperations.MultiplyAdd(x, b0, s70);
            s71 = TOperations.MultiplyAdd(x, b1, s71);
            x = TOperations.Create(a6[third]);
            s80 = TOperations.MultiplyAdd(x, b0, s80);
            s81 = TOperations.MultiplyAdd(x, b1, s81);
            x = TOperations.Create(a9[0]);
            s90 = TOperations.MultiplyAdd(x, b0, s90);
            s91 = TOperations.MultiplyAdd(x, b1, s91);
            x = TOperations.Create(a9[second]);
            sA0 = TOperations.MultiplyAdd(x, b0, sA0);
            sA1 = TOperations.MultiplyAdd(x, b1, sA1);
            x = TOperations.Create(a9[third]);
            sB0 = TOperations.MultiplyAdd(x, b0, sB0);
            sB1 = TOperations.MultiplyAdd(x, b1, sB1);
            a0++;
            a3++;
            a6++;
            a9++;
        }

        Store(s00, s01, c);
        Store(s10, s11, c + cRow);
        Store(s20, s21, c + 2 * cRow);
        Store(s30, s31, c + 3 * cRow);
        Store(s40, s41, c + 4 * cRow);
        Store(s50, s51, c + 5 * cRow);
        Store(s60, s61, c + 6 * cRow);
        Store(s70, s71, c + 7 * cRow);
        Store(s80, s81, c + 8 * cRow);
        Store(s90, s91, c + 9 * cRow);
        Store(sA0, sA1, c + 10 * cRow);
        Store(sB0, sB1, c + 11 * cRow);
    }

    // Six rows by one vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixNarrow(float* a, nint aRow, nint k, float* b, float* c, nint cRow)
    {
        TVector s00 = TOperations.Zero, s10 = TOperations.Zero, s20 = TOperations.Zero, s30 = TOperations.Zero, s40 = TOperations.Zero, s50 = TOperations.Zero;
        float* a0 = a, a3 = a + 3 * aRow;
        nint second = aRow, third = 2 * aRow;
        for (float* end = b + k * TOperations.Count; b < end; b += TOperations.Count)
        {
            TVector b0 = TOperations.Load(b);
            TVector x = TOperations.Create(a0[0]);
            s00 = TOperations.MultiplyAdd(x, b0, s00);
            x = TOperations.Create(a0[second]);
            s10 = TOperations.MultiplyAdd(x, b0, s10);
            x = TOperations.Create(a0[third]);
            s20 = TOperations.MultiplyAdd(x, b0, s20);
            x = TOperations.Create(a3[0]);
            s30 = TOperations.MultiplyAdd(x, b0, s30);
            x = TOperations.Create(a3[second]);
            s40 = TOperations.MultiplyAdd(x, b0, s40);
            x = TOperations.Create(a3[third]);
            s50 = TOperations.MultiplyAdd(x, b0, s50);
            a0++;
            a3++;
        }

        TOperations.Store(s00, c);
        TOperations.Store(s10, c + cRow);
        TOperations.Store(s20, c + 2 * cRow);
        TOperations.Store(s30, c + 3 * cRow);
        TOperations.Store(s40, c + 4 * cRow);
        TOperations.Store(s50, c + 5 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, float* target)
    {
        TOperations.Store(first, target);
        TOperations.Store(second, target + TOperations.Count);
    }
}
