namespace AdaConv.LibAv;

/// <summary>
/// A release line of FFmpeg: majors of its libraries, which change together and fix the layout of their structs, and the minor of
/// libavutil that tells it from an earlier line with the same majors.
/// </summary>
/// <param name="Name">As FFmpeg numbers it: "7.1".</param>
/// <param name="AvUtil">Major of libavutil.</param>
/// <param name="AvUtilMinor">Smallest minor of libavutil that has all fields of the layout; 0 for any.</param>
/// <param name="AvCodec">Major of libavcodec.</param>
/// <param name="AvFormat">Major of libavformat.</param>
/// <param name="AvFilter">Major of libavfilter.</param>
/// <param name="SwResample">Major of libswresample.</param>
/// <param name="SwScale">Major of libswscale.</param>
public sealed record LibAvRelease(
    string Name, int AvUtil, int AvUtilMinor, int AvCodec, int AvFormat, int AvFilter, int SwResample, int SwScale)
{
    /// <summary>
    /// The releases that this binding knows, oldest first: the columns of its layout. Numbers: version_major.h of each library at each release.
    /// </summary>
    public static IReadOnlyList<LibAvRelease> Supported { get; } =
    [
#if !FFMPEG_PACKAGE
        new("5.1", 57, 28, 59, 59, 8, 4, 6),
        new("6.0", 58, 2, 60, 60, 9, 4, 7),
        new("6.1", 58, 29, 60, 60, 9, 4, 7),
        new("7.0", 59, 8, 61, 61, 10, 5, 8),
#endif
        new("7.1", 59, 39, 61, 61, 10, 5, 8), // the one that version 7.1.1 of the package was made for
#if !FFMPEG_PACKAGE
        new("8", 60, 8, 62, 62, 11, 6, 9),
        new("9", 61, 0, 63, 63, 12, 7, 10),
#endif
    ];

    /// <summary>The major of a library, named without "lib": "avutil".</summary>
    /// <exception cref="ArgumentException">Not one of the libraries.</exception>
    public int MajorOf(string library) => library switch
    {
        "avutil" => AvUtil,
        "avcodec" => AvCodec,
        "avformat" => AvFormat,
        "avfilter" => AvFilter,
        "swresample" => SwResample,
        "swscale" => SwScale,
        _ => throw new ArgumentException($"{library} is not a library of FFmpeg that is used here.", nameof(library)),
    };

    /// <summary>The release line that a major of libavutil belongs to, supported or not: "6".</summary>
    internal static string NameOf(int avUtilMajor) =>
        avUtilMajor is >= 55 and <= 61 ? $"{avUtilMajor - 52}"
        : avUtilMajor > 61 ? $"newer than {Supported[^1].Name}"
        : "older than 3";
}
