namespace FFmpeg.AutoGen;

/// <summary>A decoded picture (or sound): planes, their line sizes, time, colour.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVFrame
{
    public ref byte_ptrArray8 data => ref *(byte_ptrArray8*)Field.At(ref this, Layout.AVFrame_data);
    public ref int_array8 linesize => ref *(int_array8*)Field.At(ref this, Layout.AVFrame_linesize);
    public ref byte** extended_data => ref *(byte***)Field.At(ref this, Layout.AVFrame_extended_data);
    public ref int width => ref *(int*)Field.At(ref this, Layout.AVFrame_width);
    public ref int height => ref *(int*)Field.At(ref this, Layout.AVFrame_height);
    public ref int nb_samples => ref *(int*)Field.At(ref this, Layout.AVFrame_nb_samples);
    public ref int format => ref *(int*)Field.At(ref this, Layout.AVFrame_format);
    public ref AVPictureType pict_type => ref *(AVPictureType*)Field.At(ref this, Layout.AVFrame_pict_type);
    public ref AVRational sample_aspect_ratio => ref *(AVRational*)Field.At(ref this, Layout.AVFrame_sample_aspect_ratio);
    public ref long pts => ref *(long*)Field.At(ref this, Layout.AVFrame_pts);
    public ref AVRational time_base => ref *(AVRational*)Field.At(ref this, Layout.AVFrame_time_base);
    public ref int quality => ref *(int*)Field.At(ref this, Layout.AVFrame_quality);
    public ref int repeat_pict => ref *(int*)Field.At(ref this, Layout.AVFrame_repeat_pict);
    public ref int sample_rate => ref *(int*)Field.At(ref this, Layout.AVFrame_sample_rate);
    public ref AVFrameSideData** side_data => ref *(AVFrameSideData***)Field.At(ref this, Layout.AVFrame_side_data);
    public ref int nb_side_data => ref *(int*)Field.At(ref this, Layout.AVFrame_nb_side_data);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVFrame_flags);
    public ref AVColorRange color_range => ref *(AVColorRange*)Field.At(ref this, Layout.AVFrame_color_range);
    public ref AVColorPrimaries color_primaries => ref *(AVColorPrimaries*)Field.At(ref this, Layout.AVFrame_color_primaries);
    public ref AVColorTransferCharacteristic color_trc => ref *(AVColorTransferCharacteristic*)Field.At(ref this, Layout.AVFrame_color_trc);
    public ref AVColorSpace colorspace => ref *(AVColorSpace*)Field.At(ref this, Layout.AVFrame_colorspace);
    public ref AVChromaLocation chroma_location => ref *(AVChromaLocation*)Field.At(ref this, Layout.AVFrame_chroma_location);
    public ref long best_effort_timestamp => ref *(long*)Field.At(ref this, Layout.AVFrame_best_effort_timestamp);
    public ref AVDictionary* metadata => ref *(AVDictionary**)Field.At(ref this, Layout.AVFrame_metadata);
    public ref int decode_error_flags => ref *(int*)Field.At(ref this, Layout.AVFrame_decode_error_flags);
    public ref AVBufferRef* hw_frames_ctx => ref *(AVBufferRef**)Field.At(ref this, Layout.AVFrame_hw_frames_ctx);
    public ref ulong crop_left => ref *(ulong*)Field.At(ref this, Layout.AVFrame_crop_left);
    /// <summary>Up to FFmpeg 7.1.</summary>
    public ref int key_frame => ref *(int*)Field.At(ref this, Layout.AVFrame_key_frame);
    /// <summary>Up to FFmpeg 7.1.</summary>
    public ref int interlaced_frame => ref *(int*)Field.At(ref this, Layout.AVFrame_interlaced_frame);
    /// <summary>Up to FFmpeg 7.1.</summary>
    public ref int top_field_first => ref *(int*)Field.At(ref this, Layout.AVFrame_top_field_first);
    /// <summary>Up to FFmpeg 6.1.</summary>
    public ref long pkt_duration => ref *(long*)Field.At(ref this, Layout.AVFrame_pkt_duration);
    /// <summary>Since FFmpeg 6.0.</summary>
    public ref long duration => ref *(long*)Field.At(ref this, Layout.AVFrame_duration);
}

/// <summary>Data that goes with a frame.</summary>
public unsafe struct AVFrameSideData
{
    public AVFrameSideDataType type;
    public byte* data;
    public ulong size;
    public AVDictionary* metadata;
    public AVBufferRef* buf;
}

/// <summary>The display that a high-dynamic-range video was mastered on (SMPTE ST 2086).</summary>
public struct AVMasteringDisplayMetadata
{
    /// <summary>Red, green and blue, each x and y in CIE 1931.</summary>
    public AVRational_array3x2 display_primaries;
    public AVRational_array2 white_point;
    /// <summary>In cd/m².</summary>
    public AVRational min_luminance;
    /// <summary>In cd/m².</summary>
    public AVRational max_luminance;
    public int has_primaries;
    public int has_luminance;
}

/// <summary>How bright a high-dynamic-range video gets (CTA-861.3).</summary>
public struct AVContentLightMetadata
{
    /// <summary>Brightest pixel, in cd/m².</summary>
    public uint MaxCLL;
    /// <summary>Brightest frame's average, in cd/m².</summary>
    public uint MaxFALL;
}
