using System.Runtime.InteropServices;

namespace AdaConv.Engine;

/// <summary>
/// Floats in native memory, aligned to a cache line: all memory of AdaConv's own that is neither .NET's nor libav's. Whoever allocates frees, or its
/// finalizer does.
/// </summary>
public static unsafe class NativeFloats
{
    private const int Alignment = 64;
    private static long live;

    /// <summary>Blocks that are allocated at present, in the whole process.</summary>
    internal static long Live => Interlocked.Read(ref live);

    /// <summary>For tests: told the bytes of each allocation, and answers whether it fails. Null: the system decides.</summary>
    internal static Predicate<long>? Refuses { get; set; }

    /// <summary>Allocates a block; its contents are undefined.</summary>
    /// <param name="count">Floats, 0 or more.</param>
    /// <exception cref="OutOfMemoryException">The system has no such memory.</exception>
    public static float* Allocate(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        long bytes = checked(count * sizeof(float));
        if (Refuses?.Invoke(bytes) == true)
        {
            bytes = long.MaxValue & -Alignment; // which no system has
        }

        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        Interlocked.Increment(ref live);
        return memory;
    }

    /// <summary>Allocates a block of zeros; see <see cref="Allocate"/>.</summary>
    public static float* AllocateZeros(long count)
    {
        float* memory = Allocate(count);
        NativeMemory.Clear(memory, (nuint)count * sizeof(float));
        return memory;
    }

    /// <summary>Frees a block; null is none.</summary>
    public static void Free(float* memory)
    {
        if (memory is not null)
        {
            NativeMemory.AlignedFree(memory);
            Interlocked.Decrement(ref live);
        }
    }
}
