using System.Runtime.InteropServices;

namespace AdaConv.Training.Data.Synthesis;

/// <summary>Memory for pixels of four bytes that the collector does not move; it lives as long as this object is held.</summary>
internal sealed unsafe class PinnedPixels
{
    private readonly uint[] _pixels;

    /// <summary>Zeroed memory.</summary>
    public PinnedPixels(int length)
    {
        _pixels = GC.AllocateArray<uint>(length, pinned: true);
        Pointer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_pixels, 0);
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>Number of pixels.</summary>
    public int Length => _pixels.Length;
}
