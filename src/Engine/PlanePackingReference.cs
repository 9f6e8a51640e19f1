namespace AdaConv.Engine;

/// <summary>The packing, value by value.</summary>
internal static unsafe class PlanePackingReference
{
    public static void Pack(PackingShape shape, PlaneGroup[] groups, InterleavedView output, int threads) =>
        Tiles.Run(shape.Batch * shape.Height, threads, index => PackRow(shape, groups, index / shape.Height, index % shape.Height, output, index));

    private static void PackRow(PackingShape shape, PlaneGroup[] groups, int n, int y, InterleavedView output, int at)
    {
        uint* row = output.Row(at, shape.Width);
        new Span<uint>(row, shape.Width * output.Words).Clear();
        int channel = 0;
        foreach (PlaneGroup group in groups)
        {
            for (int p = 0; p < group.Count; p++, channel++)
            {
                float* plane = group.Planes.Item(n) + p * shape.PlaneSize + (long)y * shape.Width;
                for (int x = 0; x < shape.Width; x++)
                    Write(output, row, x, channel, group.Scale * plane[x] + group.Offset(n, p));
            }
        }
    }

    public static void Unpack(PackingShape shape, InterleavedView input, PlaneGroup[] groups, int threads) =>
        Tiles.Run(shape.Batch * shape.Height, threads, index =>
        {
            (int n, int y) = Math.DivRem(index, shape.Height);
            uint* row = input.Row(index, shape.Width);
            int channel = 0;
            foreach (PlaneGroup group in groups)
            {
                for (int p = 0; p < group.Count; p++, channel++)
                {
                    if (group.Planes.Data is null)
                        continue;
                    float* plane = group.Planes.Item(n) + p * shape.PlaneSize + (long)y * shape.Width;
                    for (int x = 0; x < shape.Width; x++)
                        plane[x] = group.Scale * Read(input, row, x, channel) + group.Offset(n, p);
                }
            }
        });

    private static void Write(InterleavedView view, uint* row, int x, int channel, float value)
    {
        if (view.IsBFloat16)
            ((ushort*)row)[(long)x * view.Channels + channel] = BFloat16Bits.FromSingle(value);
        else
            ((float*)row)[(long)x * view.Channels + channel] = value;
    }

    private static float Read(InterleavedView view, uint* row, int x, int channel) => view.IsBFloat16
        ? BFloat16Bits.ToSingle(((ushort*)row)[(long)x * view.Channels + channel])
        : ((float*)row)[(long)x * view.Channels + channel];
}

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
