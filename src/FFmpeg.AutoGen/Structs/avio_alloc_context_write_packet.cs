using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

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
