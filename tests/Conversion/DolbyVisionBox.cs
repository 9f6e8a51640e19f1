using System.Buffers.Binary;
using System.Text;

namespace AdaConv.Conversion.Tests;

/// <summary>What an MP4 file says of Dolby Vision: the box dvcC of its video's description.</summary>
internal static class DolbyVisionBox
{
    private static readonly (string Name, int Header)[] Path =
        [("moov", 8), ("trak", 8), ("mdia", 8), ("minf", 8), ("stbl", 8), ("stsd", 16), ("hvc1", 0)];

    /// <summary>The file with such a box; its index must stand behind its pictures, as FFmpeg writes it.</summary>
    /// <param name="file">An MP4 file whose first track is HEVC.</param>
    /// <param name="profile">Of Dolby Vision: 5 has no picture for other players, 8 has.</param>
    /// <param name="compatibility">What other players may take the picture for: 0 nothing, 1 HDR10.</param>
    public static byte[] InsertInto(byte[] file, int profile, int compatibility)
    {
        byte[] box = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes("dvcC").CopyTo(box, 4);
        box[8] = 1;

        // Level 1, with data of each frame, without a second layer, with a picture.
        BinaryPrimitives.WriteUInt16BigEndian(box.AsSpan(10), (ushort)((profile << 9) | (1 << 3) | 0b101));
        box[12] = (byte)(compatibility << 4);

        int begin = 0, end = file.Length;
        foreach ((string name, int header) in Path)
        {
            while (Encoding.ASCII.GetString(file, begin + 4, 4) != name)
            {
                begin += BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(begin));
            }

            int size = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(begin));
            end = begin + size;
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(begin), size + box.Length);
            begin += header;
        }

        return [.. file.AsSpan(0, end), .. box, .. file.AsSpan(end)];
    }
}
