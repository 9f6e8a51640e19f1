using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Native memory that grows with what is asked for and is used again.</summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private float* _memory;
    private long _length;

    ~FloatBuffer() => NativeFloats.Free(_memory);

    /// <summary>So many floats, aligned to a cache line; what was taken before is gone.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public float* Take(long floats)
    {
        if (_length < floats)
        {
            NativeFloats.Free(_memory);
            _memory = null;
            _length = 0;
            _memory = NativeFloats.Allocate(floats);
            _length = floats;
        }

        return _memory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeFloats.Free(_memory);
        _memory = null;
        _length = 0;
        GC.SuppressFinalize(this);
    }
}
