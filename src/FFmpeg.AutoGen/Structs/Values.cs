using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

/// <summary>A fraction.</summary>
public struct AVRational
{
    public int num;
    public int den;
}

/// <summary>A key and its value, both UTF-8 and ended by a zero.</summary>
public unsafe struct AVDictionaryEntry
{
    public byte* key;
    public byte* value;
}

/// <summary>A counted reference to memory.</summary>
public unsafe struct AVBufferRef
{
    public AVBuffer* buffer;
    public byte* data;
    public ulong size;
}

/// <summary>How a pixel format is built.</summary>
public unsafe struct AVPixFmtDescriptor
{
    public byte* name;
    public byte nb_components;
    /// <summary>Chroma width is -((-width) >> log2_chroma_w).</summary>
    public byte log2_chroma_w;
    /// <summary>Chroma height is -((-height) >> log2_chroma_h).</summary>
    public byte log2_chroma_h;
    /// <summary>A combination of AV_PIX_FMT_FLAG_*.</summary>
    public ulong flags;
    public AVComponentDescriptor_array4 comp;
    public byte* alias;
}

/// <summary>Where one component of a pixel lies.</summary>
public struct AVComponentDescriptor
{
    /// <summary>The plane that holds it.</summary>
    public int plane;
    /// <summary>Bytes (bits in bit-packed formats) between two horizontally consecutive samples.</summary>
    public int step;
    /// <summary>Bytes (bits) before the first sample.</summary>
    public int offset;
    /// <summary>Unused low bits of the stored value.</summary>
    public int shift;
    /// <summary>Bits of a sample.</summary>
    public int depth;
}

/// <summary>Which channels a sound has.</summary>
public unsafe struct AVChannelLayout
{
    public AVChannelOrder order;
    public int nb_channels;
    public AVChannelLayout_u u;
    public void* opaque;
}

/// <summary>A mask of channels, or a list of them.</summary>
[StructLayout(LayoutKind.Explicit)]
public unsafe struct AVChannelLayout_u
{
    [FieldOffset(0)]
    public ulong mask;

    [FieldOffset(0)]
    public void* map;
}

/// <summary>An open end of a parsed filter graph, in a linked list.</summary>
public unsafe struct AVFilterInOut
{
    public byte* name;
    public AVFilterContext* filter_ctx;
    public int pad_idx;
    public AVFilterInOut* next;
}
