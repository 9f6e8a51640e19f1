namespace AdaConv.Reports;

/// <summary>How bright and how sharp a picture is as a whole: what must not go up and down from frame to frame.</summary>
/// <param name="Brightness">Mean luma, 0 to 255: 0.2126 R + 0.7152 G + 0.0722 B of the gamma-encoded codes (ITU-R BT.709-6).</param>
/// <param name="Sharpness">Mean length of the luma's gradient, in code values a pixel, by differences to the right and downwards.</param>
public readonly record struct PictureLook(double Brightness, double Sharpness)
{
    /// <summary>Measures a picture; one of a single row or column has no sharpness.</summary>
    public static PictureLook Of(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int width = image.Width, height = image.Height;
        float[] above = new float[width], row = new float[width];
        double brightness = 0, sharpness = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> red = image.Plane(0).Slice(y * width, width), green = image.Plane(1).Slice(y * width, width),
                blue = image.Plane(2).Slice(y * width, width);
            for (int x = 0; x < width; x++)
            {
                row[x] = 0.2126f * red[x] + 0.7152f * green[x] + 0.0722f * blue[x];
                brightness += row[x];
            }

            for (int x = 0; x + 1 < width && y > 0; x++)
            {
                float across = above[x + 1] - above[x], down = row[x] - above[x];
                sharpness += MathF.Sqrt(across * across + down * down);
            }

            (above, row) = (row, above);
        }

        return new(brightness / ((double)width * height), sharpness / Math.Max(1.0, (width - 1.0) * (height - 1.0)));
    }
}
