using System.Buffers.Binary;

namespace AdaConv.Pictures;

/// <summary>Where the samples of one colour component lie in a plane's row: one in every unit of a few bytes.</summary>
/// <param name="Plane">The plane, 0..3.</param>
/// <param name="UnitBytes">Bytes from one sample to the next, 1..8.</param>
/// <param name="Offset">Bytes from the start of a unit to the sample.</param>
/// <param name="Shift">Bits below the sample in its bytes.</param>
/// <param name="Depth">Bits of the sample, 1..16.</param>
/// <param name="BigEndian">Whether samples of more than a byte have their high byte first.</param>
/// <param name="SharesUnits">Whether other components' samples lie in the same units.</param>
internal readonly record struct SampleLayout(int Plane, int UnitBytes, int Offset, int Shift, int Depth, bool BigEndian, bool SharesUnits)
{
    /// <summary>The largest code value.</summary>
    public uint Mask => (1u << Depth) - 1;

    /// <summary>Whether a unit is one byte and the sample all of it.</summary>
    public bool IsWholeByte => UnitBytes == 1 && Depth == 8 && Shift == 0;

    /// <summary>Bits below the sample in its unit, read as a little-endian integer.</summary>
    public int UnitShift => (8 * Offset) + Shift;

    /// <summary>Whether the sample's bytes stand in the order that this machine's integers do not have.</summary>
    public bool IsSwapped => BigEndian && IsWide;

    private bool IsWide => Depth + Shift > 8;

    /// <summary>Reads the code of one sample.</summary>
    public unsafe uint Read(byte* row, int index)
    {
        byte* at = row + ((long)index * UnitBytes) + Offset;
        uint raw = !IsWide ? *at : BigEndian ? (uint)((at[0] << 8) | at[1]) : (uint)(at[0] | (at[1] << 8));
        return (raw >> Shift) & Mask;
    }

    /// <summary>Writes the code of one sample, leaving the other bits as they are; its own must be 0 where units are shared.</summary>
    public unsafe void Write(byte* row, int index, uint code)
    {
        byte* at = row + ((long)index * UnitBytes) + Offset;
        uint raw = code << Shift;
        if (!IsWide)
        {
            *at = (byte)(SharesUnits ? *at | raw : raw);
            return;
        }

        Span<byte> bytes = new(at, 2);
        int before = !SharesUnits ? 0
            : BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        ushort after = (ushort)((uint)before | raw);
        if (BigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, after);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, after);
        }
    }
}
