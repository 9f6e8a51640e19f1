namespace AdaConv.Engine;

/// <summary>The packing, value by value.</summary>
internal static unsafe class PlanePackingReference
{
    public static void Pack(PackingShape shape, PlaneGroup[] groups, InterleavedView output, int threads) =>
        Tiles.Run(shape.Batch * shape.Rows, threads, index =>
        {
            (int n, int y) = Math.DivRem(index, shape.Rows);
            uint* row = output.Row(index, shape.Columns);
            new Span<uint>(row, shape.Columns * output.Words).Clear();
            int channel = 0;
            foreach (PlaneGroup group in groups)
            {
                for (int p = 0; p < group.Count; p++, channel++)
                {
                    for (int x = 0; x < shape.Columns; x++)
                        Write(output, row, x, channel, group.Scale * BlockSum(shape, group.Planes.Item(n) + p * shape.PlaneSize, y, x) + group.Offset(n, p));
                }
            }
        });

    public static void Unpack(PackingShape shape, InterleavedView input, PlaneGroup[] groups, int threads) =>
        Tiles.Run(shape.Batch * shape.Rows, threads, index =>
        {
            (int n, int blockY) = Math.DivRem(index, shape.Rows);
            uint* row = input.Row(index, shape.Columns);
            int channel = 0;
            foreach (PlaneGroup group in groups)
            {
                for (int p = 0; p < group.Count; p++, channel++)
                {
                    if (group.Planes.Data is null)
                        continue;
                    float* plane = group.Planes.Item(n) + p * shape.PlaneSize;
                    for (int y = blockY * shape.Factor; y < (blockY + 1) * shape.Factor; y++)
                    {
                        for (int x = 0; x < shape.Width; x++)
                            plane[(long)y * shape.Width + x] = group.Scale * Read(input, row, x / shape.Factor, channel) + group.Offset(n, p);
                    }
                }
            }
        });

    // Rows first, then neighbours pairwise: the order in which the vectors add.
    private static float BlockSum(in PackingShape shape, float* plane, int blockY, int blockX)
    {
        Span<float> columns = stackalloc float[shape.Factor];
        for (int j = 0; j < shape.Factor; j++)
        {
            for (int i = 0; i < shape.Factor; i++)
                columns[j] += plane[(long)(blockY * shape.Factor + i) * shape.Width + blockX * shape.Factor + j];
        }
        for (int count = shape.Factor / 2; count > 0; count /= 2)
        {
            for (int j = 0; j < count; j++)
                columns[j] = columns[2 * j] + columns[2 * j + 1];
        }
        return columns[0];
    }

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
