using System.Runtime.InteropServices;

namespace AdaConv.Media.Libav;

/// <summary>libav's strings.</summary>
internal static unsafe class LibavText
{
    /// <summary>A string that belongs to libav, "" where there is none.</summary>
    public static string Of(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
