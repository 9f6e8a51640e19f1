namespace AdaConv.Training.Data;

/// <summary>Scales square planes down by area averaging: each target pixel is the mean of the source area that it covers.</summary>
internal static class AreaScaling
{
    /// <summary>Scales planes of <paramref name="from"/>² bytes to <paramref name="to"/>², rounded to nearest.</summary>
    public static void Apply(ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        float ratio = (float)from / to;
        float[] rows = new float[to * from];
        for (int plane = 0; plane < source.Length / (from * from); plane++)
        {
            ReadOnlySpan<byte> image = source.Slice(plane * from * from, from * from);
            Span<byte> output = target.Slice(plane * to * to, to * to);
            for (int y = 0; y < to; y++)
            {
                Span<float> row = rows.AsSpan(y * from, from);
                row.Clear();
                for (int line = (int)(y * ratio); line < Math.Min(from, (y + 1) * ratio); line++)
                {
                    float weight = Math.Min(line + 1, (y + 1) * ratio) - Math.Max(line, y * ratio);
                    ReadOnlySpan<byte> values = image.Slice(line * from, from);
                    for (int x = 0; x < row.Length; x++)
                    {
                        row[x] += weight * values[x];
                    }
                }
            }

            float scale = 1 / (ratio * ratio);
            for (int y = 0; y < to; y++)
            {
                ReadOnlySpan<float> row = rows.AsSpan(y * from, from);
                for (int x = 0; x < to; x++)
                {
                    float sum = 0;
                    for (int column = (int)(x * ratio); column < Math.Min(from, (x + 1) * ratio); column++)
                    {
                        sum += (Math.Min(column + 1, (x + 1) * ratio) - Math.Max(column, x * ratio)) * row[column];
                    }

                    output[y * to + x] = (byte)(sum * scale + 0.5f);
                }
            }
        }
    }
}
