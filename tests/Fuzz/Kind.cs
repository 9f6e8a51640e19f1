namespace AdaConv.Fuzz;

/// <summary>What is done to an input.</summary>
internal enum Kind
{
    /// <summary>Bits flipped, half of them near the ends, where the structure is.</summary>
    BitFlips,

    /// <summary>Cut off at the border of a box, cluster, page or packet, or a byte beside it.</summary>
    Truncation,

    /// <summary>The beginning of one clip before the rest of another.</summary>
    SplicedHeader,

    /// <summary>Two parts between borders changed places, one repeated, or one left out.</summary>
    SwappedParts,

    /// <summary>A size replaced by 0, 2³¹ or another that is out of all proportion.</summary>
    Sizes,

    /// <summary>Packets as they are at times at random or at the limits.</summary>
    Timestamps,

    /// <summary>Packets whose bytes are damaged, in a whole container.</summary>
    PacketNoise,

    /// <summary>Sound or picture that ends long before the other.</summary>
    EarlyEnd,

    /// <summary>The size and the pixel format change in the middle.</summary>
    FormatChange,

    /// <summary>Packets without their key frames.</summary>
    NoKeyFrames,

    /// <summary>A preset or settings file.</summary>
    Settings,

    /// <summary>A weight file.</summary>
    Weights,

    /// <summary>The log of a batch.</summary>
    Log,

    /// <summary>The plan's manifest and the finished segments of a conversion that was killed.</summary>
    Segments,

    /// <summary>The plan, the records and files of parts, and the notes of a job for several machines.</summary>
    Job,
}

/// <summary>What came of a mutant.</summary>
internal enum Outcome
{
    /// <summary>It was used, and the result is right.</summary>
    Used,

    /// <summary>It was refused in plain words, and nothing is left.</summary>
    Refused,

    /// <summary>The process died.</summary>
    Crash,

    /// <summary>Longer than a minute.</summary>
    Hang,

    /// <summary>More than 3 GiB.</summary>
    Memory,

    /// <summary>An internal error or a stack trace.</summary>
    Internal,

    /// <summary>A failure without words, or with an exit code that is none of the documented.</summary>
    Wordless,

    /// <summary>An output under its final name after a failure, or a stray file.</summary>
    LeftOver,

    /// <summary>A success whose output cannot be decoded, or whose counts or times are wrong.</summary>
    Wrong,
}
