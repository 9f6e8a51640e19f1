namespace AdaConv.Reports;

/// <summary>An 8-bit picture as planes R, G, B: what is scored, shown and kept.</summary>
/// <remarks>Each plane has <see cref="Width"/> × <see cref="Height"/> bytes without padding; planes follow one another.</remarks>
public sealed class RgbImage
{
    private readonly byte[] _planes;

    /// <summary>A black picture.</summary>
    /// <param name="width">Pixels, 1 or more.</param>
    /// <param name="height">Pixels, 1 or more.</param>
    public RgbImage(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
        _planes = new byte[checked(3 * width * height)];
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bytes in one plane.</summary>
    public int PlaneLength => Width * Height;

    /// <summary>All three planes: R, G, B.</summary>
    public Span<byte> Planes => _planes;

    /// <summary>One plane: 0 red, 1 green, 2 blue.</summary>
    public Span<byte> Plane(int colour)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)colour, 3u);
        return _planes.AsSpan(colour * PlaneLength, PlaneLength);
    }

    /// <summary>A part of the picture.</summary>
    /// <param name="x">Left column.</param>
    /// <param name="y">Upper row.</param>
    /// <param name="width">Pixels at most; what would lie outside is left away.</param>
    /// <param name="height">Rows at most.</param>
    public RgbImage Crop(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height);
        var crop = new RgbImage(Math.Min(width, Width - x), Math.Min(height, Height - y));
        for (int colour = 0; colour < 3; colour++)
        {
            for (int row = 0; row < crop.Height; row++)
            {
                Plane(colour).Slice((y + row) * Width + x, crop.Width).CopyTo(crop.Plane(colour)[(row * crop.Width)..]);
            }
        }

        return crop;
    }

    /// <summary>Writes another picture over a part of this one.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="x">The left column of its place; all of it must lie inside.</param>
    /// <param name="y">The upper row of its place.</param>
    public void Paste(RgbImage picture, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(picture);
        for (int colour = 0; colour < 3; colour++)
        {
            for (int row = 0; row < picture.Height; row++)
            {
                picture.Plane(colour).Slice(row * picture.Width, picture.Width).CopyTo(Plane(colour).Slice((y + row) * Width + x, picture.Width));
            }
        }
    }
}
