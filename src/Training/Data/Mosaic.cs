namespace AdaConv.Training.Data;

/// <summary>A camera's colour mosaic: of each block of 2×2 pixels one saw red and one blue, the rest is made of their neighbours.</summary>
/// <remarks>
/// Green stays as it is: cameras see it at every second pixel and find its edges. The places differ from frame to frame where the camera
/// moves, so that edges change their colour; a network has to learn not to trust it.
/// </remarks>
internal static class Mosaic
{
    /// <summary>Red and blue as bilinear interpolation makes them of the pixels that saw them.</summary>
    /// <param name="picture">[3, size, size]: R, G, B, changed in place.</param>
    /// <param name="size">Width and height, 2 or more.</param>
    /// <param name="x">Column of the pixels that saw red, 0 or 1; blue's is the other.</param>
    /// <param name="y">Row of the pixels that saw red, 0 or 1; blue's is the other.</param>
    public static void Apply(Span<float> picture, int size, int x, int y)
    {
        int length = size * size;
        Interpolate(picture[..length], size, x, y);
        Interpolate(picture[(2 * length)..], size, 1 - x, 1 - y);
    }

    private static void Interpolate(Span<float> plane, int size, int x, int y)
    {
        // Along the rows that were seen, then between them; at the borders the nearest that was seen.
        for (int row = y; row < size; row += 2)
        {
            Span<float> values = plane.Slice(row * size, size);
            for (int column = 1 - x; column < size; column += 2)
            {
                values[column] = Middle(column > 0 ? values[column - 1] : values[1], column + 1 < size ? values[column + 1] : values[size - 2]);
            }
        }

        for (int row = 1 - y; row < size; row += 2)
        {
            ReadOnlySpan<float> above = plane.Slice((row > 0 ? row - 1 : 1) * size, size), below = plane.Slice((row + 1 < size ? row + 1 : size - 2) * size, size);
            Span<float> values = plane.Slice(row * size, size);
            for (int column = 0; column < size; column++)
            {
                values[column] = Middle(above[column], below[column]);
            }
        }
    }

    private static float Middle(float a, float b) => (a + b) / 2;
}
