using System.Runtime.CompilerServices;

namespace AdaConv.Pictures;

/// <summary>Where a picture's planes lie: up to four, each with the address of its first row and the bytes from row to row.</summary>
internal unsafe struct PictureMemory
{
    private PlaneAddress _planes;

    /// <summary>Sets a plane.</summary>
    /// <param name="plane">0..3.</param>
    /// <param name="address">Its first row.</param>
    /// <param name="stride">Bytes from one row to the next; less than 0 where rows go up in memory.</param>
    public void Set(int plane, byte* address, long stride) => _planes[plane] = ((nint)address, stride);

    /// <summary>A row of a plane.</summary>
    public readonly byte* Row(int plane, int y) => (byte*)_planes[plane].Address + (y * _planes[plane].Stride);

    [InlineArray(4)]
    private struct PlaneAddress
    {
        private (nint Address, long Stride) _first;
    }
}
