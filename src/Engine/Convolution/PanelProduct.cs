using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>The one inner kernel, C = A·B: six rows times a panel of two vectors of columns, twelve sums that stay in registers.</summary>
internal static unsafe class PanelProduct<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Rows that are computed together.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a panel.</summary>
    public static int Columns => 2 * TOperations.Count;

    /// <summary>Products of one point.</summary>
    /// <param name="a">Row r begins at a + r·<paramref name="aRow"/>.</param>
    /// <param name="aRow">Floats from a row of A to the next.</param>
    /// <param name="groups">Groups of six rows.</param>
    /// <param name="k">Products in a sum.</param>
    /// <param name="b">[panel][k][two vectors].</param>
    /// <param name="panels">Panels of B and C.</param>
    /// <param name="c">Where row 0 goes.</param>
    /// <param name="cRow">Floats from a row of C to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint aRow, int groups, nint k, float* b, int panels, float* c, nint cRow)
    {
        int n = TOperations.Count;
        for (int panel = 0; panel < panels; panel++)
        {
            for (int group = 0; group < groups; group++)
            {
                TVector s00 = TOperations.Zero, s10 = TOperations.Zero, s20 = TOperations.Zero, s30 = TOperations.Zero, s40 = TOperations.Zero, s50 = TOperations.Zero;
                TVector s01 = TOperations.Zero, s11 = TOperations.Zero, s21 = TOperations.Zero, s31 = TOperations.Zero, s41 = TOperations.Zero, s51 = TOperations.Zero;
                float* a0 = a + group * Rows * aRow, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
                float* q = b + panel * k * 2 * n;
                for (nint i = 0; i < k; i++)
                {
                    TVector b0 = TOperations.Load(q), b1 = TOperations.Load(q + n);
                    q += 2 * n;
                    TVector x = TOperations.Create(a0[i]);
                    s00 = TOperations.MultiplyAdd(x, b0, s00);
                    s01 = TOperations.MultiplyAdd(x, b1, s01);
                    x = TOperations.Create(a1[i]);
                    s10 = TOperations.MultiplyAdd(x, b0, s10);
                    s11 = TOperations.MultiplyAdd(x, b1, s11);
                    x = TOperations.Create(a2[i]);
                    s20 = TOperations.MultiplyAdd(x, b0, s20);
                    s21 = TOperations.MultiplyAdd(x, b1, s21);
                    x = TOperations.Create(a3[i]);
                    s30 = TOperations.MultiplyAdd(x, b0, s30);
                    s31 = TOperations.MultiplyAdd(x, b1, s31);
                    x = TOperations.Create(a4[i]);
                    s40 = TOperations.MultiplyAdd(x, b0, s40);
                    s41 = TOperations.MultiplyAdd(x, b1, s41);
                    x = TOperations.Create(a5[i]);
                    s50 = TOperations.MultiplyAdd(x, b0, s50);
                    s51 = TOperations.MultiplyAdd(x, b1, s51);
                }

                float* to = c + group * Rows * cRow + panel * 2 * n;
                TOperations.Store(s00, to);
                TOperations.Store(s01, to + n);
                to += cRow;
                TOperations.Store(s10, to);
                TOperations.Store(s11, to + n);
                to += cRow;
                TOperations.Store(s20, to);
                TOperations.Store(s21, to + n);
                to += cRow;
                TOperations.Store(s30, to);
                TOperations.Store(s31, to + n);
                to += cRow;
                TOperations.Store(s40, to);
                TOperations.Store(s41, to + n);
                to += cRow;
                TOperations.Store(s50, to);
                TOperations.Store(s51, to + n);
            }
        }
    }
}
