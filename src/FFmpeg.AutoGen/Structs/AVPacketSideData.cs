namespace FFmpeg.AutoGen;

/// <summary>Data that goes with a packet or a stream.</summary>
public unsafe struct AVPacketSideData
{
    public byte* data;
    public ulong size;
    public AVPacketSideDataType type;
}
