namespace FFmpeg.AutoGen;

/// <summary>An open end of a parsed filter graph, in a linked list.</summary>
public unsafe struct AVFilterInOut
{
    public byte* name;
    public AVFilterContext* filter_ctx;
    public int pad_idx;
    public AVFilterInOut* next;
}
