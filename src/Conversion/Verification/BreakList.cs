using System.Collections.Immutable;
using System.Globalization;

namespace AdaConv.Conversion.Verification;

/// <summary>The breaks of one check as they are found: the first few of each kind, and how many there are.</summary>
/// <param name="name">The check's name.</param>
internal sealed class BreakList(string name)
{
    private const int MostOfKind = 5;

    private readonly List<VerificationBreak> _breaks = [];
    private readonly Dictionary<BreakKind, long> _counts = [];

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => _counts.Count == 0;

    /// <summary>How many of a kind were found.</summary>
    public long Count(BreakKind kind) => _counts.GetValueOrDefault(kind);

    /// <summary>Notes one.</summary>
    public void Add(BreakKind kind, FormattableString message, double? seconds = null)
    {
        long count = _counts[kind] = Count(kind) + 1;
        if (count <= MostOfKind)
        {
            _breaks.Add(new(kind, message.ToString(CultureInfo.InvariantCulture), seconds));
        }
    }

    /// <summary>The check's result.</summary>
    /// <param name="held">What is said where nothing was found.</param>
    /// <param name="isChecked">Whether anything was looked at.</param>
    public VerificationCheck Finish(FormattableString held, bool isChecked = true)
    {
        if (IsEmpty)
        {
            return new(name, isChecked ? CheckState.Held : CheckState.NotChecked, held.ToString(CultureInfo.InvariantCulture), []);
        }

        IEnumerable<string> kinds = _counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} × {Words(count.Key)}"));
        return new(name, CheckState.Broken, string.Join(", ", kinds), [.. _breaks]);
    }

    private static string Words(BreakKind kind) => kind switch
    {
        BreakKind.Unreadable => "cannot be read",
        BreakKind.Damaged => "damaged video",
        BreakKind.FrameMissing => "frame missing",
        BreakKind.FrameAdded => "frame too many",
        BreakKind.CutShort => "cut short",
        BreakKind.FrameTime => "frame at a wrong time",
        BreakKind.Shifted => "all shifted in time",
        BreakKind.PictureMoved => "original at another frame's time",
        BreakKind.PictureWrong => "wrong picture",
        BreakKind.PictureRepeated => "picture repeated",
        BreakKind.PictureForeign => "new frame unlike its neighbours",
        BreakKind.StreamMissing => "stream missing",
        BreakKind.StreamAdded => "stream too many",
        BreakKind.StreamTags => "stream described otherwise",
        BreakKind.PacketMissing => "packet missing",
        BreakKind.PacketAdded => "packet too many",
        BreakKind.PacketChanged => "packet changed",
        BreakKind.PacketTime => "packet at a wrong time",
        BreakKind.SoundOffset => "not where it was against the picture",
        BreakKind.SoundDrift => "drifts away from the picture",
        BreakKind.SoundMissing => "ends too early",
        BreakKind.SoundDifferent => "other sound",
        BreakKind.ChapterMissing => "chapter missing or too many",
        BreakKind.ChapterChanged => "chapter changed",
        BreakKind.Color => "colour tag",
        BreakKind.Depth => "fewer bits a sample",
        BreakKind.HighDynamicRange => "HDR10 data",
        BreakKind.Size => "size",
        BreakKind.PixelAspect => "shape of pixels",
        BreakKind.Rotation => "rotation",
        BreakKind.Tags => "tag",
        BreakKind.Timecode => "time code",
        _ => "number of repeats",
    };
}
