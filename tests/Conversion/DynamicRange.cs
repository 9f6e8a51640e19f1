namespace AdaConv.Conversion.Tests;

/// <summary>HDR10+ data as a message in a raw HEVC stream (SMPTE ST 2094-40 in the ITU-T T.35 form of CTA-861-H).</summary>
internal static class DynamicRange
{
    /// <summary>The stream with such a message in front of its first picture.</summary>
    public static byte[] InsertInto(byte[] stream)
    {
        for (int i = 0; i + 5 < stream.Length; i++)
        {
            // A start code, and a unit type of 0 to 31: coded picture.
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1 && ((stream[i + 3] >> 1) & 63) < 32)
            {
                return [.. stream.AsSpan(0, i), .. Message(), .. stream.AsSpan(i)];
            }
        }

        throw new ArgumentException("The stream holds no picture.", nameof(stream));
    }

    private static byte[] Message()
    {
        List<bool> bits = [];
        void Put(int value, int count)
        {
            for (int bit = count - 1; bit >= 0; bit--)
            {
                bits.Add(((value >> bit) & 1) != 0);
            }
        }

        // Country US, provider Samsung, application 4 version 1; one window, 400 cd/m², its largest and mean components, one percentile.
        Put(0xB5, 8);
        Put(0x003C, 16);
        Put(0x0001, 16);
        Put(4, 8);
        Put(1, 8);
        Put(1, 2);
        Put(400, 27);
        Put(0, 1);
        for (int component = 0; component < 4; component++)
        {
            Put(10_000 + component, 17);
        }

        Put(1, 4);
        Put(99, 7);
        Put(20_000, 17);
        Put(512, 10);
        Put(0, 3);
        byte[] payload = new byte[(bits.Count + 7) / 8];
        for (int i = 0; i < bits.Count; i++)
        {
            payload[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        }

        // A prefix message unit of type 39, message type 4; three is put after two zeros so that no start code appears.
        List<byte> unit = [0, 0, 0, 1, 0x4E, 0x01];
        int zeros = 0;
        foreach (byte value in (byte[])[4, (byte)payload.Length, .. payload, 0x80])
        {
            if (zeros == 2 && value <= 3)
            {
                unit.Add(3);
                zeros = 0;
            }

            unit.Add(value);
            zeros = value == 0 ? zeros + 1 : 0;
        }

        return [.. unit];
    }
}
