namespace FFmpeg.AutoGen;

/// <summary>Which channels a sound has.</summary>
public unsafe struct AVChannelLayout
{
    public AVChannelOrder order;
    public int nb_channels;
    public AVChannelLayout_u u;
    public void* opaque;
}
