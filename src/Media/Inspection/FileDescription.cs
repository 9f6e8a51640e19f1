using System.Security.Cryptography;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Inspection;

/// <summary>What a container says of itself, its streams and chapters, and its first picture of itself.</summary>
/// <param name="Codec">FFmpeg's name of the video's coding.</param>
/// <param name="Rate">The video's nominal frames per second; not positive where it is not known.</param>
/// <param name="Seconds">How long it lasts; null where it does not say.</param>
/// <param name="Streams">All streams, in order.</param>
/// <param name="VideoIndex">The number of the video.</param>
/// <param name="Chapters">All chapters, in order.</param>
/// <param name="Tags">Title, artist and the like, where they are stated.</param>
/// <param name="Timecode">The first frame's time code; null where there is none.</param>
/// <param name="TimesShown">How often an animated picture is shown, 0 for ever; null for other files.</param>
/// <param name="Picture">The first picture.</param>
public sealed unsafe record FileDescription(
    string Codec,
    Rational Rate,
    double? Seconds,
    IReadOnlyList<StreamFacts> Streams,
    int VideoIndex,
    IReadOnlyList<ChapterFacts> Chapters,
    IReadOnlyDictionary<string, string> Tags,
    string? Timecode,
    int? TimesShown,
    PictureFacts Picture)
{
    // Those that people give; what programs write of themselves differs.
    private static readonly string[] TagNames = ["title", "artist", "album", "genre", "comment", "copyright", "date"];

    /// <summary>Describes an opened file, whose first frame is not taken yet.</summary>
    public static FileDescription Of(FrameReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Demuxer demuxer = reader.Demuxer;
        AVFormatContext* context = demuxer.Context;
        return new(
            CodecOf(demuxer),
            demuxer.FrameRate,
            SecondsOf(demuxer),
            [.. Enumerable.Range(0, demuxer.StreamCount).Select(index => StreamFacts.Of(context->streams[index]))],
            demuxer.VideoIndex,
            [.. Enumerable.Range(0, (int)context->nb_chapters).Select(index => ChapterFacts.Of(context->chapters[index]))],
            TagNames.Where(name => LibavText.OfMetadata(context->metadata, name) is not null)
                .ToDictionary(name => name, name => LibavText.OfMetadata(context->metadata, name)!),
            Encoding.Timecode.Of(demuxer),
            demuxer.TimesShown,
            PictureFacts.Of(reader));
    }

    /// <summary>FFmpeg's name of the video's coding.</summary>
    internal static string CodecOf(Demuxer demuxer) => LibavText.OfCoding(demuxer.VideoStream->codecpar);

    /// <summary>How long a file lasts, in seconds; null where it does not say.</summary>
    internal static double? SecondsOf(Demuxer demuxer) =>
        LengthCheck.Lasting(demuxer.Context, demuxer.IsFile ? demuxer.Path : null) is var lasting and > 0 ? lasting / (double)AV_TIME_BASE : null;
}

/// <summary>What a container says of a stream.</summary>
/// <param name="Kind">audio, subtitle, attachment, video, data.</param>
/// <param name="Codec">FFmpeg's name of its coding.</param>
/// <param name="Language">Its language; null where it has none.</param>
/// <param name="Title">Its title; null where it has none.</param>
/// <param name="Disposition">libav's bits: default, forced, cover and so on.</param>
/// <param name="Header">SHA-256 of what its decoder needs beforehand, or of the attached file; null where there is nothing.</param>
public sealed unsafe record StreamFacts(
    string Kind, string Codec, string? Language, string? Title, int Disposition, string? Header)
{
    /// <summary>Whether it is a picture that goes with the file.</summary>
    public bool IsCover => (Disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;

    /// <summary>The stream in a user's words: "subtitle subrip, ger".</summary>
    public string Words => Language is null ? $"{Kind} {Codec}" : $"{Kind} {Codec}, {Language}";

    internal static StreamFacts Of(AVStream* stream)
    {
        AVCodecParameters* parameters = stream->codecpar;
        return new(
            av_get_media_type_string(parameters->codec_type) ?? "unknown",
            LibavText.OfCoding(parameters),
            LibavText.OfLanguage(stream),
            LibavText.OfMetadata(stream->metadata, "title"),
            stream->disposition,
            parameters->extradata_size <= 0 ? null
                : Convert.ToHexStringLower(SHA256.HashData(new ReadOnlySpan<byte>(parameters->extradata, parameters->extradata_size))));
    }
}

/// <summary>A chapter.</summary>
/// <param name="Start">Nanoseconds from the beginning of the file's clock.</param>
/// <param name="Title">Its title; null where it has none.</param>
public sealed unsafe record ChapterFacts(long Start, string? Title)
{
    internal static ChapterFacts Of(AVChapter* chapter)
    {
        long start = Rational.Rescale(chapter->start, chapter->time_base.ToRational(), Rational.Nanosecond);
        return new(start, LibavText.OfMetadata(chapter->metadata, "title"));
    }
}

/// <summary>What a picture, and the container around it, say of how it is shown.</summary>
public sealed unsafe record PictureFacts
{
    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>FFmpeg's name of the pixel format.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Bits of a sample; null where the format has none of its own, as palettes do.</summary>
    public required int? Depth { get; init; }

    /// <summary>Width of a pixel over its height; 1 where square or unknown.</summary>
    public required Rational PixelAspect { get; init; }

    /// <summary>How players turn it; null where by no right angle.</summary>
    public required PictureTurn? Turn { get; init; }

    /// <summary>Its colour tags.</summary>
    public required ColorDescription Color { get; init; }

    /// <summary>The display that an HDR10 video was mastered on, in x265's words; "" where it states none.</summary>
    public required string Mastering { get; init; }

    /// <summary>Describes a file's first picture.</summary>
    internal static PictureFacts Of(FrameReader reader)
    {
        VideoFrame frame = reader.FirstFrame;
        AVRational aspect = frame.Pointer->sample_aspect_ratio;
        return new()
        {
            Width = frame.Width,
            Height = frame.Height,
            PixelFormat = PixelLayout.NameOf(frame),
            Depth = PixelLayout.Of(frame.Format)?.Depth,
            PixelAspect = aspect.num > 0 && aspect.den > 0 ? aspect.ToRational() : new(1, 1),
            Turn = PictureTurn.Of(reader.DisplayMatrix),
            Color = ColorDescription.Of(frame),
            Mastering = MasteringDisplay.X265Parameters(frame),
        };
    }
}
