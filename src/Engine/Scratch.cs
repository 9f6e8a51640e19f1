using System.Runtime.CompilerServices;

namespace AdaConv.Engine;

/// <summary>A thread's working memory for one tile: kept between calls, carved anew for each tile. Its contents are whatever the last tile
/// left.</summary>
internal unsafe ref struct Scratch
{
    private const int Alignment = 16; // floats: one cache line, one AVX-512 vector

    [ThreadStatic]
    private static float[]? memory;

    private readonly float* end;
    private float* next;

    private Scratch(float* start, float* end)
    {
        next = start;
        this.end = end;
    }

    /// <summary>Memory for blocks that add up to so many floats, each rounded up by <see cref="Rounded"/>.</summary>
    public static Scratch ForThisThread(int floats)
    {
        if (memory is null || memory.Length < floats + Alignment)
            memory = GC.AllocateUninitializedArray<float>(floats + Alignment, pinned: true);
        float* start = (float*)Unsafe.AsPointer(ref memory[0]);
        start = (float*)(((nuint)start + Alignment * sizeof(float) - 1) & ~(nuint)(Alignment * sizeof(float) - 1));
        return new Scratch(start, start + floats);
    }

    public static int Rounded(int floats) => (floats + Alignment - 1) & ~(Alignment - 1);

    /// <summary>The next block, aligned to a cache line.</summary>
    public float* Take(int floats)
    {
        float* block = next;
        next += Rounded(floats);
        return next <= end ? block : throw new InvalidOperationException("A kernel takes more scratch memory than it asked for.");
    }
}
