using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>Two fractions.</summary>
public struct AVRational_array2
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 2 or more.</exception>
    public AVRational this[uint i]
    {
        get => items[(int)i];
        set => items[(int)i] = value;
    }

    [InlineArray(2)]
    private struct Items
    {
        private AVRational first;
    }
}
