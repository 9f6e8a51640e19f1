using System.Globalization;
using System.Text.Json;
using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.Conversion.Segments;

/// <summary>
/// The finished segments of a long conversion, in a hidden folder beside the output: a killed run resumes after the last of them.
/// Segments divide the output's time evenly; each is encoded by itself, so that it comes out the same in whichever run it is made.
/// </summary>
internal sealed class SegmentStore : ISegmentSet, IDisposable
{
    private const int Version = 2;
    private const string ManifestName = "manifest.json";
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly SegmentKey _key;
    private long _segmentTicks;
    private readonly Dictionary<long, SegmentEnd> _done = [];
    private long? _first;
    private bool _complete;

    private SegmentStore(string folder, FileStream held, SegmentKey key, long segmentTicks)
    {
        _folder = folder;
        _lock = held;
        _key = key;
        _segmentTicks = segmentTicks;
    }

    /// <summary>Number of finished segments.</summary>
    public int Count => _done.Count;

    /// <summary>Their size on disk.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames in them.</summary>
    public long Frames { get; private set; }

    /// <summary>The folder's name as messages tell it.</summary>
    public string Folder => _folder;

    /// <summary>Before this time, in ticks of the frames, all frames are in finished segments.</summary>
    public long DoneUntil { get; private set; } = long.MinValue;

    /// <summary>The folder for an output.</summary>
    public static string FolderOf(string output)
    {
        string full = Path.GetFullPath(output);
        const string ending = ".segments";
        return Path.Combine(Path.GetDirectoryName(full)!, $".{FileName.Fit(Path.GetFileName(full), 1 + ending.Length)}{ending}");
    }

    /// <summary>Whether an earlier run left segments of this output.</summary>
    public static bool Exists(string output) => File.Exists(Path.Combine(FolderOf(output), ManifestName));

    /// <summary>Opens the store of an output, with what an earlier run of the same work has finished.</summary>
    /// <param name="output">The output's path.</param>
    /// <param name="key">What must be the same for segments to fit.</param>
    /// <param name="segmentTicks">Length of a segment in ticks of the frames, where there are none yet.</param>
    /// <param name="message">Receives a note when segments of other work are deleted.</param>
    /// <exception cref="MediaException">Another process is writing this output, or the folder is not writable.</exception>
    public static SegmentStore Open(string output, SegmentKey key, long segmentTicks, Action<string> message)
    {
        string folder = FolderOf(output);
        FileStream held;
        try
        {
            DurableStore.CreateFolder(folder);
            held = new(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw new MediaException(
                "Writing",
                output,
                $"its folder of finished segments, {folder}, cannot be used: {error.Message.TrimEnd('.')}",
                "If another framefilter is writing this output, wait for it.",
                innerException: error);
        }

        SegmentStore store = new(folder, held, key, segmentTicks);
        try
        {
            store.Load(message);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Which segment a frame belongs to.</summary>
    /// <param name="timestamp">Its time, in ticks of the frames.</param>
    public long NumberOf(long timestamp)
    {
        if (_first is null)
        {
            _first = timestamp;
            SaveManifest();
        }

        return Math.Max(0, timestamp - _first.Value) / _segmentTicks;
    }

    /// <summary>A finished segment, or null.</summary>
    public SegmentReader? Find(long number) => _done.TryGetValue(number, out SegmentEnd end) ? new(NameOf(number), end) : null;

    /// <summary>Begins a segment.</summary>
    public SegmentWriter Begin(long number) => new(NameOf(number));

    /// <summary>Notes that a segment is finished.</summary>
    public void Add(long number, SegmentEnd end)
    {
        _done[number] = end;
        Bytes += end.Bytes;
        Frames += end.Frames;
    }

    /// <summary>Called when the output is complete: deletes everything.</summary>
    public void Complete() => _complete = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            if (_complete || _done.Count == 0)
            {
                DurableStore.Remove(_folder);
            }
        }
        catch (StorageException)
        {
            // The folder is hidden, and the next run of the same work clears it.
        }
    }

    private void Load(Action<string> message)
    {
        Manifest? manifest = ReadManifest();
        if (manifest is null || manifest.Version != Version || manifest.Key != _key || manifest.SegmentTicks < 1)
        {
            if (Directory.EnumerateFiles(_folder, "*.segment").Any())
            {
                message("Finished segments of an earlier run are deleted: the input, the settings or the program have changed since.");
            }

            Clear(_ => true);
            return;
        }

        // Segments keep the length of the run that started them.
        _first = manifest.FirstTimestamp;
        _segmentTicks = manifest.SegmentTicks;
        long number = 0;
        while (SegmentFile.Verify(NameOf(number)) is { } end)
        {
            Add(number, end);
            DoneUntil = manifest.FirstTimestamp + (end.Next * _segmentTicks);
            number = end.Next;
        }

        Clear(name => !_done.ContainsKey(name));
    }

    // Whatever does not belong to the chain of finished segments.
    private void Clear(Func<long, bool> discard)
    {
        // On the disk before a manifest of other work could claim them.
        DurableStore.RemoveAll(_folder, [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file)).Where(name => !Keep(name))]);

        bool Keep(string name) => name is "lock" or ManifestName
            || (Path.GetExtension(name) == ".segment"
                && long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && !discard(number));
    }

    private Manifest? ReadManifest()
    {
        try
        {
            return JsonSerializer.Deserialize<Manifest>(File.ReadAllText(Path.Combine(_folder, ManifestName)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private void SaveManifest()
    {
        string path = Path.Combine(_folder, ManifestName);
        DurableStore.Write(path, JsonSerializer.Serialize(new Manifest(Version, _key, _segmentTicks, _first!.Value)));
    }

    private string NameOf(long number) => Path.Combine(_folder, number.ToString("00000", CultureInfo.InvariantCulture) + ".segment");

    private sealed record Manifest(int Version, SegmentKey Key, long SegmentTicks, long FirstTimestamp);
}

/// <summary>What segments were made of and with; all of it must be equal for a run to resume behind them.</summary>
/// <param name="Input">The input's content.</param>
/// <param name="Plan">The conversion's plan, settings and weights included, hashed.</param>
/// <param name="Program">This program's and FFmpeg's versions.</param>
/// <param name="Header">The encoder's parameter sets, hashed.</param>
internal sealed record SegmentKey(string Input, string Plan, string Program, string Header);

/// <summary>What is known of a finished segment.</summary>
/// <param name="Frames">Frames in it.</param>
/// <param name="LastTimestamp">The last frame's time, in the encoder's ticks.</param>
/// <param name="Next">The number of the next segment.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="Hash">SHA-256 of what is before the hash in the file, as hexadecimal digits.</param>
internal readonly record struct SegmentEnd(long Frames, long LastTimestamp, long Next, long Bytes, string Hash);
