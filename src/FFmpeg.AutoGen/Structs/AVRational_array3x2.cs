using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>Three pairs of fractions.</summary>
public struct AVRational_array3x2
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 3 or more.</exception>
    public AVRational_array2 this[uint i]
    {
        get => items[(int)i];
        set => items[(int)i] = value;
    }

    [InlineArray(3)]
    private struct Items
    {
        private AVRational_array2 first;
    }
}
