using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AdaConv.Storage;

namespace AdaConv.Training.Data.Files;

/// <summary>Decoded pictures in a cache folder, memory-mapped: NAME-KEY.bin holds the bytes, NAME-KEY.json says what lies where.</summary>
/// <remarks>
/// The key is a hash of what the pictures were made of, so different sources never share a file and a changed source makes a new one. The
/// index is written last: a pair is whole, or it is made anew.
/// </remarks>
/// <typeparam name="TIndex">What lies where.</typeparam>
internal sealed class CacheFile<TIndex> : MappedFile
    where TIndex : class
{
    private static readonly JsonSerializerOptions Json = new() { IgnoreReadOnlyProperties = true };

    private CacheFile(string path, Stored stored)
        : base(path, stored.Length) => Index = stored.Index;

    /// <summary>What lies where.</summary>
    public TIndex Index { get; }

    /// <summary>Opens a pair, making it first where it is missing or damaged.</summary>
    /// <param name="folder">The cache.</param>
    /// <param name="name">The start of the file's name; what is no letter, digit or hyphen becomes a hyphen.</param>
    /// <param name="key">From <see cref="Key"/>.</param>
    /// <param name="make">Writes the bytes and returns the index.</param>
    /// <exception cref="TrainingException">The cache cannot be written or read; what was begun is gone.</exception>
    public static CacheFile<TIndex> Open(string folder, string name, string key, Func<Stream, TIndex> make)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(make);
        string path = Path.Combine(folder, string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')) + "-" + key);
        string data = path + ".bin", index = path + ".json";
        try
        {
            if (TryReadIndex(index) is { } stored && File.Exists(data) && new FileInfo(data).Length == stored.Length)
            {
                return new CacheFile<TIndex>(data, stored);
            }

            DurableStore.Remove(index);
            Stored? made = null;
            DurableStore.Write(data, stream => made = new Stored(make(stream), stream.Length));
            DurableStore.Write(index, JsonSerializer.Serialize(made, Json));
            return new CacheFile<TIndex>(data, made!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StorageException)
        {
            throw new TrainingException(
                $"Writing the cache {folder} failed: {exception.Message} Make room there, or name another folder with --cache.", exception);
        }
    }

    /// <summary>A key: 12 hexadecimal digits of a hash over settings and the names, lengths and times of files.</summary>
    public static string Key(string settings, string root, IEnumerable<FileInfo> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var text = new StringBuilder(settings);
        foreach (FileInfo file in files)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\n{Path.GetRelativePath(root, file.FullName)}|{(file.Exists ? $"{file.Length}|{file.LastWriteTimeUtc.Ticks}" : "missing")}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
    }

    // A missing or damaged index means that the pair is made anew.
    private static Stored? TryReadIndex(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Stored>(File.ReadAllText(path), Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Stored(TIndex Index, long Length);
}
