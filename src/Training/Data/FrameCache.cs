using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Files;
using AdaConv.Training.Data.Preparation;

namespace AdaConv.Training.Data;

/// <summary>Footage decoded once, memory-mapped: a file for each clip, folder of frames, or folder of triplets.</summary>
public sealed class FrameCache : IDisposable
{
    private const string Format = "frames 1"; // part of each file's key: raise it when what is written changes
    private readonly CacheFile<PreparedItem>[] _files;

    private FrameCache(CacheFile<PreparedItem>[] files, IReadOnlyList<PreparedItem> items)
    {
        _files = files;
        Items = items;
        Sequences = [.. files.SelectMany(file => file.Index.Sequences.Select(sequence => new CachedSequence(sequence, file)))];
    }

    /// <summary>The frames.</summary>
    public IReadOnlyList<CachedSequence> Sequences { get; }

    /// <summary>What became of each clip, folder of frames, and group of triplets.</summary>
    internal IReadOnlyList<PreparedItem> Items { get; }

    /// <summary>Opens the cache of footage, decoding first what is not there.</summary>
    /// <param name="source">The footage.</param>
    /// <param name="cacheFolder">Where decoded frames lie or are to lie.</param>
    /// <param name="framesPerClip">Frames at most of each clip.</param>
    /// <param name="report">Told a line for each item decoded, and each left out.</param>
    /// <exception cref="TrainingException">Nothing can be used, or the cache cannot be written.</exception>
    public static FrameCache Open(FootageConfiguration source, string cacheFolder, int framesPerClip, Action<string> report)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(report);
        IReadOnlyList<FootageItem> found = FootageFinder.Find(source);
        var files = new CacheFile<PreparedItem>?[found.Count];
        var items = new PreparedItem[found.Count];
        try
        {
            string root = File.Exists(source.Path) ? Path.GetDirectoryName(Path.GetFullPath(source.Path))! : source.Path;
            Parallel.For(0, found.Count, i => (files[i], items[i]) = Open(root, found[i], cacheFolder, framesPerClip, report));
            if (!items.Any(item => item.Sequences.Count > 0))
            {
                string reasons = string.Join("; ", items.SelectMany(item => item.LeftOut.Select(reason => $"{item.Name}: {reason}")).Take(5));
                throw new TrainingException($"Nothing in {source.Path} can be used. {reasons}");
            }

            return new FrameCache([.. files.OfType<CacheFile<PreparedItem>>()], items);
        }
        catch (Exception exception)
        {
            Array.ForEach(files, file => file?.Dispose());
            if (exception is AggregateException { InnerException: TrainingException inner })
            {
                throw new TrainingException(inner.Message, inner);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_files, file => file.Dispose());

    private static (CacheFile<PreparedItem>? File, PreparedItem Item) Open(
        string root, FootageItem item, string cacheFolder, int framesPerClip, Action<string> report)
    {
        bool decoded = false;
        string? reason = null;
        CacheFile<PreparedItem>? file = null;
        try
        {
            string name = Path.GetFileNameWithoutExtension(item.Name);
            file = CacheFile<PreparedItem>.Open(
                cacheFolder, name.Length > 0 ? name : item.Kind,
                CacheFile<PreparedItem>.Key($"{Format};{item.Kind};{item.Name};{framesPerClip}", root, item.Files), Make);
        }
        catch (UnusableFootageException exception)
        {
            reason = exception.Message;
        }

        PreparedItem prepared = file?.Index ?? PreparedItem.Unusable(item, reason!);
        if (decoded)
        {
            lock (report)
            {
                if (prepared.Sequences.Count > 0)
                {
                    FrameSequence first = prepared.Sequences[0];
                    report($"{item.Name}: {prepared.FramesKept} of {Counted.Of(prepared.FramesRead, "frame")} kept, {first.Width}x{first.Height}, "
                        + $"{Counted.Of(prepared.Triplets, "triplet")}");
                }

                foreach (string why in prepared.LeftOut)
                {
                    report($"{item.Name}: left out: {why}");
                }
            }
        }

        return (file, prepared);

        PreparedItem Make(Stream stream)
        {
            decoded = true;
            if (item.NeedsFfmpeg)
            {
                ClipReader.RequirePrograms(); // without them no clip is to blame
            }

            try
            {
                return item.Prepare(stream, framesPerClip);
            }
            catch (TrainingException exception)
            {
                throw new UnusableFootageException(exception.Message, exception); // not stored: tried again the next time
            }
        }
    }

    private sealed class UnusableFootageException(string message, Exception inner) : Exception(message, inner);
}
