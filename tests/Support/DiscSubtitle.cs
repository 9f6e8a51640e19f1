using System.Buffers.Binary;

namespace AdaConv.Tests.Support;

/// <summary>Blu-ray subtitles as .sup files hold them.</summary>
public static class DiscSubtitle
{
    /// <summary>A set that shows nothing: a presentation composition of 64×48 without objects, and its end.</summary>
    public static byte[] Empty(int milliseconds) =>
        [.. Segment(milliseconds, 0x16, [0, 64, 0, 48, 0x10, 0, 1, 0x80, 0, 0, 0]), .. Segment(milliseconds, 0x80, [])];

    /// <summary>A set that shows a box of 16×8 in 64×48, until another set comes.</summary>
    public static byte[] Shown(int milliseconds)
    {
        const int height = 8;
        byte[] row = [.. Enumerable.Repeat((byte)1, 16), 0, 0];
        byte[] rows = [.. Enumerable.Repeat(row, height).SelectMany(codes => codes)];
        return
        [
            .. Segment(milliseconds, 0x16, [0, 64, 0, 48, 0x10, 0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 8]),
            .. Segment(milliseconds, 0x17, [1, 0, 0, 8, 0, 8, 0, 16, 0, height]),
            .. Segment(milliseconds, 0x14, [0, 0, 1, 200, 128, 128, 255]),
            .. Segment(milliseconds, 0x15, [0, 0, 0, 0xC0, 0, 0, (byte)(rows.Length + 4), 0, 16, 0, height, .. rows]),
            .. Segment(milliseconds, 0x80, []),
        ];
    }

    private static byte[] Segment(int milliseconds, byte type, ReadOnlySpan<byte> content)
    {
        byte[] segment = new byte[13 + content.Length];
        "PG"u8.CopyTo(segment);
        BinaryPrimitives.WriteInt32BigEndian(segment.AsSpan(2), 90 * milliseconds);
        segment[10] = type;
        BinaryPrimitives.WriteInt16BigEndian(segment.AsSpan(11), (short)content.Length);
        content.CopyTo(segment.AsSpan(13));
        return segment;
    }
}
