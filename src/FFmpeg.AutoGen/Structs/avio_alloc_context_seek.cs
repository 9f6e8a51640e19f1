using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

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
