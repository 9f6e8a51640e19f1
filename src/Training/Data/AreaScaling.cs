using AdaConv.Engine;

namespace AdaConv.Training.Data;

/// <summary>Scales square planes down by area averaging: each target pixel is the mean of the source area that it covers.</summary>
internal static class AreaScaling
{
    /// <summary>Scales planes of <paramref name="from"/>² bytes to <paramref name="to"/>², rounded to nearest.</summary>
    public static void Apply(ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        float ratio = (float)from / to, scale = 1 / (ratio * ratio);
        Span<float> row = stackalloc float[from]; // at most four times the largest patch: 16 KB
        for (int plane = 0; plane < source.Length / (from * from); plane++)
        {
            ReadOnlySpan<byte> image = source.Slice(plane * from * from, from * from);
            Span<byte> output = target.Slice(plane * to * to, to * to);
            for (int y = 0; y < to; y++)
            {
                AddRows(image, from, y * ratio, (y + 1) * ratio, row);
                for (int x = 0; x < to; x++)
                {
                    output[y * to + x] = CodeValues.ToByte(Sum(row, x * ratio, (x + 1) * ratio) * scale);
                }
            }
        }
    }

    private static void AddRows(ReadOnlySpan<byte> image, int width, float top, float bottom, Span<float> sums)
    {
        sums.Clear();
        for (int line = (int)top; line < Math.Min(width, bottom); line++)
        {
            float weight = Math.Min(line + 1, bottom) - Math.Max(line, top);
            ReadOnlySpan<byte> values = image.Slice(line * width, width);
            for (int x = 0; x < sums.Length; x++)
            {
                sums[x] += weight * values[x];
            }
        }
    }

    private static float Sum(ReadOnlySpan<float> row, float left, float right)
    {
        float sum = 0;
        for (int column = (int)left; column < Math.Min(row.Length, right); column++)
        {
            sum += (Math.Min(column + 1, right) - Math.Max(column, left)) * row[column];
        }

        return sum;
    }
}
