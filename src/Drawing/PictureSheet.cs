using AdaConv.Reports;
using SkiaSharp;

namespace AdaConv.Drawing;

/// <summary>Pictures side by side in rows, each under its caption: contact sheets, crops, the panes of a video.</summary>
/// <remarks>Captions need a font of the system; without one they are left empty.</remarks>
public static class PictureSheet
{
    private const int Gap = 6;

    /// <summary>Draws the rows one below the other, on white; a sheet has even sizes, as videos need them.</summary>
    /// <param name="rows">Cells from left to right.</param>
    /// <param name="cellWidth">Width that every picture is scaled to, its height in proportion; enlarged ones keep their pixels as squares.
    /// Null: each as it is.</param>
    public static RgbImage Draw(IReadOnlyList<IReadOnlyList<SheetCell>> rows, int? cellWidth = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        SKSizeI[][] sizes = [.. rows.Select(row => (SKSizeI[])[.. row.Select(cell => Size(cell.Image, cellWidth))])];
        float textSize = Math.Clamp(sizes.SelectMany(row => row).Max(size => size.Width) / 22f, 10, 20);
        int strip = (int)Math.Ceiling(textSize * 1.5);
        int width = sizes.Max(row => row.Sum(size => size.Width + Gap)) + Gap, height = sizes.Sum(row => row.Max(size => size.Height) + strip + Gap) + Gap;
        using var bitmap = new SKBitmap(new SKImageInfo(width + width % 2, height + height % 2, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (var font = new SKFont(Fonts.SansSerif, textSize) { Edging = SKFontEdging.Antialias })
        using (var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true })
        {
            canvas.Clear(SKColors.White);
            int y = Gap;
            for (int r = 0; r < rows.Count; r++)
            {
                int x = Gap;
                for (int c = 0; c < rows[r].Count; c++)
                {
                    SKSizeI size = sizes[r][c];
                    canvas.Save();
                    canvas.ClipRect(new SKRect(x, y, x + size.Width + Gap, y + strip));
                    canvas.DrawText(rows[r][c].Caption, x, y + strip - 0.42f * textSize, font, ink);
                    canvas.Restore();
                    DrawPicture(canvas, rows[r][c].Image, new SKRect(x, y + strip, x + size.Width, y + strip + size.Height));
                    x += size.Width + Gap;
                }

                y += sizes[r].Max(size => size.Height) + strip + Gap;
            }
        }

        return bitmap.ToImage();
    }

    /// <summary>The absolute difference of two pictures of one size, enlarged and clamped: where and how much they differ.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static RgbImage Difference(RgbImage first, RgbImage second, int factor = 4)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if ((first.Width, first.Height) != (second.Width, second.Height))
        {
            throw new ArgumentException($"Pictures of {first.Width}x{first.Height} and {second.Width}x{second.Height} have no difference.");
        }

        var result = new RgbImage(first.Width, first.Height);
        Span<byte> a = first.Planes, b = second.Planes, difference = result.Planes;
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = (byte)Math.Min(255, factor * Math.Abs(a[i] - b[i]));
        }

        return result;
    }

    private static SKSizeI Size(RgbImage image, int? width) =>
        width is { } w ? new(w, Math.Max(1, (int)Math.Round((double)image.Height * w / image.Width))) : new(image.Width, image.Height);

    private static void DrawPicture(SKCanvas canvas, RgbImage image, SKRect place)
    {
        using SKBitmap bitmap = image.ToBitmap();
        using SKImage picture = SKImage.FromBitmap(bitmap);
        SKSamplingOptions sampling = place.Width >= image.Width ? new(SKFilterMode.Nearest) : new(SKFilterMode.Linear, SKMipmapMode.Linear);
        canvas.DrawImage(picture, place, sampling);
    }
}
