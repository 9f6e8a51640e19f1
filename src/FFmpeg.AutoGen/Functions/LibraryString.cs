using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace FFmpeg.AutoGen;

/// <summary>Copies a string that belongs to the library, so that nobody frees it; null stays null.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(LibraryString))]
internal static unsafe class LibraryString
{
    public static string? ConvertToManaged(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
