namespace AdaConv.Training.Data.Synthesis;

/// <summary>A picture of R, G, B, A bytes, alpha premultiplied; a view of memory that others own.</summary>
internal readonly unsafe struct Texture(byte* pixels, int width, int height)
{
    /// <summary>The first pixel.</summary>
    public byte* Pixels { get; } = pixels;

    /// <summary>Pixels a row.</summary>
    public int Width { get; } = width;

    /// <summary>Rows.</summary>
    public int Height { get; } = height;

    /// <summary>Bytes a pixel.</summary>
    public const int PixelLength = 4;

    /// <summary>Bytes a row.</summary>
    public int Stride => PixelLength * Width;

    /// <summary>A pixel's first byte.</summary>
    public byte* At(int x, int y) => Pixels + (long)y * Stride + PixelLength * x;
}
