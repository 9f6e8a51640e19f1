using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace AdaConv.Conversion.Verification;

/// <summary>Whether an output is what its conversion promises.</summary>
public sealed record VerificationReport
{
    /// <summary>The input as it was named.</summary>
    public required string Input { get; init; }

    /// <summary>The output as it was named.</summary>
    public required string Output { get; init; }

    /// <summary>Whether all that was promised, and could be checked, is so.</summary>
    public bool Held => Checks.All(check => check.State != CheckState.Broken);

    /// <summary>The conversion that the output is held against, in words: "2 times the frames, 25 to 50 frames per second".</summary>
    public required string Promise { get; init; }

    /// <summary>Whether the timing was found from the output's own rate and length, as no option named it.</summary>
    public required bool TimingIsFound { get; init; }

    /// <summary>Frames of the input, those made of fields among them.</summary>
    public required long InputFrames { get; init; }

    /// <summary>Frames that the output is to have.</summary>
    public required long ExpectedFrames { get; init; }

    /// <summary>Frames that it has.</summary>
    public required long OutputFrames { get; init; }

    /// <summary>What was looked at.</summary>
    public required ImmutableArray<VerificationCheck> Checks { get; init; }

    /// <summary>What was not promised, or cannot be told, in words.</summary>
    public required ImmutableArray<string> NotPromised { get; init; }

    /// <summary>The sound of each stream that was compared.</summary>
    public required ImmutableArray<SoundComparison> Sound { get; init; }

    /// <summary>What held, or which checks are broken, in a line.</summary>
    [JsonIgnore]
    public string Summary => Held
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(OutputFrames, "frame")}; {string.Join(", ", In(CheckState.Held).Select(check => check.Name))} as promised")
        : string.Join("; ", In(CheckState.Broken).Select(check => $"{check.Name}: {check.Summary}"));

    /// <summary>The first frames' times, for a picture.</summary>
    [JsonIgnore]
    public ImmutableArray<FrameMark> Frames { get; init; } = [];

    private IEnumerable<VerificationCheck> In(CheckState state) => Checks.Where(check => check.State == state);
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">frames, pictures, streams, packets, sound, chapters, colour, shape, tags or reading.</param>
/// <param name="State">What was found.</param>
/// <param name="Summary">The same in words.</param>
/// <param name="Breaks">How the promise is broken, the first of each kind.</param>
public sealed record VerificationCheck(string Name, CheckState State, string Summary, ImmutableArray<VerificationBreak> Breaks);

/// <summary>What a check found.</summary>
public enum CheckState
{
    /// <summary>All is as promised.</summary>
    Held,

    /// <summary>Something is not.</summary>
    Broken,

    /// <summary>There was nothing to check, or no way.</summary>
    NotChecked,
}

/// <summary>A difference between what was promised and what is there.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Message">What and where, in words.</param>
/// <param name="Seconds">When in the output; null where it concerns all of it.</param>
public sealed record VerificationBreak(BreakKind Kind, string Message, double? Seconds);

/// <summary>The ways in which an output can be other than promised.</summary>
public enum BreakKind
{
    /// <summary>The output cannot be read to its end.</summary>
    Unreadable,

    /// <summary>Packets of its video are damaged.</summary>
    Damaged,

    /// <summary>There is no frame at a time at which one is promised.</summary>
    FrameMissing,

    /// <summary>There is a frame at a time at which none is promised.</summary>
    FrameAdded,

    /// <summary>The output ends too early.</summary>
    CutShort,

    /// <summary>A frame is shown somewhat earlier or later than promised.</summary>
    FrameTime,

    /// <summary>All of the output is shown earlier or later than promised.</summary>
    Shifted,

    /// <summary>An original's picture is at the time of another frame.</summary>
    PictureMoved,

    /// <summary>An original's picture is another one, or damaged.</summary>
    PictureWrong,

    /// <summary>A new frame repeats its neighbour although the picture moves.</summary>
    PictureRepeated,

    /// <summary>A new frame looks like neither of the originals around it.</summary>
    PictureForeign,

    /// <summary>A stream is missing.</summary>
    StreamMissing,

    /// <summary>There is a stream that was not promised.</summary>
    StreamAdded,

    /// <summary>A stream's language, title or purpose differs.</summary>
    StreamTags,

    /// <summary>Packets of a copied stream are missing.</summary>
    PacketMissing,

    /// <summary>A copied stream has packets that the input lacks.</summary>
    PacketAdded,

    /// <summary>A packet of a copied stream has other bytes.</summary>
    PacketChanged,

    /// <summary>A packet of a copied stream is shown at another time.</summary>
    PacketTime,

    /// <summary>Sound, or another stream, is earlier or later than the picture.</summary>
    SoundOffset,

    /// <summary>The sound departs from the picture more and more.</summary>
    SoundDrift,

    /// <summary>The sound ends too early.</summary>
    SoundMissing,

    /// <summary>The sound is another one.</summary>
    SoundDifferent,

    /// <summary>A chapter is missing, or was added.</summary>
    ChapterMissing,

    /// <summary>A chapter has another time or title.</summary>
    ChapterChanged,

    /// <summary>A colour tag differs or is missing.</summary>
    Color,

    /// <summary>Samples have fewer bits.</summary>
    Depth,

    /// <summary>The data of HDR10 differ or are missing.</summary>
    HighDynamicRange,

    /// <summary>The picture has another size.</summary>
    Size,

    /// <summary>Pixels have another shape.</summary>
    PixelAspect,

    /// <summary>Players turn the picture otherwise.</summary>
    Rotation,

    /// <summary>The file's title, artist or the like differs.</summary>
    Tags,

    /// <summary>The time code differs or is missing.</summary>
    Timecode,

    /// <summary>An animated picture is shown more or less often.</summary>
    Repeats,
}

/// <summary>A frame of the output, promised or found.</summary>
/// <param name="Seconds">When it is shown.</param>
/// <param name="IsOriginal">Whether it is an original.</param>
/// <param name="IsFound">Whether it was found in the output; false: it is promised there.</param>
public readonly record struct FrameMark(double Seconds, bool IsOriginal, bool IsFound);

/// <summary>A stream of sound in input and output, compared as decoded.</summary>
public sealed record SoundComparison
{
    /// <summary>Its number in the input.</summary>
    public required int Stream { get; init; }

    /// <summary>Seconds that it is later in the output, against the picture; the median of all places looked at; null where it is silent.</summary>
    public required double? Offset { get; init; }

    /// <summary>The offset in the first and last quarter of those places.</summary>
    public required double? OffsetAtStart { get; init; }

    /// <summary>The same at the end.</summary>
    public required double? OffsetAtEnd { get; init; }

    /// <summary>How alike both are where they fit best: 1 for the same sound, 0 for unrelated ones; the median.</summary>
    public required double? Likeness { get; init; }

    /// <summary>Seconds of the output that the sound is longer in the input, where it is to last as long.</summary>
    public required double Missing { get; init; }

    /// <summary>Places that were looked at.</summary>
    public required int Places { get; init; }

    /// <summary>Seconds from which both waveforms begin, on the output's clock.</summary>
    [JsonIgnore]
    public double Start { get; init; }

    /// <summary>Seconds that a column of both waveforms stands for.</summary>
    [JsonIgnore]
    public double Column { get; init; }

    /// <summary>The largest sample of each column of the input's sound, where the output is to have it.</summary>
    [JsonIgnore]
    public ImmutableArray<float> InputPeaks { get; init; } = [];

    /// <summary>The same of the output's.</summary>
    [JsonIgnore]
    public ImmutableArray<float> OutputPeaks { get; init; } = [];
}
