namespace AdaConv.Engine;

/// <summary>Copies a part of a plane, its border replicated.</summary>
internal static unsafe class ImagePatch
{
    /// <summary>
    /// Copies rows from <paramref name="y"/> and columns from <paramref name="x"/>, which may lie outside the plane, to rows
    /// <paramref name="columns"/> wide and as far apart.
    /// </summary>
    public static void Copy(float* plane, int height, int width, int y, int rows, int x, int columns, float* target)
    {
        int left = Math.Clamp(-x, 0, columns), first = Math.Clamp(x, 0, width - 1);
        int inside = Math.Max(Math.Min(width, x + columns) - first, 0);
        if (left == columns)
            inside = 0;
        for (int r = 0; r < rows; r++, target += columns)
        {
            float* row = plane + (long)Math.Clamp(y + r, 0, height - 1) * width;
            new Span<float>(target, left).Fill(row[0]);
            new ReadOnlySpan<float>(row + first, inside).CopyTo(new Span<float>(target + left, inside));
            new Span<float>(target + left + inside, columns - left - inside).Fill(row[width - 1]);
        }
    }
}
