using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Batch;

/// <summary>
/// The log of an output folder, one JSON object a line: what programs read, and by which a further run knows what is done. Lines are only
/// added, each flushed to the disk, so that neither a kill nor a power cut loses one.
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
    private readonly AppendLog? _log;
    private string? _problem;
    private bool _isBroken;

    private BatchLog(AppendLog? log, IEnumerable<string> lines)
    {
        _log = log;
        foreach (string line in lines)
        {
            try
            {
                // What is required may be null all the same.
                if (JsonSerializer.Deserialize<BatchEntry>(line, Format) is { Event: not null, Input: not null, Output: not null } entry)
                {
                    Remember(entry);
                }
            }
            catch (JsonException)
            {
                // A line that a crash cut short is ignored.
            }
        }
    }

    /// <summary>Opens the log and reads it.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="write">Whether lines will be added; then no other process may have it open to do the same.</param>
    /// <exception cref="StorageException">It cannot be read or is in use.</exception>
    public static BatchLog Open(string folder, bool write)
    {
        string path = Path.Combine(folder, FileName);
        if (!write)
        {
            return new(null, AppendLog.ReadLines(path));
        }

        try
        {
            AppendLog log = AppendLog.Open(path, out IReadOnlyList<string> lines);
            return new(log, lines);
        }
        catch (StorageException error) when (error.IsInUse)
        {
            throw new StorageException("Opening the log", path, "it is in use: another framefilter is working on this folder", "Wait for it.", error);
        }
    }

    /// <summary>The last that is known of a video.</summary>
    public BatchEntry? Find(string input)
    {
        lock (_gate)
        {
            return _last.GetValueOrDefault(input);
        }
    }

    /// <summary>How often a conversion of a video was started since one last ended.</summary>
    public int Begun(string input)
    {
        lock (_gate)
        {
            return _begun.GetValueOrDefault(input);
        }
    }

    /// <summary>Adds a line. It is on the disk when this returns, or <see cref="TakeProblem"/> says why not: the videos matter more than the log.</summary>
    public void Add(BatchEntry entry)
    {
        lock (_gate)
        {
            Remember(entry);
            try
            {
                _log!.Add(JsonSerializer.Serialize(entry, Format));
                _isBroken = false;
            }
            catch (StorageException error)
            {
                _problem = _isBroken ? null : $"The log {FileName} cannot be written ({error.Problem}): a later run may convert again what this one finished.";
                _isBroken = true;
            }
        }
    }

    /// <summary>Why lines are missing from the log, reported once per failure; otherwise null.</summary>
    public string? TakeProblem()
    {
        lock (_gate)
        {
            (string? problem, _problem) = (_problem, null);
            return problem;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _log?.Dispose();

    private void Remember(BatchEntry entry)
    {
        // What was done stays known while it is converted again.
        if (entry.Event != "begun" || !_last.ContainsKey(entry.Input))
        {
            _last[entry.Input] = entry;
        }

        _begun[entry.Input] = entry.Event == "begun" ? _begun.GetValueOrDefault(entry.Input) + 1 : 0;
    }
}
