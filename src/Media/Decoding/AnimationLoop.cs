using System.Buffers.Binary;

namespace AdaConv.Media.Decoding;

/// <summary>How often an animated picture is shown, which libav's readers do not tell.</summary>
internal static class AnimationLoop
{
    private const int MostBlocks = 10_000;

    /// <summary>How often a GIF or an animated PNG is to be shown; 0: for ever; null where it is neither, or damaged.</summary>
    /// <param name="format">FFmpeg's name of the container.</param>
    /// <param name="path">The file.</param>
    public static int? Of(string format, string path)
    {
        if (format is not ("gif" or "apng"))
        {
            return null;
        }

        try
        {
            using BinaryReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return format == "gif" ? OfGif(reader) : OfPng(reader);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Netscape's block, which counts the times after the first; a GIF without one is shown once.
    private static int? OfGif(BinaryReader reader)
    {
        Skip(reader, 10);
        byte colours = reader.ReadByte();
        Skip(reader, 2 + ((colours & 0x80) != 0 ? 3 << ((colours & 7) + 1) : 0));
        for (int i = 0; i < MostBlocks && reader.ReadByte() == 0x21; i++)
        {
            bool isApplication = reader.ReadByte() == 0xff;
            bool isLoop = false;
            for (int block = 0; reader.ReadByte() is > 0 and var length; block++)
            {
                byte[] data = reader.ReadBytes(length);
                if (isLoop && data is [1, var low, var high, ..])
                {
                    int more = low | (high << 8);
                    return more == 0 ? 0 : more + 1;
                }

                isLoop = isApplication && block == 0 && (data.AsSpan().SequenceEqual("NETSCAPE2.0"u8) || data.AsSpan().SequenceEqual("ANIMEXTS1.0"u8));
            }
        }

        return 1;
    }

    private static int? OfPng(BinaryReader reader)
    {
        Span<byte> head = stackalloc byte[8];
        Span<byte> counts = stackalloc byte[8];
        Skip(reader, 8);
        for (int i = 0; i < MostBlocks; i++)
        {
            reader.BaseStream.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (head[4..].SequenceEqual("acTL"u8))
            {
                reader.BaseStream.ReadExactly(counts);
                return (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(counts[4..]), ushort.MaxValue);
            }

            if (head[4..].SequenceEqual("IDAT"u8))
            {
                break;
            }

            Skip(reader, length + 4L);
        }

        return null;
    }

    private static void Skip(BinaryReader reader, long bytes) => reader.BaseStream.Seek(bytes, SeekOrigin.Current);
}
