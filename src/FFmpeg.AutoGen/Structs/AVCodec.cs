namespace FFmpeg.AutoGen;

/// <summary>An encoder or decoder of the library.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVCodec
{
    public ref byte* name => ref *(byte**)Field.At(ref this, Layout.AVCodec_name);
    public ref byte* long_name => ref *(byte**)Field.At(ref this, Layout.AVCodec_long_name);
    public ref AVMediaType type => ref *(AVMediaType*)Field.At(ref this, Layout.AVCodec_type);
    public ref AVCodecID id => ref *(AVCodecID*)Field.At(ref this, Layout.AVCodec_id);
    public ref int capabilities => ref *(int*)Field.At(ref this, Layout.AVCodec_capabilities);
    public ref byte max_lowres => ref *(byte*)Field.At(ref this, Layout.AVCodec_max_lowres);
    public ref AVClass* priv_class => ref *(AVClass**)Field.At(ref this, Layout.AVCodec_priv_class);
    public ref AVProfile* profiles => ref *(AVProfile**)Field.At(ref this, Layout.AVCodec_profiles);
    public ref byte* wrapper_name => ref *(byte**)Field.At(ref this, Layout.AVCodec_wrapper_name);
    /// <summary>In FFmpeg 5.1 and 7.1 only.</summary>
    public ref AVRational* supported_framerates => ref *(AVRational**)Field.At(ref this, Layout.AVCodec_supported_framerates);
    /// <summary>In FFmpeg 5.1 and 7.1 only.</summary>
    public ref AVPixelFormat* pix_fmts => ref *(AVPixelFormat**)Field.At(ref this, Layout.AVCodec_pix_fmts);
    /// <summary>In FFmpeg 5.1 and 7.1 only.</summary>
    public ref int* supported_samplerates => ref *(int**)Field.At(ref this, Layout.AVCodec_supported_samplerates);
    /// <summary>In FFmpeg 5.1 and 7.1 only.</summary>
    public ref AVSampleFormat* sample_fmts => ref *(AVSampleFormat**)Field.At(ref this, Layout.AVCodec_sample_fmts);
}
