using System.Buffers.Binary;

namespace AdaConv.Tests.Support;

/// <summary>Blu-ray subtitles as .sup files hold them.</summary>
public static class DiscSubtitle
{
    /// <summary>A set that shows nothing: a presentation composition of 64×48 without objects, and its end.</summary>
    public static byte[] Empty(int milliseconds)
    {
        byte[] Segment(byte type, ReadOnlySpan<byte> content)
        {
            byte[] segment = new byte[13 + content.Length];
            "PG"u8.CopyTo(segment);
            BinaryPrimitives.WriteInt32BigEndian(segment.AsSpan(2), 90 * milliseconds);
            segment[10] = type;
            BinaryPrimitives.WriteInt16BigEndian(segment.AsSpan(11), (short)content.Length);
            content.CopyTo(segment.AsSpan(13));
            return segment;
        }

        return [.. Segment(0x16, [0, 64, 0, 48, 0x10, 0, 1, 0x80, 0, 0, 0]), .. Segment(0x80, [])];
    }
}
