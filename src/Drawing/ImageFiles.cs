using AdaConv.Reports;
using AdaConv.Storage;
using SkiaSharp;

namespace AdaConv.Drawing;

/// <summary>Pictures to and from image files, by Skia.</summary>
public static class ImageFiles
{
    extension(RgbImage)
    {
        /// <summary>Reads an image file; an alpha channel is dropped.</summary>
        /// <exception cref="IOException">The file is missing or cannot be opened.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
        /// <exception cref="InvalidDataException">The file is not an image that can be decoded.</exception>
        public static RgbImage Read(string path)
        {
            byte[] encoded = File.ReadAllBytes(path);
            using SKBitmap? decoded = Decode(encoded);
            return decoded?.ToImage() ?? throw new InvalidDataException($"{path} is not an image that can be decoded.");
        }
    }

    /// <summary>The picture as a PNG file's bytes: lossless.</summary>
    public static byte[] ToPng(this RgbImage image) => Encode(image, SKEncodedImageFormat.Png, 100);

    /// <summary>The picture as a JPEG file's bytes: small, for pages.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 to 100.</param>
    public static byte[] ToJpeg(this RgbImage image, int quality = 90) => Encode(image, SKEncodedImageFormat.Jpeg, quality);

    /// <summary>Writes a PNG; it appears under its name only when whole.</summary>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public static void WritePng(this RgbImage image, string path) => DurableStore.Write(path, image.ToPng());

    /// <summary>The picture as a bitmap to draw on or with.</summary>
    internal static SKBitmap ToBitmap(this RgbImage image)
    {
        SKBitmap bitmap = new(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> target = bitmap.GetPixelSpan();
        int stride = bitmap.RowBytes;
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = target.Slice(y * stride, 4 * image.Width);
            for (int x = 0; x < image.Width; x++)
            {
                int i = y * image.Width + x;
                (row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]) = (red[i], green[i], blue[i], 255);
            }
        }

        return bitmap;
    }

    /// <summary>The colours of a bitmap.</summary>
    internal static RgbImage ToImage(this SKBitmap bitmap)
    {
        RgbImage image = new(bitmap.Width, bitmap.Height);
        SKColor[] pixels = bitmap.Pixels;
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (int i = 0; i < pixels.Length; i++)
        {
            (red[i], green[i], blue[i]) = (pixels[i].Red, pixels[i].Green, pixels[i].Blue);
        }

        return image;
    }

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality)
    {
        using SKBitmap bitmap = image.ToBitmap();
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
