using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaConv.Engine;

/// <summary>A row of planes to float32 pixels and back, eight channels of eight pixels at a time in registers: for processors with AVX2 and FMA.</summary>
internal static unsafe class PlaneTransposition
{
    private const int Block = 8;

    /// <summary>Whether the processor has what it takes.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>target(x, c) = scale(c) · row(c)(x) + offset(c); channels beyond those given become 0.</summary>
    /// <param name="rows">The channels.</param>
    /// <param name="channels">How many.</param>
    /// <param name="target">Pixels.</param>
    /// <param name="stride">Floats of a pixel.</param>
    /// <param name="count">Pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ChannelRow* rows, int channels, float* target, int stride, int count)
    {
        int x = 0;
        for (; x <= count - Block; x += Block)
        {
            float* pixel = target + (long)x * stride;
            int c = 0;
            for (; c < channels && c <= stride - Block; c += Block)
            {
                ChannelRow* row = rows + c;
                int used = Math.Min(channels - c, Block);
                Vector256<float> r0 = row[0].Load(x), r1 = Zero, r2 = Zero, r3 = Zero, r4 = Zero, r5 = Zero, r6 = Zero, r7 = Zero;
                if (used == Block)
                {
                    (r1, r2, r3, r4, r5, r6, r7) =
                        (row[1].Load(x), row[2].Load(x), row[3].Load(x), row[4].Load(x), row[5].Load(x), row[6].Load(x), row[7].Load(x));
                }
                else
                {
                    r1 = used > 1 ? row[1].Load(x) : r1;
                    r2 = used > 2 ? row[2].Load(x) : r2;
                    r3 = used > 3 ? row[3].Load(x) : r3;
                    r4 = used > 4 ? row[4].Load(x) : r4;
                    r5 = used > 5 ? row[5].Load(x) : r5;
                    r6 = used > 6 ? row[6].Load(x) : r6;
                }

                Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
                r0.Store(pixel + c);
                r1.Store(pixel + stride + c);
                r2.Store(pixel + 2 * stride + c);
                r3.Store(pixel + 3 * stride + c);
                r4.Store(pixel + 4 * stride + c);
                r5.Store(pixel + 5 * stride + c);
                r6.Store(pixel + 6 * stride + c);
                r7.Store(pixel + 7 * stride + c);
            }

            if (c < stride)
                PackPixels(rows, channels, c, pixel, stride, x, x + Block);
        }

        PackPixels(rows, channels, 0, target + (long)x * stride, stride, x, count);
    }

    /// <summary>row(c)(x) = scale(c) · source(x, c) + offset(c), but for channels without memory.</summary>
    /// <param name="rows">The channels.</param>
    /// <param name="channels">How many.</param>
    /// <param name="source">Pixels.</param>
    /// <param name="stride">Floats of a pixel.</param>
    /// <param name="count">Pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ChannelRow* rows, int channels, float* source, int stride, int count)
    {
        int x = 0;
        for (; x <= count - Block; x += Block)
        {
            float* pixel = source + (long)x * stride;
            for (int c = 0; c < channels; c += Block)
            {
                if (c > stride - Block)
                {
                    UnpackPixels(rows, channels, c, pixel, stride, x, x + Block);
                    break;
                }

                Vector256<float> r0 = Vector256.Load(pixel + c), r1 = Vector256.Load(pixel + stride + c), r2 = Vector256.Load(pixel + 2 * stride + c);
                Vector256<float> r3 = Vector256.Load(pixel + 3 * stride + c), r4 = Vector256.Load(pixel + 4 * stride + c);
                Vector256<float> r5 = Vector256.Load(pixel + 5 * stride + c), r6 = Vector256.Load(pixel + 6 * stride + c),
                    r7 = Vector256.Load(pixel + 7 * stride + c);
                Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
                ChannelRow* row = rows + c;
                int used = Math.Min(channels - c, Block);
                row[0].Store(r0, x);
                if (used > 1)
                    row[1].Store(r1, x);
                if (used > 2)
                    row[2].Store(r2, x);
                if (used > 3)
                    row[3].Store(r3, x);
                if (used > 4)
                    row[4].Store(r4, x);
                if (used > 5)
                    row[5].Store(r5, x);
                if (used > 6)
                    row[6].Store(r6, x);
                if (used > 7)
                    row[7].Store(r7, x);
            }
        }

        UnpackPixels(rows, channels, 0, source + (long)x * stride, stride, x, count);
    }

    private static Vector256<float> Zero => Vector256<float>.Zero;

    private static void PackPixels(ChannelRow* rows, int channels, int first, float* pixel, int stride, int x, int end)
    {
        for (; x < end; x++, pixel += stride)
        {
            for (int c = first; c < stride; c++)
                pixel[c] = c < channels ? MathF.FusedMultiplyAdd(rows[c].Data[x], rows[c].Scale, rows[c].Offset) : 0;
        }
    }

    private static void UnpackPixels(ChannelRow* rows, int channels, int first, float* pixel, int stride, int x, int end)
    {
        for (; x < end; x++, pixel += stride)
        {
            for (int c = first; c < channels; c++)
            {
                if (rows[c].Data is not null)
                    rows[c].Data[x] = MathF.FusedMultiplyAdd(pixel[c], rows[c].Scale, rows[c].Offset);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<float> r0, ref Vector256<float> r1, ref Vector256<float> r2, ref Vector256<float> r3,
        ref Vector256<float> r4, ref Vector256<float> r5, ref Vector256<float> r6, ref Vector256<float> r7)
    {
        Vector256<float> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1), t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> t4 = Avx.UnpackLow(r4, r5), t5 = Avx.UnpackHigh(r4, r5), t6 = Avx.UnpackLow(r6, r7), t7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> s0 = Avx.Shuffle(t0, t2, 0x44), s1 = Avx.Shuffle(t0, t2, 0xEE), s2 = Avx.Shuffle(t1, t3, 0x44), s3 = Avx.Shuffle(t1, t3, 0xEE);
        Vector256<float> s4 = Avx.Shuffle(t4, t6, 0x44), s5 = Avx.Shuffle(t4, t6, 0xEE), s6 = Avx.Shuffle(t5, t7, 0x44), s7 = Avx.Shuffle(t5, t7, 0xEE);
        (r0, r4) = (Avx.Permute2x128(s0, s4, 0x20), Avx.Permute2x128(s0, s4, 0x31));
        (r1, r5) = (Avx.Permute2x128(s1, s5, 0x20), Avx.Permute2x128(s1, s5, 0x31));
        (r2, r6) = (Avx.Permute2x128(s2, s6, 0x20), Avx.Permute2x128(s2, s6, 0x31));
        (r3, r7) = (Avx.Permute2x128(s3, s7, 0x20), Avx.Permute2x128(s3, s7, 0x31));
    }
}

/// <summary>A row of a plane as a channel of pixels.</summary>
/// <param name="data">The row; null: the channel is passed over.</param>
/// <param name="scale">Factor on every value.</param>
/// <param name="offset">Added after scaling.</param>
internal readonly unsafe struct ChannelRow(float* data, float scale, float offset)
{
    public float* Data { get; } = data;

    public float Scale { get; } = scale;

    public float Offset { get; } = offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Load(int x) => Fma.MultiplyAdd(Vector256.Load(Data + x), Vector256.Create(Scale), Vector256.Create(Offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector256<float> values, int x)
    {
        if (Data is not null)
            Fma.MultiplyAdd(values, Vector256.Create(Scale), Vector256.Create(Offset)).Store(Data + x);
    }
}
