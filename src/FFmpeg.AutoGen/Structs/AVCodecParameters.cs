namespace FFmpeg.AutoGen;

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
    public ref int bits_per_coded_sample => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_bits_per_coded_sample);
    public ref int bits_per_raw_sample => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_bits_per_raw_sample);
    public ref int profile => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_profile);
    public ref int level => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_level);
    public ref int width => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_width);
    public ref int height => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_height);
    public ref AVRational sample_aspect_ratio => ref *(AVRational*)Field.At(ref this, Layout.AVCodecParameters_sample_aspect_ratio);
    public ref AVFieldOrder field_order => ref *(AVFieldOrder*)Field.At(ref this, Layout.AVCodecParameters_field_order);
    public ref AVColorRange color_range => ref *(AVColorRange*)Field.At(ref this, Layout.AVCodecParameters_color_range);
    public ref AVColorPrimaries color_primaries => ref *(AVColorPrimaries*)Field.At(ref this, Layout.AVCodecParameters_color_primaries);
    public ref AVColorTransferCharacteristic color_trc => ref *(AVColorTransferCharacteristic*)Field.At(ref this, Layout.AVCodecParameters_color_trc);
    public ref AVColorSpace color_space => ref *(AVColorSpace*)Field.At(ref this, Layout.AVCodecParameters_color_space);
    public ref AVChromaLocation chroma_location => ref *(AVChromaLocation*)Field.At(ref this, Layout.AVCodecParameters_chroma_location);
    public ref int video_delay => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_video_delay);
    public ref AVChannelLayout ch_layout => ref *(AVChannelLayout*)Field.At(ref this, Layout.AVCodecParameters_ch_layout);
    public ref int sample_rate => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_sample_rate);
    public ref int block_align => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_block_align);
    public ref int frame_size => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_frame_size);
    public ref int initial_padding => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_initial_padding);
    public ref int trailing_padding => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_trailing_padding);
    public ref int seek_preroll => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_seek_preroll);
    /// <summary>In FFmpeg 7.1 and 9 only.</summary>
    public ref AVRational framerate => ref *(AVRational*)Field.At(ref this, Layout.AVCodecParameters_framerate);
    /// <summary>In FFmpeg 7.1 and 9 only.</summary>
    public ref AVPacketSideData* coded_side_data => ref *(AVPacketSideData**)Field.At(ref this, Layout.AVCodecParameters_coded_side_data);
    /// <summary>In FFmpeg 7.1 and 9 only.</summary>
    public ref int nb_coded_side_data => ref *(int*)Field.At(ref this, Layout.AVCodecParameters_nb_coded_side_data);
}
