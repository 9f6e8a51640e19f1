using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AdaConv.LibAv;

namespace FFmpeg.AutoGen;

/// <summary>Where the fields of the structs lie that differ between FFmpeg's majors.</summary>
internal static unsafe class Field
{
    /// <summary>The address of a field; the structure must be native memory, which does not move.</summary>
    /// <exception cref="NotSupportedException">The loaded FFmpeg has no such field.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte* At<T>(ref T structure, int offset, [CallerMemberName] string name = "")
        where T : unmanaged
    {
        if (offset < 0)
        {
            ThrowMissing(typeof(T).Name, name);
        }
        return (byte*)Unsafe.AsPointer(ref structure) + offset;
    }

    [DoesNotReturn]
    private static void ThrowMissing(string type, string name) => throw new NotSupportedException(
        $"{type} has no field {name} in FFmpeg {LibAvLibraries.Loaded.Release.Name}, which is the one in use.");
}
