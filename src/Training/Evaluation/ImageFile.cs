using AdaConv.Model;
using SkiaSharp;

namespace AdaConv.Training.Evaluation;

/// <summary>8-bit RGB images on disk.</summary>
public static class ImageFile
{
    /// <summary>Reads an image as R, G, B planes in 0..1.</summary>
    /// <exception cref="TrainingException">The file is missing or no image.</exception>
    public static PlanarFrame Read(string path)
    {
        using SKBitmap bitmap = File.Exists(path)
            ? SKBitmap.Decode(path) ?? throw new TrainingException($"Reading the image {path} failed: it is no image that can be decoded.")
            : throw new TrainingException($"The image {path} does not exist.");
        var frame = new PlanarFrame(bitmap.Width, bitmap.Height, 3, samplesAreRgb: true);
        SKColor[] pixels = bitmap.Pixels;
        Span<float> red = frame.RgbPlane(0), green = frame.RgbPlane(1), blue = frame.RgbPlane(2);
        for (int i = 0; i < pixels.Length; i++)
        {
            (red[i], green[i], blue[i]) = (pixels[i].Red / 255f, pixels[i].Green / 255f, pixels[i].Blue / 255f);
        }

        return frame;
    }

    /// <summary>Writes planes in 0..1 as a PNG, rounded and clamped to 8 bits.</summary>
    public static void WritePng(string path, PlanarFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using var bitmap = new SKBitmap(new SKImageInfo(frame.Width, frame.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKColor[] pixels = new SKColor[frame.PlaneLength];
        Span<float> red = frame.RgbPlane(0), green = frame.RgbPlane(1), blue = frame.RgbPlane(2);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = new SKColor(FrameScore.ToByte(red[i]), FrameScore.ToByte(green[i]), FrameScore.ToByte(blue[i]));
        }

        bitmap.Pixels = pixels;
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream stream = File.Create(path);
        data.SaveTo(stream);
    }
}
