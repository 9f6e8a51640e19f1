using SkiaSharp;

namespace AdaConv.Training.Data.Files;

/// <summary>Decodes JPEG and PNG files whole or not at all.</summary>
internal static class ImageDecoding
{
    /// <summary>The extensions that are read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png"];

    /// <summary>Whether a file's name ends like an image's.</summary>
    public static bool IsImage(FileInfo file) => Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase);

    /// <summary>Decodes a file to R, G, B, A bytes.</summary>
    /// <exception cref="TrainingException">The file is missing, no image, or broken.</exception>
    public static SKBitmap Decode(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new TrainingException($"{file.Name} does not exist");
        }

        using SKCodec codec = SKCodec.Create(file.FullName) ?? throw new TrainingException($"{file.Name} is not an image that can be decoded");
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            bitmap.Dispose();
            throw new TrainingException($"{file.Name} is broken: it can be decoded only in part ({result})");
        }

        return bitmap;
    }
}
