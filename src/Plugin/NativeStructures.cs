using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AdaConv.Plugin;

/// <summary>adaconv_result.</summary>
internal enum Result
{
    Ok = 0,
    Argument = -1,
    Abi = -2,
    Handle = -3,
    Model = -4,
    Memory = -5,
    Processor = -6,
    Internal = -7,
}

/// <summary>adaconv_verdict.</summary>
internal enum Verdict
{
    Pending = 0,
    No = 1,
    Yes = 2,
}

/// <summary>The values of adaconv_format.family.</summary>
internal enum Family
{
    YCbCr = 0,
    Rgb = 1,
    Grey = 2,
}

/// <summary>adaconv_component.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeComponent
{
    public uint Plane;
    public uint Step;
    public uint Offset;
    public uint Shift;
    public uint Depth;
    public uint BigEndian;
}

/// <summary>adaconv_format.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeFormat
{
    public uint Size;
    public uint Width;
    public uint Height;
    public int Family;
    public int Matrix;
    public int Range;
    public int Siting;
    public uint HasAlpha;
    public uint ChromaShiftX;
    public uint ChromaShiftY;
    public Components Component;

    [InlineArray(4)]
    public struct Components
    {
        private NativeComponent _first;
    }
}

/// <summary>adaconv_frame.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeFrame
{
    public uint Size;
    public uint Reserved;
    public Addresses Data;
    public Strides Stride;
    public ulong Picture;

    [InlineArray(4)]
    public struct Addresses
    {
        private nint _first;
    }

    [InlineArray(4)]
    public struct Strides
    {
        private long _first;
    }
}

/// <summary>adaconv_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeOptions
{
    public uint Size;
    public uint Threads;
    public ulong MemoryLimit;
    public int Kernels;
    public uint Ensemble;
    public int Grain;
    public uint Reserved;
}

/// <summary>Structures as callers of any version of the header give them.</summary>
internal static unsafe class NativeStructure
{
    /// <summary>Copies a caller's structure: fields that it lacks become 0, and those that this library does not know must be 0.</summary>
    /// <param name="given">Begins with its size in bytes.</param>
    /// <param name="least">Bytes of the structure's first version.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="PluginException">The address is null, or the size is none of the structure's.</exception>
    public static T Read<T>(T* given, int least, string name)
        where T : unmanaged
    {
        if (given is null)
        {
            throw new PluginException(Result.Argument, $"{name} is null.");
        }

        uint size = *(uint*)given;
        if (size < least || size > 1 << 16)
        {
            throw new PluginException(Result.Abi, $"{name}.size is {size}, not sizeof({name}): {sizeof(T)}.");
        }

        ReadOnlySpan<byte> bytes = new(given, (int)size);
        T value = default;
        int known = Math.Min(bytes.Length, sizeof(T));
        bytes[..known].CopyTo(new Span<byte>(&value, sizeof(T)));
        return bytes[known..].ContainsAnyExcept((byte)0)
            ? throw new PluginException(Result.Abi, $"{name} has fields of a later version that this library does not know, and they are not 0.")
            : value;
    }
}
