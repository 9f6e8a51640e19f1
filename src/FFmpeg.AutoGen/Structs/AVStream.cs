namespace FFmpeg.AutoGen;

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
    public ref int event_flags => ref *(int*)Field.At(ref this, Layout.AVStream_event_flags);
    public ref AVRational r_frame_rate => ref *(AVRational*)Field.At(ref this, Layout.AVStream_r_frame_rate);
    public ref int pts_wrap_bits => ref *(int*)Field.At(ref this, Layout.AVStream_pts_wrap_bits);
    /// <summary>In FFmpeg 5.1 and 7.1 only.</summary>
    public ref AVPacketSideData* side_data => ref *(AVPacketSideData**)Field.At(ref this, Layout.AVStream_side_data);
    /// <summary>In FFmpeg 5.1 and 7.1 only.</summary>
    public ref int nb_side_data => ref *(int*)Field.At(ref this, Layout.AVStream_nb_side_data);
}
