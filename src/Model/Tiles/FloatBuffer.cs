using System.Runtime.InteropServices;

namespace AdaConv.Model;

/// <summary>Native memory that grows with what is asked for and is used again.</summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int Alignment = 64;
    private float* _memory;
    private long _length;

    ~FloatBuffer() => NativeMemory.AlignedFree(_memory);

    /// <summary>So many floats, aligned to a cache line; what was taken before is gone.</summary>
    public float* Take(long floats)
    {
        if (_length < floats)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _length = 0;
            _memory = (float*)NativeMemory.AlignedAlloc(checked((nuint)(floats * sizeof(float))), Alignment);
            _length = floats;
        }

        return _memory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _length = 0;
        GC.SuppressFinalize(this);
    }
}
