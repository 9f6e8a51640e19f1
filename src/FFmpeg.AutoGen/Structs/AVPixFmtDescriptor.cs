namespace FFmpeg.AutoGen;

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
