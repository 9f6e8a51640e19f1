using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data.Preparation;

/// <summary>What became of a clip, a folder of frames, or a group of triplets; stored beside its frames.</summary>
/// <param name="Name">Its path below the folder it was found in.</param>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="Sequences">The frames that were kept.</param>
internal sealed record PreparedItem(string Name, string Kind, IReadOnlyList<FrameSequence> Sequences)
{
    /// <summary>Size before scaling: "1280x720"; null where nothing was read.</summary>
    public string? SourceSize { get; init; }

    /// <summary>Why frames were scaled down; null where they were not.</summary>
    public string? ScaledBecause { get; init; }

    /// <summary>Frames decoded.</summary>
    public int FramesRead { get; init; }

    /// <summary>Triplets of neighbouring frames with a cut in them.</summary>
    public int Cut { get; init; }

    /// <summary>Triplets of neighbouring frames of which two are the same.</summary>
    public int Still { get; init; }

    /// <summary>Triplets of neighbouring frames whose motion is uneven.</summary>
    public int Uneven { get; init; }

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Frames in the cache.</summary>
    public int FramesKept => Sequences.Sum(sequence => sequence.FrameCount);

    /// <summary>Triplets of neighbouring frames that can be trained on.</summary>
    public int Triplets => Sequences.Sum(sequence => sequence.Triplets(1).Count());

    /// <summary>Bytes in the cache.</summary>
    public long Length => Sequences.Sum(sequence => (long)sequence.FrameCount * sequence.FrameLength);

    /// <summary>The item as it stands in the report when nothing of it can be used.</summary>
    public static PreparedItem Unusable(FootageItem item, string reason) => new(item.Name, item.Kind, []) { LeftOut = [reason] };
}
