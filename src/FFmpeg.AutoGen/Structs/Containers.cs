namespace FFmpeg.AutoGen;

/// <summary>A container that is being read or written.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVFormatContext
{
    public ref AVInputFormat* iformat => ref *(AVInputFormat**)Field.At(ref this, Layout.AVFormatContext_iformat);
    public ref AVOutputFormat* oformat => ref *(AVOutputFormat**)Field.At(ref this, Layout.AVFormatContext_oformat);
    public ref AVIOContext* pb => ref *(AVIOContext**)Field.At(ref this, Layout.AVFormatContext_pb);
    public ref uint nb_streams => ref *(uint*)Field.At(ref this, Layout.AVFormatContext_nb_streams);
    public ref AVStream** streams => ref *(AVStream***)Field.At(ref this, Layout.AVFormatContext_streams);
    public ref long start_time => ref *(long*)Field.At(ref this, Layout.AVFormatContext_start_time);
    public ref long duration => ref *(long*)Field.At(ref this, Layout.AVFormatContext_duration);
    public ref long bit_rate => ref *(long*)Field.At(ref this, Layout.AVFormatContext_bit_rate);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVFormatContext_flags);
    public ref uint nb_chapters => ref *(uint*)Field.At(ref this, Layout.AVFormatContext_nb_chapters);
    public ref AVChapter** chapters => ref *(AVChapter***)Field.At(ref this, Layout.AVFormatContext_chapters);
    public ref AVDictionary* metadata => ref *(AVDictionary**)Field.At(ref this, Layout.AVFormatContext_metadata);
    public ref AVIOInterruptCB interrupt_callback => ref *(AVIOInterruptCB*)Field.At(ref this, Layout.AVFormatContext_interrupt_callback);
    public ref int strict_std_compliance => ref *(int*)Field.At(ref this, Layout.AVFormatContext_strict_std_compliance);
    public ref int avoid_negative_ts => ref *(int*)Field.At(ref this, Layout.AVFormatContext_avoid_negative_ts);
    public ref AVCodec* video_codec => ref *(AVCodec**)Field.At(ref this, Layout.AVFormatContext_video_codec);
}

/// <summary>One stream of a container.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVStream
{
    public ref int index => ref *(int*)Field.At(ref this, Layout.AVStream_index);
    public ref int id => ref *(int*)Field.At(ref this, Layout.AVStream_id);
    public ref AVCodecParameters* codecpar => ref *(AVCodecParameters**)Field.At(ref this, Layout.AVStream_codecpar);
    public ref AVRational time_base => ref *(AVRational*)Field.At(ref this, Layout.AVStream_time_base);
    public ref long start_time => ref *(long*)Field.At(ref this, Layout.AVStream_start_time);
    public ref long duration => ref *(long*)Field.At(ref this, Layout.AVStream_duration);
    public ref long nb_frames => ref *(long*)Field.At(ref this, Layout.AVStream_nb_frames);
    public ref int disposition => ref *(int*)Field.At(ref this, Layout.AVStream_disposition);
    public ref AVDiscard discard => ref *(AVDiscard*)Field.At(ref this, Layout.AVStream_discard);
    public ref AVRational sample_aspect_ratio => ref *(AVRational*)Field.At(ref this, Layout.AVStream_sample_aspect_ratio);
    public ref AVDictionary* metadata => ref *(AVDictionary**)Field.At(ref this, Layout.AVStream_metadata);
    public ref AVRational avg_frame_rate => ref *(AVRational*)Field.At(ref this, Layout.AVStream_avg_frame_rate);
    public ref AVPacket attached_pic => ref *(AVPacket*)Field.At(ref this, Layout.AVStream_attached_pic);
    public ref AVRational r_frame_rate => ref *(AVRational*)Field.At(ref this, Layout.AVStream_r_frame_rate);
    /// <summary>Up to FFmpeg 7.1.</summary>
    public ref AVPacketSideData* side_data => ref *(AVPacketSideData**)Field.At(ref this, Layout.AVStream_side_data);
    /// <summary>Up to FFmpeg 7.1.</summary>
    public ref int nb_side_data => ref *(int*)Field.At(ref this, Layout.AVStream_nb_side_data);
}

/// <summary>A named part of a file.</summary>
public unsafe struct AVChapter
{
    public long id;
    public AVRational time_base;
    public long start;
    public long end;
    public AVDictionary* metadata;
}

/// <summary>A container format that can be read.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVInputFormat
{
    public ref byte* name => ref *(byte**)Field.At(ref this, Layout.AVInputFormat_name);
    public ref byte* long_name => ref *(byte**)Field.At(ref this, Layout.AVInputFormat_long_name);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVInputFormat_flags);
}

/// <summary>A container format that can be written.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVOutputFormat
{
    public ref byte* name => ref *(byte**)Field.At(ref this, Layout.AVOutputFormat_name);
    public ref byte* long_name => ref *(byte**)Field.At(ref this, Layout.AVOutputFormat_long_name);
    public ref AVCodecID audio_codec => ref *(AVCodecID*)Field.At(ref this, Layout.AVOutputFormat_audio_codec);
    public ref AVCodecID video_codec => ref *(AVCodecID*)Field.At(ref this, Layout.AVOutputFormat_video_codec);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVOutputFormat_flags);
}

/// <summary>Buffered bytes, from or to a file or a caller's own functions.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVIOContext
{
    public ref byte* buffer => ref *(byte**)Field.At(ref this, Layout.AVIOContext_buffer);
    public ref long pos => ref *(long*)Field.At(ref this, Layout.AVIOContext_pos);
    public ref int error => ref *(int*)Field.At(ref this, Layout.AVIOContext_error);
}

/// <summary>Asked during blocking work: anything but 0 ends it with AVERROR_EXIT.</summary>
public unsafe struct AVIOInterruptCB
{
    public AVIOInterruptCB_callback_func callback;
    public void* opaque;
}
