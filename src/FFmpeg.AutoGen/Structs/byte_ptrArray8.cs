using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>Eight addresses of bytes.</summary>
public unsafe struct byte_ptrArray8
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 8 or more.</exception>
    public byte* this[uint i]
    {
        get => (byte*)items[(int)i];
        set => items[(int)i] = (nint)value;
    }

    [InlineArray(8)]
    private struct Items
    {
        private nint first;
    }
}
