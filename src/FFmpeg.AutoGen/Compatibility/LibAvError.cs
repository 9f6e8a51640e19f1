using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace AdaConv.LibAv;

/// <summary>libav's words for its error codes.</summary>
public static unsafe class LibAvError
{
    /// <summary>What a negative result means: "No such file or directory".</summary>
    /// <param name="code">A negative result of a function of libav.</param>
    public static string Describe(int code)
    {
        byte* text = stackalloc byte[ffmpeg.AV_ERROR_MAX_STRING_SIZE];
        _ = ffmpeg.av_strerror(code, text, ffmpeg.AV_ERROR_MAX_STRING_SIZE); // writes "Error number -N occurred" for codes it lacks
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }
}
