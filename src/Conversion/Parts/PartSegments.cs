using System.Globalization;
using AdaConv.Conversion.Segments;

namespace AdaConv.Conversion.Parts;

/// <summary>The segments that a part consists of, made in a folder that is this attempt's own.</summary>
/// <param name="folder">The folder.</param>
/// <param name="division">How the video is divided.</param>
/// <param name="first">The part's first segment.</param>
/// <param name="behind">The first one behind it; null: the part reaches to the end.</param>
internal sealed class PartSegments(string folder, VideoDivision division, long first, long? behind) : ISegmentSet
{
    private readonly List<PartSegment> _segments = [];

    /// <summary>Those that are finished, in their order.</summary>
    public IReadOnlyList<PartSegment> Finished => _segments;

    /// <inheritdoc/>
    public string Folder => folder;

    /// <inheritdoc/>
    public long From => first == 0 ? long.MinValue : division.FirstTimestamp + (first * division.SegmentTicks);

    /// <inheritdoc/>
    public long Until => behind is { } number ? division.FirstTimestamp + (number * division.SegmentTicks) : long.MaxValue;

    /// <inheritdoc/>
    public bool KeepsLast => true;

    /// <summary>The file of a segment.</summary>
    public static string FileOf(long number) => number.ToString("00000", CultureInfo.InvariantCulture) + ".segment";

    /// <inheritdoc/>
    public long NumberOf(long timestamp) => Math.Max(0, timestamp - division.FirstTimestamp) / division.SegmentTicks;

    /// <inheritdoc/>
    public SegmentReader? Find(long number) => null;

    /// <inheritdoc/>
    public SegmentWriter Begin(long number) => new(Path.Combine(folder, FileOf(number)));

    /// <inheritdoc/>
    public void Add(long number, SegmentEnd end) => _segments.Add(new(number, end.Frames, end.LastTimestamp, end.Next, end.Bytes, end.Hash));
}

/// <summary>A finished segment of a part.</summary>
/// <param name="Number">Its number in the video.</param>
/// <param name="Frames">Frames in it.</param>
/// <param name="LastTimestamp">The last frame's time, in the encoder's ticks.</param>
/// <param name="Next">The number of the next segment that holds frames.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Hash">SHA-256 of its content, as hexadecimal digits.</param>
internal sealed record PartSegment(long Number, long Frames, long LastTimestamp, long Next, long Bytes, string Hash);
