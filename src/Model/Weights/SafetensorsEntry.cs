using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AdaConv.Model;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Type">Element type in the format's names: F16, BF16, F32, …</param>
/// <param name="Shape">Extents, slowest first.</param>
/// <param name="Data">Elements in row-major order, little-endian.</param>
public sealed record SafetensorsEntry(string Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes of one element; null for a type this program does not know.</summary>
    public static int? ElementSize(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => null,
    };

    /// <summary>Stores floats as F32 or, rounded to nearest, as F16.</summary>
    public static SafetensorsEntry FromFloats(ReadOnlySpan<float> values, IReadOnlyList<long> shape, bool half)
    {
        if (!half)
        {
            return new SafetensorsEntry("F32", shape, MemoryMarshal.AsBytes(values).ToArray());
        }

        Half[] halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        return new SafetensorsEntry("F16", shape, MemoryMarshal.AsBytes<Half>(halves).ToArray());
    }

    /// <summary>The elements as floats.</summary>
    /// <exception cref="ModelException">The type is neither F32, F16 nor BF16.</exception>
    public float[] ToFloats()
    {
        switch (Type)
        {
            case "F32":
                return MemoryMarshal.Cast<byte, float>(Data.Span).ToArray();
            case "F16":
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(Data.Span);
                float[] values = new float[halves.Length];

                // By a loop that is compiled beforehand where the program is: TensorPrimitives' is compiled at each start, and takes
                // 0.15 s for the first three million.
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)halves[i];
                }

                return values;
            case "BF16":
                return [.. MemoryMarshal.Cast<byte, ushort>(Data.Span).ToArray().Select(bits => BitConverter.Int32BitsToSingle(bits << 16))];
            default:
                throw new ModelException($"Weights of type {Type} cannot be used; F32, F16 and BF16 can.");
        }
    }
}
