using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdaConv.Storage;

namespace AdaConv.Model;

/// <summary>A safetensors file in memory: named tensors and string metadata.</summary>
/// <remarks>
/// Layout (the format's README): 8 bytes little-endian header length N, N bytes of JSON
/// {"name": {"dtype", "shape", "data_offsets"}, "__metadata__": {string: string}}, then the data without gaps.
/// Read files are bounded (header 16 MiB, file 2 GiB) and every offset is checked: weights come from strangers too.
/// </remarks>
public sealed class SafetensorsFile
{
    private const int MaximumHeader = 16 << 20;

    /// <summary>The tensors by name.</summary>
    public SortedDictionary<string, SafetensorsEntry> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The metadata by key.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable or not a whole safetensors file.</exception>
    public static SafetensorsFile Read(string path)
    {
        byte[] bytes;
        try
        {
            // A device or a pipe has no length, and need not end.
            bytes = File.Exists(path) && RealPath.LengthOf(path) == 0 ? [] : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"Reading the weights {path} failed: {exception.Message}", exception);
        }

        try
        {
            return Parse(bytes);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException
            or ArgumentException or OverflowException or KeyNotFoundException)
        {
            throw new ModelException($"Reading the weights {path} failed: it is not a complete safetensors file ({exception.Message})", exception);
        }
    }

    /// <summary>Writes the file; it appears under its name only when whole.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        DurableStore.Write(path, Write);
    }

    private void Write(Stream stream)
    {
        JsonObject header = [];
        if (Metadata.Count > 0)
        {
            JsonObject metadata = [];
            foreach (var (key, value) in Metadata)
            {
                metadata[key] = value;
            }

            header["__metadata__"] = metadata;
        }

        long offset = 0;
        foreach (var (name, entry) in Tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = entry.Type,
                ["shape"] = new JsonArray([.. entry.Shape.Select(extent => JsonValue.Create(extent))]),
                ["data_offsets"] = new JsonArray(offset, offset + entry.Data.Length),
            };
            offset += entry.Data.Length;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padded = (json.Length + 7) / 8 * 8; // the data starts aligned
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(json);
        for (int i = json.Length; i < padded; i++)
        {
            stream.WriteByte((byte)' ');
        }

        foreach (SafetensorsEntry entry in Tensors.Values)
        {
            stream.Write(entry.Data.Span);
        }
    }

    private static SafetensorsFile Parse(byte[] bytes)
    {
        if (bytes.Length < 8)
        {
            throw new FormatException("it is shorter than its header");
        }

        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (headerLength is < 2 or > MaximumHeader || headerLength > bytes.Length - 8)
        {
            throw new FormatException($"its header claims {headerLength} bytes of {bytes.Length}");
        }

        var file = new SafetensorsFile();
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength));
        ReadOnlyMemory<byte> data = bytes.AsMemory(8 + (int)headerLength);
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                foreach (JsonProperty pair in property.Value.EnumerateObject())
                {
                    file.Metadata[pair.Name] = pair.Value.GetString() ?? "";
                }

                continue;
            }

            file.Tensors[property.Name] = ParseEntry(property, data);
        }

        return file;
    }

    private static SafetensorsEntry ParseEntry(JsonProperty property, ReadOnlyMemory<byte> data)
    {
        string type = property.Value.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (shape.Any(extent => extent < 0) || offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > data.Length)
        {
            throw new FormatException($"tensor {property.Name} lies outside the file");
        }

        long count = shape.Aggregate(1L, (product, extent) => checked(product * extent));
        if (SafetensorsEntry.ElementSize(type) is { } size && checked(count * size) != offsets[1] - offsets[0])
        {
            throw new FormatException($"tensor {property.Name} has {offsets[1] - offsets[0]} bytes where its shape needs {count * size}");
        }

        return new SafetensorsEntry(type, shape, data[(int)offsets[0]..(int)offsets[1]]);
    }
}
