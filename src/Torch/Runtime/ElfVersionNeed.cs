using System.Buffers.Binary;
using System.Text;

namespace AdaConv.Torch;

/// <summary>Edits the symbol-version needs (section .gnu.version_r) of a 64-bit little-endian ELF library in memory.</summary>
internal static class ElfVersionNeed
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2;                  // VER_FLG_WEAK

    /// <summary>Marks every need of <paramref name="version"/> as weak, so that the loader only warns when it is missing.</summary>
    /// <returns>Whether such a need was found.</returns>
    public static bool TryWeaken(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image.StartsWith("\x7F"u8) || !image[1..].StartsWith("ELF"u8) || image[4] != 2 || image[5] != 1)
        {
            return false;
        }

        byte[] name = [.. Encoding.ASCII.GetBytes(version), 0];
        long sections = BinaryPrimitives.ReadInt64LittleEndian(image[40..]);
        int entrySize = U16(image, 58), count = U16(image, 60);
        for (int i = 0; i < count; i++)
        {
            int section = checked((int)(sections + (long)i * entrySize));
            if (U32(image, section + 4) == VersionNeedSection)
            {
                int strings = Offset(image, checked((int)(sections + U32(image, section + 40) * entrySize)));
                return WeakenSection(image, Offset(image, section), strings, name);
            }
        }

        return false;
    }

    private static bool WeakenSection(Span<byte> image, int need, int strings, ReadOnlySpan<byte> name)
    {
        bool found = false;
        for (uint next = 1; next != 0; need += (int)next)
        {
            int auxiliary = need + (int)U32(image, need + 8);
            for (int left = U16(image, need + 2); left > 0; left--)
            {
                if (image[(strings + (int)U32(image, auxiliary + 8))..].StartsWith(name))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(auxiliary + 4)..], (ushort)(U16(image, auxiliary + 4) | WeakFlag));
                    found = true;
                }

                auxiliary += (int)U32(image, auxiliary + 12);
            }

            next = U32(image, need + 12);
        }

        return found;
    }

    private static int Offset(ReadOnlySpan<byte> image, int section) =>
        checked((int)BinaryPrimitives.ReadInt64LittleEndian(image[(section + 24)..]));

    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
}
