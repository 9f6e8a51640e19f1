using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The adjoint of the taps' ×2 upsampling for one tile of one half-resolution map stack. Full-resolution gradients come in row by
/// row and are first gathered vertically into the half-resolution rows that are open at a time; a complete row is
/// then gathered horizontally and written.
/// </summary>
internal readonly unsafe struct TapGradientRows<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int OpenRows = 3; // a strip of two output rows reaches three

    private readonly SeparableConvolutionShape shape;
    private readonly float* maps, open, even, odd;
    private readonly int left, right, top, bottom, x0, width;

    /// <param name="shape">The operation's sizes.</param>
    /// <param name="maps">[K, h, w], of which rows top to bottom and columns left to right are written.</param>
    /// <param name="left">First owned column.</param>
    /// <param name="right">The column after the last owned.</param>
    /// <param name="top">First owned row.</param>
    /// <param name="bottom">The row after the last owned.</param>
    /// <param name="x0">The first full-resolution column that comes in; even.</param>
    /// <param name="width">Full-resolution columns that come in, a multiple of the staging granularity.</param>
    /// <param name="scratch">Gives <see cref="ScratchFloats"/>.</param>
    public TapGradientRows(in SeparableConvolutionShape shape, float* maps, int left, int right, int top, int bottom, int x0, int width, ref Scratch scratch)
    {
        this.shape = shape;
        this.maps = maps;
        (this.left, this.right, this.top, this.bottom, this.x0, this.width) = (left, right, top, bottom, x0, width);
        open = scratch.Take(OpenRows * shape.Taps * width);
        even = scratch.Take(LineFloats(width));
        odd = scratch.Take(LineFloats(width)) + 16; // room for one before the first
        new Span<float>(open, OpenRows * shape.Taps * width).Clear();
    }

    public static int ScratchFloats(int taps, int width) => OpenRows * taps * width + 2 * LineFloats(width);

    private static int LineFloats(int width) => Scratch.Rounded(width / 2 + 48);

    /// <summary>Adds one vector of columns of all taps, [K, 2, vector] of which one row, at output row y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(float* gradient, int y, int column)
    {
        int near = y >> 1;
        int far = (y & 1) == 0 ? Math.Max(near - 1, 0) : Math.Min(near + 1, shape.TapHeight - 1);
        float* nearRow = open + near % OpenRows * shape.Taps * width + column;
        float* farRow = open + far % OpenRows * shape.Taps * width + column;
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        for (int k = 0; k < shape.Taps; k++, gradient += 2 * TOperations.Count, nearRow += width, farRow += width)
        {
            TVector g = TOperations.Load(gradient);
            TOperations.Store(TOperations.MultiplyAdd(three, g, TOperations.Load(nearRow)), nearRow);
            TOperations.Store(TOperations.MultiplyAdd(one, g, TOperations.Load(farRow)), farRow);
        }
    }

    /// <summary>Writes and closes the half-resolution rows that output row y was the last to reach.</summary>
    public void Finish(int y)
    {
        if (y % 2 == 0 && y > 0)
            Close(y / 2 - 1);
        if (y == shape.Height - 1)
        {
            Close(y / 2);
        }
    }

    private void Close(int row)
    {
        float* sums = open + row % OpenRows * shape.Taps * width;
        if (row >= top && row < bottom)
        {
            for (int k = 0; k < shape.Taps; k++)
                WriteRow(sums + k * width, maps + k * shape.TapPlaneSize + (long)row * shape.TapWidth);
        }
        new Span<float>(sums, shape.Taps * width).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRow(float* sums, float* target)
    {
        for (int c = 0; c < width; c += 2 * TOperations.Count)
        {
            TOperations.Deinterleave(TOperations.Load(sums + c), TOperations.Load(sums + c + TOperations.Count), out TVector e, out TVector o);
            TOperations.Store(e, even + c / 2);
            TOperations.Store(o, odd + c / 2);
        }
        // Columns outside the image: upsampling clamped to the map's edge, so what would come from them comes from the edge.
        int offset = x0 / 2;
        if (left == 0)
            odd[-1] = even[0];
        if (right == shape.TapWidth)
        {
            int last = right - 1 - offset;
            if (shape.Width % 2 == 1)
                odd[last] = even[last + 1] = 0;
            else
                even[last + 1] = odd[last];
        }
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        for (int m = left; m < right; m += TOperations.Count)
        {
            float* e = even + (m - offset), o = odd + (m - offset);
            TVector near = TOperations.Multiply(three, TOperations.Add(TOperations.Load(e), TOperations.Load(o)));
            TVector far = TOperations.Add(TOperations.Load(o - 1), TOperations.Load(e + 1));
            Partial<TOperations, TVector>.Store(TOperations.MultiplyAdd(one, far, near), target + m, right - m);
        }
    }
}
