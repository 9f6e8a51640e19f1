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
