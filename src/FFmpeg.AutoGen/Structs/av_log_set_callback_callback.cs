using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

/// <summary>Takes a log line: its source, level, format and arguments; called from any thread.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate void av_log_set_callback_callback(void* p0, int p1, [MarshalAs(UnmanagedType.LPUTF8Str)] string p2, byte* p3);

/// <summary>The address of an <see cref="av_log_set_callback_callback"/>.</summary>
/// <remarks>Of a delegate, which the caller must keep alive, or of an unmanaged function.</remarks>
public struct av_log_set_callback_callback_func
{
    /// <summary>0 for none.</summary>
    public IntPtr Pointer;

    public static implicit operator av_log_set_callback_callback_func(av_log_set_callback_callback? function) =>
        new() { Pointer = function == null ? 0 : Marshal.GetFunctionPointerForDelegate(function) };
}
