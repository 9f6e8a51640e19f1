using AdaConv.Training.Data.Files;
using SkiaSharp;

namespace AdaConv.Training.Data.Synthesis;

/// <summary>A folder of photographs, decoded once.</summary>
internal sealed unsafe class PhotoCache : IDisposable
{
    /// <summary>Longer photographs are scaled down to this many pixels: what a camera adds beyond is noise more than detail.</summary>
    public const int LongestSide = 2048;

    /// <summary>Photographs and levels with a shorter side are left out.</summary>
    public const int ShortestSide = 64;

    private readonly CacheFile<Index> _file;

    private PhotoCache(CacheFile<Index> file) => _file = file;

    /// <summary>The photographs.</summary>
    public IReadOnlyList<Photo> Photos => _file.Index.Photos;

    /// <summary>Opens the cache of a folder, decoding its photographs first unless that was done.</summary>
    /// <param name="folder">Searched recursively for JPEG and PNG files.</param>
    /// <param name="cacheFolder">Where the cache lies or is to lie.</param>
    /// <param name="report">Told a line per photograph left out.</param>
    /// <exception cref="TrainingException">There is no photograph that can be used, or the cache cannot be written.</exception>
    public static PhotoCache Open(string folder, string cacheFolder, Action<string> report)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException($"The folder of photographs {folder} does not exist.");
        }

        FileInfo[] files =
        [
            .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(ImageDecoding.IsImage)
                .OrderBy(file => file.FullName, StringComparer.Ordinal),
        ];
        if (files.Length == 0)
        {
            throw new TrainingException($"The folder {folder} holds no photographs ({string.Join(' ', ImageDecoding.Extensions)}).");
        }

        string key = CacheFile<Index>.Key($"photos 1;{LongestSide};{ShortestSide}", folder, files);
        return new PhotoCache(CacheFile<Index>.Open(cacheFolder, "photos", key, stream => Decode(folder, files, stream, report)));
    }

    /// <summary>A size of a photograph as a texture.</summary>
    public Texture this[PhotoLevel level] => new(_file.Data + level.Offset, level.Width, level.Height);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Index Decode(string folder, FileInfo[] files, Stream data, Action<string> report)
    {
        List<Photo> photos = [];
        foreach (FileInfo file in files)
        {
            string name = Path.GetRelativePath(folder, file.FullName);
            try
            {
                using SKBitmap picture = ImageDecoding.Decode(file);
                if (Math.Min(picture.Width, picture.Height) < ShortestSide)
                {
                    throw new TrainingException($"{picture.Width}x{picture.Height} pixels are too few; {ShortestSide} each way are needed");
                }

                photos.Add(new Photo(name, Write(picture, data)));
            }
            catch (TrainingException exception)
            {
                report($"{name}: left out: {exception.Message}");
            }
        }

        if (photos.Count == 0)
        {
            throw new TrainingException($"None of the {files.Length} photographs in {folder} can be used.");
        }

        report($"{folder}: {Counted.Of(photos.Count, "photograph")}");
        return new Index(photos);
    }

    private static List<PhotoLevel> Write(SKBitmap picture, Stream data)
    {
        double scale = Math.Min(1, (double)LongestSide / Math.Max(picture.Width, picture.Height));
        var (width, height) = ((int)Math.Round(picture.Width * scale), (int)Math.Round(picture.Height * scale));
        List<PhotoLevel> levels = [];
        SKBitmap level = picture;
        try
        {
            while (Math.Min(width, height) >= ShortestSide)
            {
                // From one level to the next a bilinear sample lies in the middle of four pixels: their mean.
                SKSamplingOptions sampling = levels.Count == 0 ? new(SKFilterMode.Linear, SKMipmapMode.Linear) : new(SKFilterMode.Linear);
                SKBitmap next = level.Resize(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), sampling);
                if (level != picture)
                {
                    level.Dispose();
                }

                level = next;
                levels.Add(new PhotoLevel(width, height, data.Position));
                data.Write(level.GetPixelSpan());
                (width, height) = (width / 2, height / 2);
            }
        }
        finally
        {
            if (level != picture)
            {
                level.Dispose();
            }
        }

        return levels;
    }

    internal sealed record Index(IReadOnlyList<Photo> Photos);
}

/// <summary>A photograph in the cache: its own size, half of it, a quarter …</summary>
/// <param name="Name">The file's path below the folder it was found in.</param>
/// <param name="Levels">Sizes and places, largest first.</param>
internal sealed record Photo(string Name, IReadOnlyList<PhotoLevel> Levels);

/// <summary>One size of a photograph in the cache.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Offset">Where it begins in the cache's data; R, G, B, A bytes.</param>
internal sealed record PhotoLevel(int Width, int Height, long Offset);
