using System.Runtime.InteropServices;
using AdaConv.LibAv;

namespace FFmpeg.AutoGen;

/// <summary>libav's functions under FFmpeg.AutoGen's names. What each does is in FFmpeg's own documentation.</summary>
/// <remarks>
/// The libraries are found by <see cref="LibAvLibraries"/> at the first call. Strings are UTF-8; a string that is returned is a copy.
/// Differences from the package, so that one source compiles against both: fields are properties that return references, so never
/// take a field's address nor fix it, copy it to a local and write it back; index fixed arrays with uint or constants; structs are
/// reached through pointers that the library gave, never copied nor sized.
/// </remarks>
public static unsafe partial class ffmpeg
{
    private const string AvUtil = "avutil";
    private const string AvCodec = "avcodec";
    private const string AvFormat = "avformat";
    private const string AvFilter = "avfilter";
    private const string SwScale = "swscale";
    private const StringMarshalling Utf8 = StringMarshalling.Utf8;

    static ffmpeg() => NativeLibrary.SetDllImportResolver(
        typeof(ffmpeg).Assembly,
        static (name, _, _) => LibAvLibraries.HandleOf(name));
}
