namespace AdaConv.Reports.Tests;

internal static class Pictures
{
    /// <summary>A picture whose codes a formula of plane, column and row gives.</summary>
    public static RgbImage Of(int width, int height, Func<int, int, int, int> code)
    {
        var image = new RgbImage(width, height);
        for (int plane = 0; plane < 3; plane++)
        {
            Span<byte> codes = image.Plane(plane);
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = (byte)code(plane, i % width, i / width);
            }
        }

        return image;
    }
}
