using SkiaSharp;

namespace AdaConv.Training.Tests;

/// <summary>Pictures to cut layers from.</summary>
internal static class TestPhotos
{
    /// <summary>Writes a picture of coloured noise; its name's end decides between JPEG and PNG.</summary>
    /// <param name="path">Where it goes; the folder is made.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="seed">Decides the noise.</param>
    /// <param name="shift">Pixels that the picture is moved to the right by, for the next frame of one seed.</param>
    public static string Write(string path, int width, int height, int seed, int shift = 0)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        using var coarse = new SKBitmap(width / 8 + 8, height / 8);
        coarse.Pixels = [.. Enumerable.Range(0, coarse.Width * coarse.Height).Select(_ => new SKColor(0xFF000000 | (uint)random.Next(1 << 24)))];
        using SKBitmap wide =
            coarse.Resize(new SKImageInfo(width + 64, height, SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKFilterMode.Linear));
        using var picture = new SKBitmap();
        wide.ExtractSubset(picture, new SKRectI(64 - shift, 0, 64 - shift + width, height));
        using SKData data = picture.Encode(path.EndsWith(".png", StringComparison.Ordinal) ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 100);
        using FileStream stream = File.Create(path);
        data.SaveTo(stream);
        return path;
    }
}
