using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AdaConv.Engine;

/// <summary>How fast the memory is beyond the caches: the roof of what only copies, packs and warps.</summary>
public static unsafe class MemoryRate
{
    private const nuint Bytes = 256 << 20, Block = 1 << 20;

    /// <summary>Copies 256 MiB to another place, for some 200 ms or three times at least; 512 MiB are taken meanwhile.</summary>
    /// <param name="threads">Threads that copy at the same time.</param>
    /// <returns>Bytes read and bytes written, each counted once, in 10⁹ a second, of the best run.</returns>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static double Measure(int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        byte* memory = (byte*)NativeFloats.Allocate((long)(2 * Bytes / sizeof(float)));
        try
        {
            NativeMemory.Fill(memory, 2 * Bytes, 1); // all pages exist
            double best = double.PositiveInfinity;
            long begin = Stopwatch.GetTimestamp();
            for (int run = 0; run < 3 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.2; run++)
            {
                long start = Stopwatch.GetTimestamp();
                Tiles.Run((int)(Bytes / Block), threads, block =>
                {
                    nuint offset = (nuint)block * Block;
                    NativeMemory.Copy(memory + offset, memory + Bytes + offset, Block);
                });
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            return 2.0 * Bytes / best / 1e9;
        }
        finally
        {
            NativeFloats.Free((float*)memory);
        }
    }
}
