using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>Four integers.</summary>
public struct int_array4
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 4 or more.</exception>
    public int this[uint i]
    {
        get => items[(int)i];
        set => items[(int)i] = value;
    }

    [InlineArray(4)]
    private struct Items
    {
        private int first;
    }
}
