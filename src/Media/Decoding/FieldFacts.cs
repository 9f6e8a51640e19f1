using System.Globalization;

namespace AdaConv.Media.Decoding;

/// <summary>What is found of fields in a video's first frames, and what the file says of them.</summary>
public sealed record FieldFacts
{
    /// <summary>Frames that were looked at.</summary>
    public required int Frames { get; init; }

    /// <summary>How many of them look progressive.</summary>
    public required int Progressive { get; init; }

    /// <summary>How many look interlaced, the first row's field the earlier one.</summary>
    public required int TopFirst { get; init; }

    /// <summary>How many look interlaced, the second row's field the earlier one.</summary>
    public required int BottomFirst { get; init; }

    /// <summary>How many look interlaced where each is judged without its neighbours' looks.</summary>
    public required int Combed { get; init; }

    /// <summary>How many have a field of the frame before once more. Of 3:2 pulldown these are two fifths, of which half may be missed.</summary>
    public required int Repeated { get; init; }

    /// <summary>How many the file says to be interlaced.</summary>
    public required int Flagged { get; init; }

    /// <summary>Of how many of these it says that the first row's field is the earlier one.</summary>
    public required int FlaggedTopFirst { get; init; }

    /// <summary>How many are whole and to be shown for longer than the others, as film on DVD.</summary>
    public required int Repeating { get; init; }

    /// <summary>What the video is by that.</summary>
    public FieldKind Found
    {
        get
        {
            int interlaced = TopFirst + BottomFirst, judged = Progressive + interlaced;
            return 4 * Repeating >= Frames ? FieldKind.FlaggedFilm
                : 20 * Repeated >= 3 * Frames && 5 * Combed >= Frames ? FieldKind.Telecine
                : judged < 3 || 10 * judged < Frames ? FieldKind.Unclear
                : 10 * interlaced < judged ? FieldKind.Progressive
                : 4 * Math.Min(TopFirst, BottomFirst) > Math.Max(TopFirst, BottomFirst) ? FieldKind.Unclear
                : TopFirst >= BottomFirst ? FieldKind.TopFirst
                : FieldKind.BottomFirst;
        }
    }

    /// <summary>What was found, in words.</summary>
    public string Words
    {
        get
        {
            int interlaced = TopFirst + BottomFirst;
            string judged = string.Create(
                CultureInfo.InvariantCulture, $"of the first {Frames} frames {interlaced} look interlaced and {Progressive} progressive");
            return Found switch
            {
                FieldKind.Progressive => $"progressive: {judged}",
                FieldKind.TopFirst => $"interlaced, top field first: {judged}",
                FieldKind.BottomFirst => $"interlaced, bottom field first: {judged}",
                FieldKind.Telecine => string.Create(
                    CultureInfo.InvariantCulture,
                    $"film spread over fields (3:2 pulldown): {Repeated} of the first {Frames} frames repeat a field"),
                FieldKind.FlaggedFilm => string.Create(
                    CultureInfo.InvariantCulture, $"film: {Repeating} of the first {Frames} frames are marked to be shown for longer"),
                _ when Frames == 1 => "not to be told from one frame",
                _ => string.Create(CultureInfo.InvariantCulture, $"not to be told from the first {Frames} frames"),
            };
        }
    }

    /// <summary>The setting that fits better than the default one; null where that fits.</summary>
    public string? Advice
    {
        get
        {
            bool isFlagged = 2 * Flagged >= Frames, isFlaggedTop = 2 * FlaggedTopFirst >= Flagged;
            return Found switch
            {
                FieldKind.Telecine => "--interlaced film puts the film's frames together and doubles those",
                FieldKind.FlaggedFilm => "--interlaced film shows the film's frames evenly and doubles those",
                FieldKind.Progressive when isFlagged =>
                    "the file calls it interlaced; --interlaced ignore takes its frames as they are, and predicts between them",
                FieldKind.TopFirst when !isFlagged => "the file does not call it interlaced; --field-order top makes a frame of every field",
                FieldKind.BottomFirst when !isFlagged => "the file does not call it interlaced; --field-order bottom makes a frame of every field",
                FieldKind.TopFirst when !isFlaggedTop => "the file says bottom field first; if motion goes back and forth, use --field-order top",
                FieldKind.BottomFirst when isFlaggedTop => "the file says top field first; if motion goes back and forth, use --field-order bottom",
                _ => null,
            };
        }
    }
}

/// <summary>How a video's frames hold moments.</summary>
public enum FieldKind
{
    /// <summary>Too little moves, or frames look like either order.</summary>
    Unclear,

    /// <summary>A frame is one moment.</summary>
    Progressive,

    /// <summary>A frame is two moments, the first row's field the earlier one.</summary>
    TopFirst,

    /// <summary>A frame is two moments, the second row's field the earlier one.</summary>
    BottomFirst,

    /// <summary>Film of 24 frames a second, spread over fields in threes and twos.</summary>
    Telecine,

    /// <summary>Film of 24 frames a second, whose frames are marked to be shown for three or two fields.</summary>
    FlaggedFilm,
}
