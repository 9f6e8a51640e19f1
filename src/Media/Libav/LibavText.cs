using System.Runtime.InteropServices;

namespace AdaConv.Media.Libav;

/// <summary>libav's strings.</summary>
internal static unsafe class LibavText
{
    /// <summary>A string that belongs to libav, "" where there is none.</summary>
    public static string Of(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>A coding's tag, four characters mostly; others as numbers.</summary>
    public static string OfTag(uint tag)
    {
        char[] characters = [(char)(tag & 0xff), (char)((tag >> 8) & 0xff), (char)((tag >> 16) & 0xff), (char)(tag >> 24)];
        return characters.All(c => c is >= ' ' and <= '~') ? new(characters) : $"0x{tag:X8}";
    }
}
