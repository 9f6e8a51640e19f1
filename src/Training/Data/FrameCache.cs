using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace AdaConv.Training.Data;

/// <summary>Clips decoded once, memory-mapped: an index (index.json) and one file of raw frames (frames.bin).</summary>
public sealed unsafe class FrameCache : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
    /// <summary>Names of clips end like this.</summary>
    internal static readonly string[] ClipExtensions = [".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".m4v", ".y4m"];
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;

    private FrameCache(string dataPath, IReadOnlyList<CachedClip> clips)
    {
        Clips = clips;
        _file = MemoryMappedFile.CreateFromFile(dataPath, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _data);
    }

    /// <summary>The clips.</summary>
    public IReadOnlyList<CachedClip> Clips { get; }

    /// <summary>Opens the cache of a folder of clips, decoding them first unless that was done and the folder has not changed.</summary>
    /// <param name="clipFolder">Searched recursively for video files.</param>
    /// <param name="cacheFolder">Where the cache lies or is to lie.</param>
    /// <param name="framesPerClip">Frames at most of each clip.</param>
    /// <param name="report">Told a line per clip.</param>
    /// <exception cref="TrainingException">No clip could be read, or the cache cannot be written.</exception>
    public static FrameCache Open(string clipFolder, string cacheFolder, int framesPerClip, Action<string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!Directory.Exists(clipFolder))
        {
            throw new TrainingException($"The folder of clips {clipFolder} does not exist.");
        }

        FileInfo[] files =
        [
            .. new DirectoryInfo(clipFolder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => ClipExtensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
                .OrderBy(file => file.FullName, StringComparer.Ordinal),
        ];
        if (files.Length == 0)
        {
            throw new TrainingException($"The folder {clipFolder} holds no clips ({string.Join(' ', ClipExtensions)}).");
        }

        string indexPath = Path.Combine(cacheFolder, "index.json"), dataPath = Path.Combine(cacheFolder, "frames.bin");
        string settings = $"{framesPerClip};" + string.Join(';', files.Select(
            file => $"{Path.GetRelativePath(clipFolder, file.FullName)}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
        if (TryReadIndex(indexPath) is { } index && index.Settings == settings && File.Exists(dataPath)
            && new FileInfo(dataPath).Length == index.Clips.Sum(clip => (long)clip.FrameCount * clip.FrameLength))
        {
            return new FrameCache(dataPath, index.Clips);
        }

        try
        {
            Directory.CreateDirectory(cacheFolder);
            File.Delete(indexPath);
            List<CachedClip> clips = Decode(clipFolder, files, dataPath, framesPerClip, report);
            File.WriteAllText(indexPath + ".partial", JsonSerializer.Serialize(new Index(settings, clips), Json));
            File.Move(indexPath + ".partial", indexPath);
            return new FrameCache(dataPath, clips);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Writing the cache {cacheFolder} failed: {exception.Message}", exception);
        }
    }

    /// <summary>One plane of a frame: 0 red, 1 green, 2 blue; Height rows of Width bytes.</summary>
    public byte* Plane(CachedClip clip, int frame, int colour)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)clip.FrameCount);
        int position = (colour + 2) % 3; // stored as G, B, R
        return _data + clip.Offset + (long)frame * clip.FrameLength + (long)position * clip.Width * clip.Height;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    // A missing or damaged index means that the clips are decoded anew.
    private static Index? TryReadIndex(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Index>(File.ReadAllText(path)) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<CachedClip> Decode(string folder, FileInfo[] files, string dataPath, int framesPerClip, Action<string> report)
    {
        List<CachedClip> clips = [];
        using FileStream data = File.Create(dataPath, 1 << 20);
        foreach (FileInfo file in files)
        {
            string name = Path.GetRelativePath(folder, file.FullName);
            long offset = data.Position;
            try
            {
                var (width, height) = ReducedSize(ClipReader.ReadSize(file.FullName));
                List<float> differences = [];
                byte[]? previous = null;
                foreach (byte[] frame in ClipReader.ReadFrames(file.FullName, width, height, framesPerClip))
                {
                    data.Write(frame);
                    if (previous is null)
                    {
                        previous = new byte[frame.Length];
                    }
                    else
                    {
                        differences.Add(MeanDifference(previous, frame, width, height));
                    }

                    frame.CopyTo(previous, 0);
                }

                if (differences.Count < 2)
                {
                    throw new TrainingException($"The clip {name} has fewer than 3 frames.");
                }

                clips.Add(new CachedClip(name, file.Length, file.LastWriteTimeUtc.Ticks, width, height, offset, differences));
                report($"{name}: {differences.Count + 1} frames of {width}x{height}");
            }
            catch (TrainingException exception)
            {
                data.SetLength(offset);
                data.Position = offset;
                report($"{name}: left out. {exception.Message}");
            }
        }

        return clips.Count > 0 ? clips : throw new TrainingException($"None of the clips in {folder} could be used.");
    }

    // Large clips from the web are compressed hard: halved, their artefacts go and their motion suits 128-pixel patches.
    private static (int Width, int Height) ReducedSize((int Width, int Height) size) =>
        Math.Min(size.Width, size.Height) >= 600 || size.Width * size.Height > 900 * 600 ? (size.Width / 2, size.Height / 2) : size;

    private static float MeanDifference(byte[] first, byte[] second, int width, int height)
    {
        long sum = 0, count = 0;
        for (int y = 0; y < height; y += 4)
        {
            for (int x = 0; x < width; x += 4, count++)
            {
                sum += Math.Abs(first[y * width + x] - second[y * width + x]); // the green plane comes first
            }
        }

        return (float)sum / count;
    }

    private sealed record Index(string Settings, List<CachedClip> Clips);
}
