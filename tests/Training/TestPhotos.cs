using SkiaSharp;

namespace AdaConv.Training.Tests;

/// <summary>Pictures to cut layers from.</summary>
internal static class TestPhotos
{
    /// <summary>Writes a PNG of coloured noise, coarse and fine.</summary>
    public static string Write(string path, int width, int height, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        using var coarse = new SKBitmap(width / 8, height / 8);
        coarse.Pixels = [.. Enumerable.Range(0, coarse.Width * coarse.Height).Select(_ => new SKColor(0xFF000000 | (uint)random.Next(1 << 24)))];
        using SKBitmap picture = coarse.Resize(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKFilterMode.Linear));
        using SKData data = picture.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream stream = File.Create(path);
        data.SaveTo(stream);
        return path;
    }
}
