using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaConv.FrameFilter.Batch;

/// <summary>
/// The log of an output folder, one JSON object a line: what programs read, and by which a further run knows what is done. Lines are only
/// added, each at once, so that a killed run loses nothing.
/// </summary>
internal sealed class BatchLog : IDisposable
{
    /// <summary>Its name in the output folder.</summary>
    public const string FileName = "framefilter.jsonl";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BatchEntry> _last = [];
    private readonly Dictionary<string, int> _begun = [];
    private readonly FileStream? _file;

    private BatchLog(FileStream? file) => _file = file;

    /// <summary>Opens the log and reads it; a line that was not written to its end is passed over.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="write">Whether lines will be added; then no other process may have it open to do the same.</param>
    /// <exception cref="IOException">It cannot be read or is in use.</exception>
    public static BatchLog Open(string folder, bool write)
    {
        string path = Path.Combine(folder, FileName);
        if (!write && !File.Exists(path))
        {
            return new(null);
        }

        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, write ? FileAccess.ReadWrite : FileAccess.Read, write ? FileShare.Read : FileShare.ReadWrite);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new IOException($"{path} is in use: another framefilter works for this folder; wait for it. ({error.Message})", error);
        }

        BatchLog log = new(file);
        using StreamReader reader = new(file, Encoding.UTF8, leaveOpen: true);
        bool whole = true;
        while (reader.ReadLine() is { } line)
        {
            try
            {
                if (JsonSerializer.Deserialize<BatchEntry>(line, Format) is { } entry)
                {
                    log.Remember(entry);
                    whole = true;
                }
            }
            catch (JsonException)
            {
                whole = false;
            }
        }

        if (write && !whole)
        {
            file.Write("\n"u8);
        }

        return log;
    }

    /// <summary>The last that is known of a video.</summary>
    public BatchEntry? Find(string input)
    {
        lock (_gate)
        {
            return _last.GetValueOrDefault(input);
        }
    }

    /// <summary>How often a video was begun since it last came to an end.</summary>
    public int Begun(string input)
    {
        lock (_gate)
        {
            return _begun.GetValueOrDefault(input);
        }
    }

    /// <summary>Adds a line; it is on its way to the disk when this returns.</summary>
    public void Add(BatchEntry entry)
    {
        lock (_gate)
        {
            _file!.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Format) + "\n"));
            _file.Flush();
            Remember(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Remember(BatchEntry entry)
    {
        // What was done stays known while it is done anew.
        if (entry.Event != "begun" || !_last.ContainsKey(entry.Input))
        {
            _last[entry.Input] = entry;
        }

        _begun[entry.Input] = entry.Event == "begun" ? _begun.GetValueOrDefault(entry.Input) + 1 : 0;
    }
}
