using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

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
