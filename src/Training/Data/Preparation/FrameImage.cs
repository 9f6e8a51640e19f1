using AdaConv.Training.Data.Files;
using SkiaSharp;

namespace AdaConv.Training.Data.Preparation;

/// <summary>A JPEG or PNG file as a frame: planes G, B, R of bytes, its own size or a whole part of it.</summary>
/// <param name="Width">Width of the file's picture.</param>
/// <param name="Height">Height of the file's picture.</param>
/// <param name="Planes">Planes of Width / factor × Height / factor bytes.</param>
internal sealed record FrameImage(int Width, int Height, byte[] Planes)
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="factor">What its size is divided by, in means of factor² pixels; null = by the rule for large frames.</param>
    /// <exception cref="TrainingException">The file is missing, no image, or broken.</exception>
    public static unsafe FrameImage Read(FileInfo file, int? factor = null)
    {
        using SKBitmap bitmap = ImageDecoding.Decode(file);
        int scale = factor ?? FrameScaling.Of(bitmap.Width, bitmap.Height).Factor, width = bitmap.Width / scale, height = bitmap.Height / scale;
        byte[] planes = new byte[3 * width * height];
        byte* pixels = (byte*)bitmap.GetPixels();
        int half = scale * scale / 2;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int red = half, green = half, blue = half;
                for (int line = 0; line < scale; line++)
                {
                    byte* pixel = pixels + (long)(y * scale + line) * bitmap.RowBytes + 4L * x * scale;
                    for (int column = 0; column < scale; column++, pixel += 4)
                    {
                        red += pixel[0];
                        green += pixel[1];
                        blue += pixel[2];
                    }
                }

                int i = y * width + x;
                planes[i] = (byte)(green / (scale * scale));
                planes[width * height + i] = (byte)(blue / (scale * scale));
                planes[2 * width * height + i] = (byte)(red / (scale * scale));
            }
        }

        return new FrameImage(bitmap.Width, bitmap.Height, planes);
    }
}
