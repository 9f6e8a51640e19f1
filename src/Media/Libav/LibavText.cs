using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>libav's strings.</summary>
internal static unsafe class LibavText
{
    /// <summary>A string that belongs to libav, "" where there is none.</summary>
    public static string Of(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>What a file, stream or chapter says of itself under a name; null where it says nothing.</summary>
    public static string? OfMetadata(AVDictionary* metadata, string name)
    {
        AVDictionaryEntry* entry = av_dict_get(metadata, name, null, 0);
        return entry == null || *entry->value == 0 ? null : Of(entry->value);
    }

    /// <summary>The language that a stream states; null where it states none.</summary>
    public static string? OfLanguage(AVStream* stream) => OfMetadata(stream->metadata, "language") is var language and not "und" ? language : null;

    /// <summary>FFmpeg's name of a coding; its tag in quotes where FFmpeg does not know it.</summary>
    public static string OfCoding(AVCodecParameters* parameters) =>
        parameters->codec_id != AVCodecID.AV_CODEC_ID_NONE ? avcodec_get_name(parameters->codec_id)
        : parameters->codec_tag != 0 ? $"'{OfTag(parameters->codec_tag)}'"
        : "unknown";

    /// <summary>A coding's tag, four characters mostly; others as numbers.</summary>
    public static string OfTag(uint tag)
    {
        char[] characters = [(char)(tag & 0xff), (char)((tag >> 8) & 0xff), (char)((tag >> 16) & 0xff), (char)(tag >> 24)];
        return characters.All(c => c is >= ' ' and <= '~') ? new(characters) : $"0x{tag:X8}";
    }
}
