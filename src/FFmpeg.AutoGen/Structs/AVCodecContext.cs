namespace FFmpeg.AutoGen;

/// <summary>An encoder or decoder at work.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVCodecContext
{
    public ref AVClass* av_class => ref *(AVClass**)Field.At(ref this, Layout.AVCodecContext_av_class);
    public ref AVMediaType codec_type => ref *(AVMediaType*)Field.At(ref this, Layout.AVCodecContext_codec_type);
    public ref AVCodec* codec => ref *(AVCodec**)Field.At(ref this, Layout.AVCodecContext_codec);
    public ref AVCodecID codec_id => ref *(AVCodecID*)Field.At(ref this, Layout.AVCodecContext_codec_id);
    public ref uint codec_tag => ref *(uint*)Field.At(ref this, Layout.AVCodecContext_codec_tag);
    public ref void* priv_data => ref *(void**)Field.At(ref this, Layout.AVCodecContext_priv_data);
    public ref void* opaque => ref *(void**)Field.At(ref this, Layout.AVCodecContext_opaque);
    public ref long bit_rate => ref *(long*)Field.At(ref this, Layout.AVCodecContext_bit_rate);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVCodecContext_flags);
    public ref int flags2 => ref *(int*)Field.At(ref this, Layout.AVCodecContext_flags2);
    public ref byte* extradata => ref *(byte**)Field.At(ref this, Layout.AVCodecContext_extradata);
    public ref int extradata_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_extradata_size);
    public ref AVRational time_base => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_time_base);
    public ref AVRational pkt_timebase => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_pkt_timebase);
    public ref AVRational framerate => ref *(AVRational*)Field.At(ref this, Layout.AVCodecContext_framerate);
    public ref int delay => ref *(int*)Field.At(ref this, Layout.AVCodecContext_delay);
    public ref int width => ref *(int*)Field.At(ref this, Layout.AVCodecContext_width);
    public ref int height => ref *(int*)Field.At(ref this, Layout.AVCodecContext_height);
    public ref int coded_width => ref *(int*)Field.At(ref this, Layout.AVCodecContext_coded_width);
    public ref int coded_height => ref *(int*)Field.At(ref this, Layout.AVCodecContext_coded_height);
    public ref int gop_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_gop_size);
    public ref AVPixelFormat pix_fmt => ref *(AVPixelFormat*)Field.At(ref this, Layout.AVCodecContext_pix_fmt);
    public ref AVCodecContext_get_format_func get_format => ref *(AVCodecContext_get_format_func*)Field.At(ref this, Layout.AVCodecContext_get_format);
    public ref int max_b_frames => ref *(int*)Field.At(ref this, Layout.AVCodecContext_max_b_frames);
    public ref int has_b_frames => ref *(int*)Field.At(ref this, Layout.AVCodecContext_has_b_frames);
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
    public ref int qmin => ref *(int*)Field.At(ref this, Layout.AVCodecContext_qmin);
    public ref int qmax => ref *(int*)Field.At(ref this, Layout.AVCodecContext_qmax);
    public ref int rc_buffer_size => ref *(int*)Field.At(ref this, Layout.AVCodecContext_rc_buffer_size);
    public ref long rc_max_rate => ref *(long*)Field.At(ref this, Layout.AVCodecContext_rc_max_rate);
    public ref long rc_min_rate => ref *(long*)Field.At(ref this, Layout.AVCodecContext_rc_min_rate);
    public ref int global_quality => ref *(int*)Field.At(ref this, Layout.AVCodecContext_global_quality);
    public ref int strict_std_compliance => ref *(int*)Field.At(ref this, Layout.AVCodecContext_strict_std_compliance);
    public ref int err_recognition => ref *(int*)Field.At(ref this, Layout.AVCodecContext_err_recognition);
    public ref int error_concealment => ref *(int*)Field.At(ref this, Layout.AVCodecContext_error_concealment);
    public ref int bits_per_coded_sample => ref *(int*)Field.At(ref this, Layout.AVCodecContext_bits_per_coded_sample);
    public ref int bits_per_raw_sample => ref *(int*)Field.At(ref this, Layout.AVCodecContext_bits_per_raw_sample);
    public ref int thread_count => ref *(int*)Field.At(ref this, Layout.AVCodecContext_thread_count);
    public ref int thread_type => ref *(int*)Field.At(ref this, Layout.AVCodecContext_thread_type);
    public ref int active_thread_type => ref *(int*)Field.At(ref this, Layout.AVCodecContext_active_thread_type);
    public ref int profile => ref *(int*)Field.At(ref this, Layout.AVCodecContext_profile);
    public ref int level => ref *(int*)Field.At(ref this, Layout.AVCodecContext_level);
    public ref AVDiscard skip_loop_filter => ref *(AVDiscard*)Field.At(ref this, Layout.AVCodecContext_skip_loop_filter);
    public ref AVDiscard skip_idct => ref *(AVDiscard*)Field.At(ref this, Layout.AVCodecContext_skip_idct);
    public ref AVDiscard skip_frame => ref *(AVDiscard*)Field.At(ref this, Layout.AVCodecContext_skip_frame);
    public ref AVBufferRef* hw_frames_ctx => ref *(AVBufferRef**)Field.At(ref this, Layout.AVCodecContext_hw_frames_ctx);
    public ref AVBufferRef* hw_device_ctx => ref *(AVBufferRef**)Field.At(ref this, Layout.AVCodecContext_hw_device_ctx);
    public ref AVPacketSideData* coded_side_data => ref *(AVPacketSideData**)Field.At(ref this, Layout.AVCodecContext_coded_side_data);
    public ref int nb_coded_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecContext_nb_coded_side_data);
    public ref int export_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecContext_export_side_data);
    public ref long max_pixels => ref *(long*)Field.At(ref this, Layout.AVCodecContext_max_pixels);
    public ref int apply_cropping => ref *(int*)Field.At(ref this, Layout.AVCodecContext_apply_cropping);
    /// <summary>In FFmpeg 7.1 and 9 only.</summary>
    public ref AVFrameSideData** decoded_side_data => ref *(AVFrameSideData***)Field.At(ref this, Layout.AVCodecContext_decoded_side_data);
    /// <summary>In FFmpeg 7.1 and 9 only.</summary>
    public ref int nb_decoded_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecContext_nb_decoded_side_data);
}
