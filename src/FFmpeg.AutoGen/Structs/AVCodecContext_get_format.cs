using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

/// <summary>Picks one of a decoder's possible pixel formats.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate AVPixelFormat AVCodecContext_get_format(AVCodecContext* s, AVPixelFormat* fmt);

/// <summary>The address of an <see cref="AVCodecContext_get_format"/>.</summary>
/// <remarks>Of a delegate, which the caller must keep alive, or of an unmanaged function.</remarks>
public struct AVCodecContext_get_format_func
{
    /// <summary>0 for none.</summary>
    public IntPtr Pointer;

    public static implicit operator AVCodecContext_get_format_func(AVCodecContext_get_format? function) =>
        new() { Pointer = function == null ? 0 : Marshal.GetFunctionPointerForDelegate(function) };
}
