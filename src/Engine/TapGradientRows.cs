using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The adjoint of the taps' ×2 upsampling for one tile of one half-resolution map stack. Full-resolution gradients come in by
/// pairs of rows and are first gathered vertically; a complete row is then gathered horizontally and written.
/// </summary>
internal readonly unsafe struct TapGradientRows<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private readonly SeparableConvolutionShape shape;
    private readonly float* maps, carried, complete, even, odd;
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
    public TapGradientRows(in SeparableConvolutionShape shape, float* maps, int left, int right, int top, int bottom, int x0, int width,
        ref Scratch scratch)
    {
        this.shape = shape;
        this.maps = maps;
        (this.left, this.right, this.top, this.bottom, this.x0, this.width) = (left, right, top, bottom, x0, width);
        carried = scratch.Take(shape.Taps * width);
        complete = scratch.Take(shape.Taps * width);
        even = scratch.Take(LineFloats(width));
        odd = scratch.Take(LineFloats(width)) + 16; // room for one before the first
        new Span<float>(carried, shape.Taps * width).Clear();
    }

    public static int ScratchFloats(int taps, int width) => 2 * taps * width + 2 * LineFloats(width);

    private static int LineFloats(int width) => Scratch.Rounded(width / 2 + 48);

    /// <summary>
    /// Adds one vector of columns of all taps, [K, 2, vector]: the output rows 2m − 1 (or zeros, when there is no such row) and
    /// 2m. They complete half-resolution row m − 1 and begin row m.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(float* gradient, int column)
    {
        float* from = carried + column, to = complete + column;
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        for (int k = 0; k < shape.Taps; k++, gradient += 2 * TOperations.Count, from += width, to += width)
        {
            TVector odd = TOperations.Load(gradient), even = TOperations.Load(gradient + TOperations.Count);
            TOperations.Store(TOperations.MultiplyAdd(one, even, TOperations.MultiplyAdd(three, odd, TOperations.Load(from))), to);
            TOperations.Store(TOperations.MultiplyAdd(three, even, TOperations.Multiply(one, odd)), from);
        }
    }

    /// <summary>After all columns of the output rows 2m − 1 and 2m: writes row m − 1 if it is owned.</summary>
    public void Finish(int m)
    {
        // Rows outside the image: upsampling clamped to the map's edge, so what comes from them goes to the edge.
        if (m == 0)
            AddTo(carried, complete);
        if (m == shape.TapHeight)
            AddTo(complete, carried);
        if (m - 1 < top || m - 1 >= bottom)
            return;
        for (int k = 0; k < shape.Taps; k++)
            WriteRow(complete + k * width, maps + k * shape.TapPlaneSize + (long)(m - 1) * shape.TapWidth);
    }

    private void AddTo(float* target, float* source)
    {
        for (int i = 0; i < shape.Taps * width; i += TOperations.Count)
            TOperations.Store(TOperations.Add(TOperations.Load(target + i), TOperations.Load(source + i)), target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRow(float* sums, float* target)
    {
        for (int c = 0; c < width; c += 2 * TOperations.Count)
        {
            TOperations.Deinterleave(TOperations.Load(sums + c), TOperations.Load(sums + c + TOperations.Count), out TVector e,
                out TVector o);
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
            TOperations.Store(TOperations.MultiplyAdd(one, far, near), target + m, right - m);
        }
    }
}
