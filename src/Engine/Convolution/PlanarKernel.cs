using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>Columns from a pixel's window to the next one's, known when code is compiled.</summary>
internal interface IStride
{
    /// <summary>1 or 2.</summary>
    static abstract int Columns { get; }
}

internal readonly struct Stride1 : IStride
{
    public static int Columns => 1;
}

internal readonly struct Stride2 : IStride
{
    public static int Columns => 2;
}

/// <summary>
/// The convolution of planes' rows: pixels next to each other times two vectors of outputs, whose sums stay in registers while each value of the
/// planes is spread over a vector as it is loaded.
/// </summary>
/// <remarks>Weights lie [two vectors of outputs][row of the window][input][column of the window]; sums are taken in that order.</remarks>
internal sealed unsafe class PlanarKernel<TOperations, TVector, TStride> : PlanarConvolution
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
    where TStride : struct, IStride
{
    private readonly int panels;
    private float* packed, offsets;

    public PlanarKernel(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
        : base(shape)
    {
        panels = (shape.Outputs + Panel - 1) / Panel;
        try
        {
            packed = NativeFloats.AllocateZeros(PackedFloats);
            offsets = NativeFloats.AllocateZeros(panels * Panel);
        }
        catch
        {
            Dispose();
            throw;
        }

        bias.CopyTo(new Span<float>(offsets, shape.Outputs));
        for (int o = 0; o < shape.Outputs; o++)
        {
            for (int tap = 0; tap < 9 * shape.Inputs; tap++)
            {
                int product = (tap % 9 / 3 * shape.Inputs + tap / 9) * 3 + tap % 3;
                packed[((long)o / Panel * 9 * shape.Inputs + product) * Panel + o % Panel] = weights[9 * shape.Inputs * o + tap];
            }
        }
    }

    public override long Bytes => sizeof(float) * (PackedFloats + panels * Panel);

    private protected override int PixelsTogether => TOperations.Count == 16 ? 12 : 6; // as there are registers

    private static int Panel => 2 * TOperations.Count;

    private long PackedFloats => 9L * Shape.Inputs * panels * Panel;

    ~PlanarKernel() => Dispose(false);

    protected override void Dispose(bool disposing)
    {
        NativeFloats.Free(packed);
        NativeFloats.Free(offsets);
        packed = offsets = null;
    }

    private protected override void ReplaceBias(ReadOnlySpan<float> bias)
    {
        ObjectDisposedException.ThrowIf(packed is null, this);
        bias.CopyTo(new Span<float>(offsets, Shape.Outputs));
    }

    private protected override void Row(float* above, float* at, float* below, nint stride, ActivationView output, int y)
    {
        ObjectDisposedException.ThrowIf(packed is null, this);
        float* sums = stackalloc float[12 * 2 * 16];
        for (int panel = 0; panel < panels; panel++)
        {
            float* weights = packed + 9L * Shape.Inputs * Panel * panel;
            for (int x = 0; x < output.Width; x += PixelsTogether)
            {
                nint first = x * TStride.Columns;
                if (TOperations.Count == 16)
                    Twelve(above + first, at + first, below + first, stride, Shape.Inputs, weights, sums);
                else
                    Six(above + first, at + first, below + first, stride, Shape.Inputs, weights, sums);
                Finish(sums, output.Pixel(y, x) + panel * Panel, output.PixelStride, panel * Panel, Math.Min(PixelsTogether, output.Width - x));
            }
        }
    }

    // max(y, slope·y) is the rectifier for every slope from 0 to 1; at 1 it is y itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(float* sums, float* target, nint pixelStride, int column, int pixels)
    {
        TVector slope = TOperations.Create(Shape.Slope);
        int columns = Math.Min(Panel, ActivationView.Rounded(Shape.Outputs) - column);
        for (int x = 0; x < pixels; x++, sums += Panel, target += pixelStride)
        {
            for (int i = 0; i < columns; i += TOperations.Count)
            {
                TVector y = TOperations.Add(TOperations.Load(sums + i), TOperations.Load(offsets + column + i));
                TOperations.Store(TOperations.Max(y, TOperations.Multiply(y, slope)), target + i);
            }
        }
    }

    // Six pixels: twelve sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(float* above, float* at, float* below, nint stride, int inputs, float* weights, float* sums)
    {
        TVector a0 = TOperations.Zero, b0 = TOperations.Zero, c0 = TOperations.Zero, d0 = TOperations.Zero, e0 = TOperations.Zero, f0 = TOperations.Zero;
        TVector a1 = TOperations.Zero, b1 = TOperations.Zero, c1 = TOperations.Zero, d1 = TOperations.Zero, e1 = TOperations.Zero, f1 = TOperations.Zero;
        for (int line = 0; line < 3; line++)
        {
            float* plane = line == 0 ? above : line == 1 ? at : below;
            for (int input = 0; input < inputs; input++, plane += stride)
            {
                for (float* tap = plane; tap < plane + 3; tap++, weights += Panel)
                {
                    TVector first = TOperations.Load(weights), second = TOperations.Load(weights + TOperations.Count);
                    TVector x = TOperations.Create(tap[0]);
                    a0 = TOperations.MultiplyAdd(x, first, a0);
                    a1 = TOperations.MultiplyAdd(x, second, a1);
                    x = TOperations.Create(tap[TStride.Columns]);
                    b0 = TOperations.MultiplyAdd(x, first, b0);
                    b1 = TOperations.MultiplyAdd(x, second, b1);
                    x = TOperations.Create(tap[2 * TStride.Columns]);
                    c0 = TOperations.MultiplyAdd(x, first, c0);
                    c1 = TOperations.MultiplyAdd(x, second, c1);
                    x = TOperations.Create(tap[3 * TStride.Columns]);
                    d0 = TOperations.MultiplyAdd(x, first, d0);
                    d1 = TOperations.MultiplyAdd(x, second, d1);
                    x = TOperations.Create(tap[4 * TStride.Columns]);
                    e0 = TOperations.MultiplyAdd(x, first, e0);
                    e1 = TOperations.MultiplyAdd(x, second, e1);
                    x = TOperations.Create(tap[5 * TStride.Columns]);
                    f0 = TOperations.MultiplyAdd(x, first, f0);
                    f1 = TOperations.MultiplyAdd(x, second, f1);
                }
            }
        }

        Store(a0, a1, sums);
        Store(b0, b1, sums + Panel);
        Store(c0, c1, sums + 2 * Panel);
        Store(d0, d1, sums + 3 * Panel);
        Store(e0, e1, sums + 4 * Panel);
        Store(f0, f1, sums + 5 * Panel);
    }

    // Twelve pixels: twenty-four sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twelve(float* above, float* at, float* below, nint stride, int inputs, float* weights, float* sums)
    {
        TVector a0 = TOperations.Zero, b0 = TOperations.Zero, c0 = TOperations.Zero, d0 = TOperations.Zero, e0 = TOperations.Zero, f0 = TOperations.Zero;
        TVector g0 = TOperations.Zero, h0 = TOperations.Zero, i0 = TOperations.Zero, j0 = TOperations.Zero, k0 = TOperations.Zero, l0 = TOperations.Zero;
        TVector a1 = TOperations.Zero, b1 = TOperations.Zero, c1 = TOperations.Zero, d1 = TOperations.Zero, e1 = TOperations.Zero, f1 = TOperations.Zero;
        TVector g1 = TOperations.Zero, h1 = TOperations.Zero, i1 = TOperations.Zero, j1 = TOperations.Zero, k1 = TOperations.Zero, l1 = TOperations.Zero;
        for (int line = 0; line < 3; line++)
        {
            float* plane = line == 0 ? above : line == 1 ? at : below;
            for (int input = 0; input < inputs; input++, plane += stride)
            {
                for (float* tap = plane; tap < plane + 3; tap++, weights += Panel)
                {
                    TVector first = TOperations.Load(weights), second = TOperations.Load(weights + TOperations.Count);
                    TVector x = TOperations.Create(tap[0]);
                    a0 = TOperations.MultiplyAdd(x, first, a0);
                    a1 = TOperations.MultiplyAdd(x, second, a1);
                    x = TOperations.Create(tap[TStride.Columns]);
                    b0 = TOperations.MultiplyAdd(x, first, b0);
                    b1 = TOperations.MultiplyAdd(x, second, b1);
                    x = TOperations.Create(tap[2 * TStride.Columns]);
                    c0 = TOperations.MultiplyAdd(x, first, c0);
                    c1 = TOperations.MultiplyAdd(x, second, c1);
                    x = TOperations.Create(tap[3 * TStride.Columns]);
                    d0 = TOperations.MultiplyAdd(x, first, d0);
                    d1 = TOperations.MultiplyAdd(x, second, d1);
                    x = TOperations.Create(tap[4 * TStride.Columns]);
                    e0 = TOperations.MultiplyAdd(x, first, e0);
                    e1 = TOperations.MultiplyAdd(x, second, e1);
                    x = TOperations.Create(tap[5 * TStride.Columns]);
                    f0 = TOperations.MultiplyAdd(x, first, f0);
                    f1 = TOperations.MultiplyAdd(x, second, f1);
                    x = TOperations.Create(tap[6 * TStride.Columns]);
                    g0 = TOperations.MultiplyAdd(x, first, g0);
                    g1 = TOperations.MultiplyAdd(x, second, g1);
                    x = TOperations.Create(tap[7 * TStride.Columns]);
                    h0 = TOperations.MultiplyAdd(x, first, h0);
                    h1 = TOperations.MultiplyAdd(x, second, h1);
                    x = TOperations.Create(tap[8 * TStride.Columns]);
                    i0 = TOperations.MultiplyAdd(x, first, i0);
                    i1 = TOperations.MultiplyAdd(x, second, i1);
                    x = TOperations.Create(tap[9 * TStride.Columns]);
                    j0 = TOperations.MultiplyAdd(x, first, j0);
                    j1 = TOperations.MultiplyAdd(x, second, j1);
                    x = TOperations.Create(tap[10 * TStride.Columns]);
                    k0 = TOperations.MultiplyAdd(x, first, k0);
                    k1 = TOperations.MultiplyAdd(x, second, k1);
                    x = TOperations.Create(tap[11 * TStride.Columns]);
                    l0 = TOperations.MultiplyAdd(x, first, l0);
                    l1 = TOperations.MultiplyAdd(x, second, l1);
                }
            }
        }

        Store(a0, a1, sums);
        Store(b0, b1, sums + Panel);
        Store(c0, c1, sums + 2 * Panel);
        Store(d0, d1, sums + 3 * Panel);
        Store(e0, e1, sums + 4 * Panel);
        Store(f0, f1, sums + 5 * Panel);
        Store(g0, g1, sums + 6 * Panel);
        Store(h0, h1, sums + 7 * Panel);
        Store(i0, i1, sums + 8 * Panel);
        Store(j0, j1, sums + 9 * Panel);
        Store(k0, k1, sums + 10 * Panel);
        Store(l0, l1, sums + 11 * Panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, float* target)
    {
        TOperations.Store(first, target);
        TOperations.Store(second, target + TOperations.Count);
    }
}
