using System.Text.Json.Serialization;
using AdaConv.Conversion.Parts;
using AdaConv.Conversion.Pipeline;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>part.json of a finished part: what it consists of, and what the join checks.</summary>
internal sealed record PartRecord
{
    /// <summary>Its number.</summary>
    public required int Part { get; init; }

    /// <summary>The machine that made it.</summary>
    public required string Host { get; init; }

    /// <summary>Seconds that it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Frames.</summary>
    public required FrameCounts Counts { get; init; }

    /// <summary>The segments; null where the part is a whole file.</summary>
    public PartResult? Video { get; init; }

    /// <summary>The file in the part's folder; null where the part is a span of one.</summary>
    public WholeFile? File { get; init; }

    /// <summary>Whether it is the record of such a part, and nothing of it is damaged.</summary>
    /// <param name="part">The part's number.</param>
    /// <param name="isWhole">Whether the part is a whole file.</param>
    public bool IsOf(int part, bool isWhole) =>
        Part == part && Seconds is >= 0 and < 1e9 && Counts.FramesOut >= 0
        && (isWhole ? File?.IsPlain == true && Video is null : File is null && Video is { Header.Length: 64 } video
            && video.Segments.All(segment => segment is { Number: >= 0, Frames: >= 0, Hash: not null })
            && video.Segments.Sum(segment => segment.Frames) == Counts.FramesOut);
}

/// <summary>A file that is a part by itself.</summary>
/// <param name="Name">Its name in the part's folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">SHA-256 of its content, as hexadecimal digits.</param>
internal sealed record WholeFile(string Name, long Bytes, string Hash)
{
    /// <summary>Whether its name is one in the part's own folder.</summary>
    [JsonIgnore]
    public bool IsPlain =>
        Hash is not null && Name is { Length: > 0 } && Name[0] != '.' && Path.GetFileName(Name) == Name && !Name.Contains('\0', StringComparison.Ordinal);
}

/// <summary>Why a part failed last.</summary>
/// <param name="Part">Its number.</param>
/// <param name="Host">The machine.</param>
/// <param name="Error">The message.</param>
/// <param name="Time">When, by that machine's clock.</param>
/// <param name="NeedsBeginning">Whether it must be decoded from the input's beginning.</param>
internal sealed record PartFailure(int Part, string Host, string Error, DateTimeOffset Time, bool NeedsBeginning = false);
