using System.Runtime.CompilerServices;

namespace FFmpeg.AutoGen;

/// <summary>The components of a pixel.</summary>
public struct AVComponentDescriptor_array4
{
    private Items items;

    /// <exception cref="IndexOutOfRangeException">The index is 4 or more.</exception>
    public AVComponentDescriptor this[uint i]
    {
        get => items[(int)i];
        set => items[(int)i] = value;
    }

    [InlineArray(4)]
    private struct Items
    {
        private AVComponentDescriptor first;
    }
}
