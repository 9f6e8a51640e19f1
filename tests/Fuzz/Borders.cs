using System.Buffers.Binary;

namespace AdaConv.Fuzz;

/// <summary>Where the parts of a container begin: boxes, elements, chunks, pages, packets and start codes.</summary>
internal static class Borders
{
    // Boxes that hold boxes, and elements that hold elements.
    private static readonly string[] Nests = ["moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "edts", "udta", "mvex", "dinf"];
    private static readonly uint[] Masters = [0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0x1C53BB6B, 0x114D9B74, 0x1549A966, 0xE0, 0xA0];

    /// <summary>The borders in order, without the beginning; empty where none is known.</summary>
    public static int[] Of(byte[] bytes)
    {
        SortedSet<int> found = [];
        ReadOnlySpan<byte> head = bytes.AsSpan(0, Math.Min(16, bytes.Length));
        if (head.Length < 16)
        {
            return [];
        }

        if (head[4..8].SequenceEqual("ftyp"u8) || head[4..8].SequenceEqual("moov"u8) || head[4..8].SequenceEqual("wide"u8))
        {
            Boxes(bytes, 0, bytes.Length, found);
        }
        else if (BinaryPrimitives.ReadUInt32BigEndian(head) == 0x1A45DFA3)
        {
            Elements(bytes, 0, bytes.Length, found);
        }
        else if (head[..4].SequenceEqual("RIFF"u8))
        {
            Chunks(bytes, 12, bytes.Length, found);
        }
        else if (head[..4].SequenceEqual("OggS"u8))
        {
            All(bytes, "OggS"u8, found);
        }
        else if (head[0] == 0x47 && bytes.Length % 188 == 0)
        {
            for (int at = 188; at < bytes.Length; at += 188)
            {
                found.Add(at);
            }
        }
        else
        {
            All(bytes, [0, 0, 1], found);
        }

        found.Remove(0);
        return [.. found];
    }

    private static void Boxes(byte[] bytes, int from, int to, SortedSet<int> found)
    {
        for (int at = from; at + 8 <= to;)
        {
            found.Add(at);
            long size = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (size < 8 || at + size > to)
            {
                return;
            }

            if (Nests.Contains(System.Text.Encoding.ASCII.GetString(bytes, at + 4, 4)))
            {
                Boxes(bytes, at + 8, at + (int)size, found);
            }

            at += (int)size;
        }
    }

    private static void Elements(byte[] bytes, int from, int to, SortedSet<int> found)
    {
        for (int at = from; at + 2 <= to;)
        {
            found.Add(at);
            int start = at;
            (ulong id, int idLength) = Number(bytes, at, keepMark: true);
            (ulong size, int sizeLength) = Number(bytes, at + idLength, keepMark: false);
            if (idLength == 0 || sizeLength == 0)
            {
                return;
            }

            at += idLength + sizeLength;
            bool unknown = size == (1UL << (7 * sizeLength)) - 1;
            if (Masters.Contains((uint)id))
            {
                Elements(bytes, at, unknown ? to : (int)Math.Min((ulong)to, (ulong)at + size), found);
            }

            if (unknown || size > (ulong)(to - at) || at <= start)
            {
                return;
            }

            at += (int)size;
        }
    }

    private static (ulong Value, int Length) Number(byte[] bytes, int at, bool keepMark)
    {
        if (at >= bytes.Length || bytes[at] == 0)
        {
            return (0, 0);
        }

        int length = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[at] << 24) + 1;
        if (at + length > bytes.Length)
        {
            return (0, 0);
        }

        ulong value = keepMark ? bytes[at] : bytes[at] & ((1UL << (8 - length)) - 1);
        for (int i = 1; i < length; i++)
        {
            value = (value << 8) | bytes[at + i];
        }

        return (value, length);
    }

    private static void Chunks(byte[] bytes, int from, int to, SortedSet<int> found)
    {
        for (int at = from; at + 8 <= to;)
        {
            found.Add(at);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4));
            if (at + 8 + size > to)
            {
                return;
            }

            if (bytes.AsSpan(at, 4).SequenceEqual("LIST"u8))
            {
                Chunks(bytes, at + 12, at + 8 + (int)size, found);
            }

            at += 8 + (int)(size + (size & 1));
        }
    }

    private static void All(byte[] bytes, ReadOnlySpan<byte> mark, SortedSet<int> found)
    {
        for (int at = 0; bytes.AsSpan(at).IndexOf(mark) is int next && next >= 0; at += next + mark.Length)
        {
            found.Add(at + next);
        }
    }
}
