using System.Globalization;
using System.Text.RegularExpressions;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>
/// The time of day that a recording's first frame bears, as hours, minutes, seconds and frames: 10:11:12:13. Its last number counts frames of
/// the video's rate, so another rate needs another number.
/// </summary>
internal static unsafe partial class Timecode
{
    /// <summary>libav's name of it among metadata.</summary>
    public const string Key = "timecode";

    // Found by writing and reading back; others keep none.
    private static readonly string[] OfVideo = ["mov", "mp4", "mxf", "gxf", "matroska", "webm", "nut", "ogg", "ogv"], OfWhole = ["avi", "flv", "asf"];

    // Dropped numbers keep the time of day at 30000/1001 frames per second, and its multiples.
    private const int DropFrameRate = 30;

    /// <summary>The time code that an input states for its video, or for all of it; null where there is none.</summary>
    public static string? Of(Demuxer input) =>
        LibavText.OfMetadata(input.VideoStream->metadata, Key) ?? LibavText.OfMetadata(input.Context->metadata, Key);

    /// <summary>Whether a stream is the track in which QuickTime keeps it.</summary>
    public static bool IsTrack(AVStream* stream) => LibavText.OfTag(stream->codecpar->codec_tag) == "tmcd";

    /// <summary>Whether a container keeps it.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool IsKeptIn(string container) => OfVideo.Contains(container) || IsOfWhole(container);

    /// <summary>Whether a container keeps it, but not as that of one stream.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool IsOfWhole(string container) => OfWhole.Contains(container);

    /// <summary>The same moment at another rate.</summary>
    /// <param name="text">The time code.</param>
    /// <param name="from">Frames per second that it counts.</param>
    /// <param name="to">Frames per second that the new one counts.</param>
    /// <returns>Null where there is none: the rate has no whole number of frames in a second, or none to drop numbers of.</returns>
    public static string? At(string text, Rational from, Rational to)
    {
        if (from.IsSameRate(to))
        {
            return text;
        }

        Match match = Pattern().Match(text);
        if (!match.Success || Nominal(from) is not { } oldRate || Nominal(to) is not { } newRate)
        {
            return null;
        }

        bool isDropping = match.Groups["mark"].Value is ";" or "." or ",";
        if (isDropping && !(IsDropFrame(from, oldRate) && IsDropFrame(to, newRate)))
        {
            return null;
        }

        int frame = int.Parse(match.Groups["frame"].Value, CultureInfo.InvariantCulture);
        string beginning = match.Groups["time"].Value + match.Groups["mark"].Value;
        return frame < oldRate ? string.Create(CultureInfo.InvariantCulture, $"{beginning}{frame * newRate / oldRate:00}") : null;
    }

    private static bool IsDropFrame(Rational rate, int nominal) => nominal % DropFrameRate == 0 && rate.IsSameRate(new(nominal * 1000L, 1001));

    // Numbers in a second: 30 at 30000/1001.
    private static int? Nominal(Rational rate)
    {
        long whole = Rational.Rescale(1, rate, new(1, 1));
        return whole is > 0 and < 1000 && (rate.IsSameRate(new(whole, 1)) || rate.IsSameRate(new(whole * 1000, 1001))) ? (int)whole : null;
    }

    [GeneratedRegex(@"^(?<time>\d\d:\d\d:\d\d)(?<mark>[:;.,])(?<frame>\d{1,3})$")]
    private static partial Regex Pattern();
}
