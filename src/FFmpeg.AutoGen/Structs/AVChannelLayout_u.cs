using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

/// <summary>A mask of channels, or a list of them.</summary>
[StructLayout(LayoutKind.Explicit)]
public unsafe struct AVChannelLayout_u
{
    [FieldOffset(0)]
    public ulong mask;

    [FieldOffset(0)]
    public void* map;
}
