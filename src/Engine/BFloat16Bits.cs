namespace AdaConv.Engine;

/// <summary>bfloat16: the upper half of a float32, rounded to the nearest, ties to even. A quiet not-a-number stays one.</summary>
internal static class BFloat16Bits
{
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
