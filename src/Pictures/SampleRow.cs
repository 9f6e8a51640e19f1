using System.Numerics;
using System.Runtime.CompilerServices;
using AdaConv.Engine;

namespace AdaConv.Pictures;

/// <summary>The vectorised inner loops between rows of integer samples and of floats; any length, any alignment.</summary>
/// <remarks>The scalar reference of each stands in the tests; results are equal bit for bit.</remarks>
internal static unsafe class SampleRow
{
    /// <summary>Integer samples → floats, times a scale.</summary>
    /// <param name="source">First unit of the row.</param>
    /// <param name="layout">Where in each unit the sample lies.</param>
    /// <param name="scale">1 for code values.</param>
    /// <param name="target">Receives the floats.</param>
    /// <param name="count">Samples.</param>
    public static void Load(byte* source, in SampleLayout layout, float scale, float* target, int count)
    {
        int i = 0;
        int lanes = Vector<float>.Count;
        Vector<float> factor = new(scale);
        int shift = layout.UnitShift;
        if (layout.IsWholeByte)
        {
            for (; i <= count - (4 * lanes); i += 4 * lanes)
            {
                Vector.Widen(Vector.Load(source + i), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
                Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
                (ToSingle(a) * factor).Store(target + i);
                (ToSingle(b) * factor).Store(target + i + lanes);
                (ToSingle(c) * factor).Store(target + i + (2 * lanes));
                (ToSingle(d) * factor).Store(target + i + (3 * lanes));
            }
        }
        else if (layout.UnitBytes == 2 && !layout.IsSwapped)
        {
            ushort* units = (ushort*)source;
            Vector<ushort> mask = new((ushort)layout.Mask);
            for (; i <= count - (2 * lanes); i += 2 * lanes)
            {
                Vector<ushort> codes = Vector.ShiftRightLogical(Vector.Load(units + i), shift) & mask;
                Vector.Widen(codes, out Vector<uint> a, out Vector<uint> b);
                (ToSingle(a) * factor).Store(target + i);
                (ToSingle(b) * factor).Store(target + i + lanes);
            }
        }
        else if (layout.UnitBytes == 4 && !layout.IsSwapped)
        {
            uint* units = (uint*)source;
            Vector<uint> mask = new(layout.Mask);
            for (; i <= count - lanes; i += lanes)
            {
                (ToSingle(Vector.ShiftRightLogical(Vector.Load(units + i), shift) & mask) * factor).Store(target + i);
            }
        }

        for (; i < count; i++)
        {
            target[i] = layout.Read(source, i) * scale;
        }
    }

    /// <summary>Floats → integer samples: times a scale, clipped and rounded by <see cref="CodeValues"/>.</summary>
    /// <param name="source">The floats; not-a-number becomes 0.</param>
    /// <param name="scale">1 for code values.</param>
    /// <param name="target">First unit of the row; where other samples share the units, their bits must be 0 or already written.</param>
    /// <param name="layout">Where in each unit the sample lies.</param>
    /// <param name="count">Samples.</param>
    public static void Store(float* source, float scale, byte* target, in SampleLayout layout, int count)
    {
        int i = 0;
        int lanes = Vector<float>.Count;
        Vector<float> factor = new(scale);
        Vector<float> top = new(layout.Mask);
        int shift = layout.UnitShift;
        if (layout.IsWholeByte)
        {
            for (; i <= count - (4 * lanes); i += 4 * lanes)
            {
                Vector<ushort> low = Vector.Narrow(ToCode(source + i, factor, top), ToCode(source + i + lanes, factor, top));
                Vector<ushort> high = Vector.Narrow(
                    ToCode(source + i + (2 * lanes), factor, top), ToCode(source + i + (3 * lanes), factor, top));
                Vector.Narrow(low, high).Store(target + i);
            }
        }
        else if (layout.UnitBytes == 2 && !layout.IsSwapped)
        {
            ushort* units = (ushort*)target;
            for (; i <= count - (2 * lanes); i += 2 * lanes)
            {
                Vector<ushort> codes = Vector.Narrow(ToCode(source + i, factor, top), ToCode(source + i + lanes, factor, top));
                codes = Vector.ShiftLeft(codes, shift);
                (layout.SharesUnits ? codes | Vector.Load(units + i) : codes).Store(units + i);
            }
        }
        else if (layout.UnitBytes == 4 && !layout.IsSwapped)
        {
            uint* units = (uint*)target;
            for (; i <= count - lanes; i += lanes)
            {
                (Vector.ShiftLeft(ToCode(source + i, factor, top), shift) | Vector.Load(units + i)).Store(units + i);
            }
        }

        for (; i < count; i++)
        {
            layout.Write(target, i, CodeValues.Round(source[i] * scale, layout.Mask));
        }
    }

    /// <summary>Each sample 2^<paramref name="shift"/> times: chroma up to the width of luma, which is the last argument.</summary>
    public static void Replicate(float* source, float* target, int shift, int width)
    {
        int x = 0;
        if (shift == 1)
        {
            int lanes = Vector<float>.Count;
            for (; x <= width - (2 * lanes); x += 2 * lanes)
            {
                Vector.Widen(Vector.Load((uint*)source + (x >> 1)), out Vector<ulong> low, out Vector<ulong> high);
                (low | Vector.ShiftLeft(low, 32)).Store((ulong*)(target + x));
                (high | Vector.ShiftLeft(high, 32)).Store((ulong*)(target + x + lanes));
            }
        }

        for (; x < width; x++)
        {
            target[x] = source[x >> shift];
        }
    }

    /// <summary>Adds one row to another: <paramref name="sum"/> += <paramref name="row"/>.</summary>
    public static void Add(float* sum, float* row, int count)
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.Load(sum + i) + Vector.Load(row + i)).Store(sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] += row[i];
        }
    }

    /// <summary>
    /// The mean over blocks of 2^<paramref name="shift"/> columns of a row that is already the sum of <paramref name="rows"/> rows:
    /// luma's width down to chroma's. The last block may be narrower.
    /// </summary>
    public static void BlockMeans(float* sum, int rows, float* target, int shift, int width)
    {
        int block = 1 << shift;
        int count = (width + block - 1) >> shift;
        int i = 0;
        int lanes = Vector<float>.Count;
        if (shift == 1)
        {
            Vector<float> factor = new(1f / (2 * rows));
            Vector<ulong> lowHalf = new(uint.MaxValue);
            for (; i <= (width >> 1) - lanes; i += lanes)
            {
                Vector<ulong> a = Vector.Load((ulong*)(sum + (2 * i)));
                Vector<ulong> b = Vector.Load((ulong*)(sum + (2 * i) + lanes));
                Vector<float> even = Vector.AsVectorSingle(Vector.Narrow(a & lowHalf, b & lowHalf));
                Vector<float> odd = Vector.AsVectorSingle(Vector.Narrow(Vector.ShiftRightLogical(a, 32), Vector.ShiftRightLogical(b, 32)));
                ((even + odd) * factor).Store(target + i);
            }
        }

        for (; i < count; i++)
        {
            int columns = Math.Min(block, width - (i << shift));
            float total = 0;
            for (int x = 0; x < columns; x++)
            {
                total += sum[(i << shift) + x];
            }

            target[i] = total * (1f / (columns * rows));
        }
    }

    /// <summary>Three rows through an affine map to three others: R, G, B from Y, U, V.</summary>
    public static void Transform(in ColorTransform map, float* y, float* u, float* v, float* red, float* green, float* blue, int count)
    {
        int i = 0;
        Vector<float> ry = new(map.RedY), ru = new(map.RedU), rv = new(map.RedV), r0 = new(map.RedOffset);
        Vector<float> gy = new(map.GreenY), gu = new(map.GreenU), gv = new(map.GreenV), g0 = new(map.GreenOffset);
        Vector<float> by = new(map.BlueY), bu = new(map.BlueU), bv = new(map.BlueV), b0 = new(map.BlueOffset);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> yi = Vector.Load(y + i), ui = Vector.Load(u + i), vi = Vector.Load(v + i);
            ((yi * ry) + (ui * ru) + (vi * rv) + r0).Store(red + i);
            ((yi * gy) + (ui * gu) + (vi * gv) + g0).Store(green + i);
            ((yi * by) + (ui * bu) + (vi * bv) + b0).Store(blue + i);
        }

        for (; i < count; i++)
        {
            float yi = y[i], ui = u[i], vi = v[i];
            red[i] = (yi * map.RedY) + (ui * map.RedU) + (vi * map.RedV) + map.RedOffset;
            green[i] = (yi * map.GreenY) + (ui * map.GreenU) + (vi * map.GreenV) + map.GreenOffset;
            blue[i] = (yi * map.BlueY) + (ui * map.BlueU) + (vi * map.BlueV) + map.BlueOffset;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ToSingle(Vector<uint> codes) => Vector.ConvertToSingle(Vector.AsVectorInt32(codes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> ToCode(float* source, Vector<float> factor, Vector<float> top) => CodeValues.Round(Vector.Load(source) * factor, top);
}
