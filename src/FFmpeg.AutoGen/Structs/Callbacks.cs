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

/// <summary>Asked during blocking work whether to give up: 0 goes on.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int AVIOInterruptCB_callback(void* p0);

/// <summary>The address of an <see cref="AVIOInterruptCB_callback"/>.</summary>
/// <remarks>Of a delegate, which the caller must keep alive, or of an unmanaged function.</remarks>
public struct AVIOInterruptCB_callback_func
{
    /// <summary>0 for none.</summary>
    public IntPtr Pointer;

    public static implicit operator AVIOInterruptCB_callback_func(AVIOInterruptCB_callback? function) =>
        new() { Pointer = function == null ? 0 : Marshal.GetFunctionPointerForDelegate(function) };
}

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

/// <summary>Fills a buffer: the number of bytes, AVERROR_EOF at the end, or an error.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int avio_alloc_context_read_packet(void* opaque, byte* buf, int buf_size);

/// <summary>The address of an <see cref="avio_alloc_context_read_packet"/>.</summary>
/// <remarks>Of a delegate, which the caller must keep alive, or of an unmanaged function.</remarks>
public struct avio_alloc_context_read_packet_func
{
    /// <summary>0 for none.</summary>
    public IntPtr Pointer;

    public static implicit operator avio_alloc_context_read_packet_func(avio_alloc_context_read_packet? function) =>
        new() { Pointer = function == null ? 0 : Marshal.GetFunctionPointerForDelegate(function) };
}

/// <summary>Takes bytes to write: their number, or an error.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int avio_alloc_context_write_packet(void* opaque, byte* buf, int buf_size);

/// <summary>The address of an <see cref="avio_alloc_context_write_packet"/>.</summary>
/// <remarks>Of a delegate, which the caller must keep alive, or of an unmanaged function.</remarks>
public struct avio_alloc_context_write_packet_func
{
    /// <summary>0 for none.</summary>
    public IntPtr Pointer;

    public static implicit operator avio_alloc_context_write_packet_func(avio_alloc_context_write_packet? function) =>
        new() { Pointer = function == null ? 0 : Marshal.GetFunctionPointerForDelegate(function) };
}

/// <summary>Moves to a position, or tells the size (AVSEEK_SIZE).</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate long avio_alloc_context_seek(void* opaque, long offset, int whence);

/// <summary>The address of an <see cref="avio_alloc_context_seek"/>.</summary>
/// <remarks>Of a delegate, which the caller must keep alive, or of an unmanaged function.</remarks>
public struct avio_alloc_context_seek_func
{
    /// <summary>0 for none.</summary>
    public IntPtr Pointer;

    public static implicit operator avio_alloc_context_seek_func(avio_alloc_context_seek? function) =>
        new() { Pointer = function == null ? 0 : Marshal.GetFunctionPointerForDelegate(function) };
}
