using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaConv.Engine;

/// <summary>
/// The one rounding of pictures: a sample in floats becomes the nearest code value, an exact half the even one. Below 0 and not-a-number
/// become 0, above the largest code that code.
/// </summary>
public static class CodeValues
{
    /// <summary>One sample → its code.</summary>
    /// <param name="value">In code values.</param>
    /// <param name="top">The largest code: 2^bits − 1, at most 2^24 − 1.</param>
    public static uint Round(float value, uint top) =>
        float.IsNaN(value) ? 0 : (uint)MathF.Round(Math.Clamp(value, 0f, top), MidpointRounding.ToEven);

    /// <summary>One sample → its code of 8 bits.</summary>
    public static byte ToByte(float value) => (byte)Round(value, byte.MaxValue);

    /// <summary>A vector of samples → their codes.</summary>
    /// <param name="values">In code values.</param>
    /// <param name="top">The largest code, in every element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Round(Vector<float> values, Vector<float> top)
    {
        values = Vector.ConditionalSelect(Vector.Equals(values, values), values, Vector<float>.Zero);
        values = Vector.Min(Vector.Max(values, Vector<float>.Zero), top);
        return Vector.AsVectorUInt32(Vector.ConvertToInt32(Vector.Round(values)));
    }

    /// <summary>Samples → codes of 8 bits.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="scale">What they are multiplied by: 255 for samples in 0..1.</param>
    /// <param name="target">As many codes.</param>
    public static void ToBytes(ReadOnlySpan<float> source, float scale, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, source.Length);
        int i = 0, lanes = Vector<float>.Count;
        Vector<float> factor = new(scale), top = new(byte.MaxValue);
        for (; i <= source.Length - (4 * lanes); i += 4 * lanes)
        {
            Vector<ushort> low = Vector.Narrow(Codes(source[i..]), Codes(source[(i + lanes)..]));
            Vector<ushort> high = Vector.Narrow(Codes(source[(i + (2 * lanes))..]), Codes(source[(i + (3 * lanes))..]));
            Vector.Narrow(low, high).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
        {
            target[i] = ToByte(source[i] * scale);
        }

        Vector<uint> Codes(ReadOnlySpan<float> values) => Round(new Vector<float>(values) * factor, top);
    }
}
