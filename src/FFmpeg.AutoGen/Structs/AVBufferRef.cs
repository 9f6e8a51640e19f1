namespace FFmpeg.AutoGen;

/// <summary>A counted reference to memory.</summary>
public unsafe struct AVBufferRef
{
    public AVBuffer* buffer;
    public byte* data;
    public ulong size;
}
