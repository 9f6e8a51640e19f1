using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>Eight references to buffers.</summary>
public unsafe struct AVBufferRef_ptrArray8
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 8 or more.</exception>
    public AVBufferRef* this[uint i]
    {
        get => (AVBufferRef*)items[(int)i];
        set => items[(int)i] = (nint)value;
    }

    [InlineArray(8)]
    private struct Items
    {
        private nint first;
    }
}
