using System.Security.Cryptography;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Conversion.Segments;

/// <summary>
/// The encoded packets of one segment on disk, as the encoder gave them. No container is used, since none keeps both times of a packet in
/// any time base together with its side data.
/// </summary>
/// <remarks>
/// Little-endian: for each packet 1, times (pts, dts, duration: 64 bits each), flags, number of side data, each of these as type, length
/// and bytes, then length and bytes of the data (32 bits each). Then 0, frames, the last frame's time and the next segment's number (64 bits
/// each), and the SHA-256 of all before.
/// </remarks>
internal static unsafe class SegmentFile
{
    public const byte PacketMark = 1, EndMark = 0;
    public const int HashLength = SHA256.HashSizeInBytes;
    public const int EndLength = 1 + (3 * sizeof(long)) + HashLength;

    /// <summary>What a segment's file ends with; null where the file is incomplete.</summary>
    public static SegmentEnd? Verify(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            if (file.Length < EndLength)
            {
                return null;
            }

            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[1 << 20];
            long left = file.Length - HashLength;
            byte[] end = new byte[EndLength - HashLength];
            while (left > 0)
            {
                int read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                if (read == 0)
                {
                    return null;
                }

                hash.AppendData(buffer, 0, read);
                left -= read;
            }

            byte[] stated = new byte[HashLength];
            file.ReadExactly(stated);
            if (!hash.GetHashAndReset().AsSpan().SequenceEqual(stated))
            {
                return null;
            }

            file.Position = file.Length - EndLength;
            file.ReadExactly(end);
            return new(
                BitConverter.ToInt64(end, 1), BitConverter.ToInt64(end, 9), BitConverter.ToInt64(end, 17), file.Length, Convert.ToHexStringLower(stated));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a packet, which stays as it is.</summary>
    public static void Write(BinaryWriter writer, Packet packet)
    {
        AVPacket* data = packet.Pointer;
        writer.Write(PacketMark);
        writer.Write(data->pts);
        writer.Write(data->dts);
        writer.Write(data->duration);
        writer.Write(data->flags);
        writer.Write(data->side_data_elems);
        for (int i = 0; i < data->side_data_elems; i++)
        {
            AVPacketSideData side = data->side_data[i];
            writer.Write((int)side.type);
            writer.Write(checked((int)side.size));
            writer.Write(new ReadOnlySpan<byte>(side.data, (int)side.size));
        }

        writer.Write(data->size);
        writer.Write(new ReadOnlySpan<byte>(data->data, data->size));
    }

    /// <summary>Reads the next packet; false at the end.</summary>
    public static bool Read(BinaryReader reader, Packet packet)
    {
        packet.Clear();
        if (reader.ReadByte() == EndMark)
        {
            return false;
        }

        AVPacket* data = packet.Pointer;
        (long pts, long dts, long duration, int flags) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32());
        for (int i = reader.ReadInt32(); i > 0; i--)
        {
            AVPacketSideDataType type = (AVPacketSideDataType)reader.ReadInt32();
            int length = reader.ReadInt32();
            byte* side = (byte*)LibavError.CheckAllocated(av_packet_new_side_data(data, type, (ulong)length), "Reading a finished segment", null);
            reader.BaseStream.ReadExactly(new Span<byte>(side, length));
        }

        int size = reader.ReadInt32();
        LibavError.Check(av_new_packet(data, size), "Reading a finished segment", null);
        reader.BaseStream.ReadExactly(new Span<byte>(data->data, size));
        (data->pts, data->dts, data->duration, data->flags) = (pts, dts, duration, flags);
        return true;
    }
}
