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
    /// <summary>Up to FFmpeg 8.</summary>
    public ref AVRational* supported_framerates => ref *(AVRational**)Field.At(ref this, Layout.AVCodec_supported_framerates);
    /// <summary>Up to FFmpeg 8.</summary>
    public ref AVPixelFormat* pix_fmts => ref *(AVPixelFormat**)Field.At(ref this, Layout.AVCodec_pix_fmts);
    /// <summary>Up to FFmpeg 8.</summary>
    public ref int* supported_samplerates => ref *(int**)Field.At(ref this, Layout.AVCodec_supported_samplerates);
    /// <summary>Up to FFmpeg 8.</summary>
    public ref AVSampleFormat* sample_fmts => ref *(AVSampleFormat**)Field.At(ref this, Layout.AVCodec_sample_fmts);
}

/// <summary>An encoder or decoder at work.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVCodecContext
{
    public ref AVMediaType codec_type => ref *(AVMediaType*)Field.At(ref this, Layout.AVCodecContext_codec_type);
    public ref AVCodecID codec_id => ref *(AVCodecID*)Field.At(ref this, Layout.AVCodecContext_codec_id);
    public ref uint codec_tag => ref *(uint*)Field.At(ref this, Layout.AVCodecContext_codec_tag);
    public ref long bit_rate => ref *(long*)Field.At(ref this, Layout.AVCodecContext_bit_rate);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVCodecContext_flags);
    public ref byte* extradata => ref *(byte**)Field.At(ref this, Layout.AVCodecContext_extradata);
    public ref int extradata_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_extradata_size);
    public ref AVRational time_base => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_time_base);
    public ref AVRational pkt_timebase => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_pkt_timebase);
    public ref AVRational framerate => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_framerate);
    public ref int width => ref *(int*)Field.At(ref this, Layout.AVCodecContext_width);
    public ref int height => ref *(int*)Field.At(ref this, Layout.AVCodecContext_height);
    public ref int gop_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_gop_size);
    public ref AVPixelFormat pix_fmt => ref *(AVPixelFormat*)Field.At(ref this, Layout.AVCodecContext_pix_fmt);
    public ref AVCodecContext_get_format_func get_format => ref *(AVCodecContext_get_format_func*)Field.At(ref this, Layout.AVCodecContext_get_format);
    public ref AVRational sample_aspect_ratio => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_sample_aspect_ratio);
    public ref AVColorPrimaries color_primaries => ref *(AVColorPrimaries*)Field.At(ref this, Layout.AVCodecContext_color_primaries);
    public ref AVColorTransferCharacteristic color_trc => ref *(AVColorTransferCharacteristic*)Field.At(ref this, Layout.AVCodecContext_color_trc);
    public ref AVColorSpace colorspace => ref *(AVColorSpace*)Field.At(ref this, Layout.AVCodecContext_colorspace);
    public ref AVColorRange color_range => ref *(AVColorRange*)Field.At(ref this, Layout.AVCodecContext_color_range);
    public ref AVChromaLocation chroma_sample_location => ref *(AVChromaLocation*)Field.At(ref this, Layout.AVCodecContext_chroma_sample_location);
    public ref AVFieldOrder field_order => ref *(AVFieldOrder*)Field.At(ref this, Layout.AVCodecContext_field_order);
    public ref int sample_rate => ref *(int*)Field.At(ref this, Layout.AVCodecContext_sample_rate);
    public ref AVSampleFormat sample_fmt => ref *(AVSampleFormat*)Field.At(ref this, Layout.AVCodecContext_sample_fmt);
    public ref AVChannelLayout ch_layout => ref *(AVChannelLayout*)Field.At(ref this, Layout.AVCodecContext_ch_layout);
    public ref int frame_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_frame_size);
    public ref int global_quality => ref *(int*)Field.At(ref this, Layout.AVCodecContext_global_quality);
    public ref int strict_std_compliance => ref *(int*)Field.At(ref this, Layout.AVCodecContext_strict_std_compliance);
    public ref int bits_per_raw_sample => ref *(int*)Field.At(ref this, Layout.AVCodecContext_bits_per_raw_sample);
    public ref int thread_count => ref *(int*)Field.At(ref this, Layout.AVCodecContext_thread_count);
    public ref int thread_type => ref *(int*)Field.At(ref this, Layout.AVCodecContext_thread_type);
    public ref AVBufferRef* hw_frames_ctx => ref *(AVBufferRef**)Field.At(ref this, Layout.AVCodecContext_hw_frames_ctx);
    public ref AVBufferRef* hw_device_ctx => ref *(AVBufferRef**)Field.At(ref this, Layout.AVCodecContext_hw_device_ctx);
    public ref AVPacketSideData* coded_side_data => ref *(AVPacketSideData**)Field.At(ref this, Layout.AVCodecContext_coded_side_data);
    public ref int nb_coded_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecContext_nb_coded_side_data);
    public ref byte* subtitle_header => ref *(byte**)Field.At(ref this, Layout.AVCodecContext_subtitle_header);
    public ref int subtitle_header_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_subtitle_header_size);
    /// <summary>Since FFmpeg 7.0.</summary>
    public ref AVFrameSideData** decoded_side_data => ref *(AVFrameSideData***)Field.At(ref this, Layout.AVCodecContext_decoded_side_data);
    /// <summary>Since FFmpeg 7.0.</summary>
    public ref int nb_decoded_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecContext_nb_decoded_side_data);
}

/// <summary>What a container says of a stream's coding.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVCodecParameters
{
    public ref AVMediaType codec_type => ref *(AVMediaType*)Field.At(ref this, Layout.AVCodecParameters_codec_type);
    public ref AVCodecID codec_id => ref *(AVCodecID*)Field.At(ref this, Layout.AVCodecParameters_codec_id);
    public ref uint codec_tag => ref *(uint*)Field.At(ref this, Layout.AVCodecParameters_codec_tag);
    public ref byte* extradata => ref *(byte**)Field.At(ref this, Layout.AVCodecParameters_extradata);
    public ref int extradata_size => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_extradata_size);
    public ref int format => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_format);
    public ref long bit_rate => ref *(long*)Field.At(ref this, Layout.AVCodecParameters_bit_rate);
    public ref int bits_per_raw_sample => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_bits_per_raw_sample);
    public ref int width => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_width);
    public ref int height => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_height);
    public ref AVRational sample_aspect_ratio => ref *(AVRational*)Field.At(ref this, Layout.AVCodecParameters_sample_aspect_ratio);
    public ref AVFieldOrder field_order => ref *(AVFieldOrder*)Field.At(ref this, Layout.AVCodecParameters_field_order);
    public ref AVColorRange color_range => ref *(AVColorRange*)Field.At(ref this, Layout.AVCodecParameters_color_range);
    public ref AVColorPrimaries color_primaries => ref *(AVColorPrimaries*)Field.At(ref this, Layout.AVCodecParameters_color_primaries);
    public ref AVColorTransferCharacteristic color_trc => ref *(AVColorTransferCharacteristic*)Field.At(ref this, Layout.AVCodecParameters_color_trc);
    public ref AVColorSpace color_space => ref *(AVColorSpace*)Field.At(ref this, Layout.AVCodecParameters_color_space);
    public ref AVChromaLocation chroma_location => ref *(AVChromaLocation*)Field.At(ref this, Layout.AVCodecParameters_chroma_location);
    public ref AVChannelLayout ch_layout => ref *(AVChannelLayout*)Field.At(ref this, Layout.AVCodecParameters_ch_layout);
    public ref int sample_rate => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_sample_rate);
    public ref int block_align => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_block_align);
    public ref int frame_size => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_frame_size);
    public ref int initial_padding => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_initial_padding);
    /// <summary>Since FFmpeg 6.1.</summary>
    public ref AVRational framerate => ref *(AVRational*)Field.At(ref this, Layout.AVCodecParameters_framerate);
    /// <summary>Since FFmpeg 6.1.</summary>
    public ref AVPacketSideData* coded_side_data => ref *(AVPacketSideData**)Field.At(ref this, Layout.AVCodecParameters_coded_side_data);
    /// <summary>Since FFmpeg 6.1.</summary>
    public ref int nb_coded_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_nb_coded_side_data);
}

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

/// <summary>What is shown from one time to another: pictures or texts.</summary>
public unsafe struct AVSubtitle
{
    public ushort format;
    /// <summary>Milliseconds after <see cref="pts"/>.</summary>
    public uint start_display_time;
    public uint end_display_time;
    public uint num_rects;
    public AVSubtitleRect** rects;
    /// <summary>In microseconds, or AV_NOPTS_VALUE.</summary>
    public long pts;
}

/// <summary>One way in which a codec works with a device.</summary>
public struct AVCodecHWConfig
{
    public AVPixelFormat pix_fmt;
    public int methods;
    public AVHWDeviceType device_type;
}
