namespace FFmpeg.AutoGen;

/// <summary>What is known of a coding, whether or not it can be decoded or encoded here.</summary>
public unsafe struct AVCodecDescriptor
{
    public AVCodecID id;
    public AVMediaType type;
    public byte* name;
    public byte* long_name;
    /// <summary>A combination of AV_CODEC_PROP_*.</summary>
    public int props;
    public byte** mime_types;
    public AVProfile* profiles;
}
