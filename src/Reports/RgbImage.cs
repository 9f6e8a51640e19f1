using AdaConv.Storage;
using SkiaSharp;

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

    /// <summary>Reads an image file; an alpha channel is dropped.</summary>
    /// <exception cref="IOException">The file is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">The file is not an image that can be decoded.</exception>
    public static RgbImage Read(string path)
    {
        byte[] encoded = File.ReadAllBytes(path);
        using SKBitmap? decoded = Decode(encoded);
        if (decoded is null)
        {
            throw new InvalidDataException($"{path} is not an image that can be decoded.");
        }

        var image = new RgbImage(decoded.Width, decoded.Height);
        image.CopyFrom(decoded);
        return image;
    }

    /// <summary>Copies the colours of a bitmap of the same size.</summary>
    internal void CopyFrom(SKBitmap bitmap)
    {
        SKColor[] pixels = bitmap.Pixels;
        Span<byte> red = Plane(0), green = Plane(1), blue = Plane(2);
        for (int i = 0; i < pixels.Length; i++)
        {
            (red[i], green[i], blue[i]) = (pixels[i].Red, pixels[i].Green, pixels[i].Blue);
        }
    }

    /// <summary>The picture as a bitmap to draw on or with.</summary>
    internal SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> target = bitmap.GetPixelSpan();
        int stride = bitmap.RowBytes;
        Span<byte> red = Plane(0), green = Plane(1), blue = Plane(2);
        for (int y = 0; y < Height; y++)
        {
            Span<byte> row = target.Slice(y * stride, 4 * Width);
            for (int x = 0; x < Width; x++)
            {
                int i = y * Width + x;
                (row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]) = (red[i], green[i], blue[i], 255);
            }
        }

        return bitmap;
    }

    /// <summary>The picture as a PNG file's bytes: lossless.</summary>
    public byte[] ToPng() => Encode(SKEncodedImageFormat.Png, 100);

    /// <summary>The picture as a JPEG file's bytes: small, for pages.</summary>
    /// <param name="quality">1 to 100.</param>
    public byte[] ToJpeg(int quality = 90) => Encode(SKEncodedImageFormat.Jpeg, quality);

    /// <summary>Writes a PNG; it appears under its name only when whole.</summary>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public void WritePng(string path) => DurableStore.Write(path, ToPng());

    private byte[] Encode(SKEncodedImageFormat format, int quality)
    {
        using SKBitmap bitmap = ToBitmap();
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    // Skia takes what cannot be decoded as null or, where no codec knows the first bytes, as an error of its argument.
    private static SKBitmap? Decode(byte[] encoded)
    {
        try
        {
            return encoded.Length == 0 ? null : SKBitmap.Decode(encoded);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
