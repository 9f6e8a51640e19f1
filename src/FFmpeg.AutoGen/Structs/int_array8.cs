using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>Eight integers.</summary>
public struct int_array8
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 8 or more.</exception>
    public int this[uint i]
    {
        get => items[(int)i];
        set => items[(int)i] = value;
    }

    [InlineArray(8)]
    private struct Items
    {
        private int first;
    }
}
