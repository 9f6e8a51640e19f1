namespace FFmpeg.AutoGen;

/// <summary>Coded data of one stream, usually one frame.</summary>
public unsafe struct AVPacket
{
    public AVBufferRef* buf;
    /// <summary>In the stream's time base, or AV_NOPTS_VALUE.</summary>
    public long pts;
    public long dts;
    public byte* data;
    public int size;
    public int stream_index;
    /// <summary>A combination of AV_PKT_FLAG_*.</summary>
    public int flags;
    public AVPacketSideData* side_data;
    public int side_data_elems;
    public long duration;
    /// <summary>Byte position in the file, or -1.</summary>
    public long pos;
    public void* opaque;
    public AVBufferRef* opaque_ref;
    public AVRational time_base;
}

/// <summary>Data that goes with a packet or a stream.</summary>
public unsafe struct AVPacketSideData
{
    public byte* data;
    public ulong size;
    public AVPacketSideDataType type;
}
