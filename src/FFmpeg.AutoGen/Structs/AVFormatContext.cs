namespace FFmpeg.AutoGen;

/// <summary>A container that is being read or written.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVFormatContext
{
    public ref AVClass* av_class => ref *(AVClass**)Field.At(ref this, Layout.AVFormatContext_av_class);
    public ref AVInputFormat* iformat => ref *(AVInputFormat**)Field.At(ref this, Layout.AVFormatContext_iformat);
    public ref AVOutputFormat* oformat => ref *(AVOutputFormat**)Field.At(ref this, Layout.AVFormatContext_oformat);
    public ref void* priv_data => ref *(void**)Field.At(ref this, Layout.AVFormatContext_priv_data);
    public ref AVIOContext* pb => ref *(AVIOContext**)Field.At(ref this, Layout.AVFormatContext_pb);
    public ref int ctx_flags => ref *(int*)Field.At(ref this, Layout.AVFormatContext_ctx_flags);
    public ref uint nb_streams => ref *(uint*)Field.At(ref this, Layout.AVFormatContext_nb_streams);
    public ref AVStream** streams => ref *(AVStream***)Field.At(ref this, Layout.AVFormatContext_streams);
    public ref byte* url => ref *(byte**)Field.At(ref this, Layout.AVFormatContext_url);
    public ref long start_time => ref *(long*)Field.At(ref this, Layout.AVFormatContext_start_time);
    public ref long duration => ref *(long*)Field.At(ref this, Layout.AVFormatContext_duration);
    public ref long bit_rate => ref *(long*)Field.At(ref this, Layout.AVFormatContext_bit_rate);
    public ref uint packet_size => ref *(uint*)Field.At(ref this, Layout.AVFormatContext_packet_size);
    public ref int max_delay => ref *(int*)Field.At(ref this, Layout.AVFormatContext_max_delay);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVFormatContext_flags);
    public ref long probesize => ref *(long*)Field.At(ref this, Layout.AVFormatContext_probesize);
    public ref long max_analyze_duration => ref *(long*)Field.At(ref this, Layout.AVFormatContext_max_analyze_duration);
    public ref uint nb_programs => ref *(uint*)Field.At(ref this, Layout.AVFormatContext_nb_programs);
    public ref AVProgram** programs => ref *(AVProgram***)Field.At(ref this, Layout.AVFormatContext_programs);
    public ref uint nb_chapters => ref *(uint*)Field.At(ref this, Layout.AVFormatContext_nb_chapters);
    public ref AVChapter** chapters => ref *(AVChapter***)Field.At(ref this, Layout.AVFormatContext_chapters);
    public ref AVDictionary* metadata => ref *(AVDictionary**)Field.At(ref this, Layout.AVFormatContext_metadata);
    public ref long start_time_realtime => ref *(long*)Field.At(ref this, Layout.AVFormatContext_start_time_realtime);
    public ref int fps_probe_size => ref *(int*)Field.At(ref this, Layout.AVFormatContext_fps_probe_size);
    public ref int error_recognition => ref *(int*)Field.At(ref this, Layout.AVFormatContext_error_recognition);
    public ref AVIOInterruptCB interrupt_callback => ref *(AVIOInterruptCB*)Field.At(ref this, Layout.AVFormatContext_interrupt_callback);
    public ref long max_interleave_delta => ref *(long*)Field.At(ref this, Layout.AVFormatContext_max_interleave_delta);
    public ref int strict_std_compliance => ref *(int*)Field.At(ref this, Layout.AVFormatContext_strict_std_compliance);
    public ref int event_flags => ref *(int*)Field.At(ref this, Layout.AVFormatContext_event_flags);
    public ref int max_ts_probe => ref *(int*)Field.At(ref this, Layout.AVFormatContext_max_ts_probe);
    public ref int avoid_negative_ts => ref *(int*)Field.At(ref this, Layout.AVFormatContext_avoid_negative_ts);
    public ref int probe_score => ref *(int*)Field.At(ref this, Layout.AVFormatContext_probe_score);
    public ref int format_probesize => ref *(int*)Field.At(ref this, Layout.AVFormatContext_format_probesize);
    public ref byte* codec_whitelist => ref *(byte**)Field.At(ref this, Layout.AVFormatContext_codec_whitelist);
    public ref byte* format_whitelist => ref *(byte**)Field.At(ref this, Layout.AVFormatContext_format_whitelist);
    public ref byte* protocol_whitelist => ref *(byte**)Field.At(ref this, Layout.AVFormatContext_protocol_whitelist);
    public ref byte* protocol_blacklist => ref *(byte**)Field.At(ref this, Layout.AVFormatContext_protocol_blacklist);
    public ref int max_streams => ref *(int*)Field.At(ref this, Layout.AVFormatContext_max_streams);
    public ref int max_probe_packets => ref *(int*)Field.At(ref this, Layout.AVFormatContext_max_probe_packets);
    public ref int flush_packets => ref *(int*)Field.At(ref this, Layout.AVFormatContext_flush_packets);
    public ref long output_ts_offset => ref *(long*)Field.At(ref this, Layout.AVFormatContext_output_ts_offset);
    public ref void* opaque => ref *(void**)Field.At(ref this, Layout.AVFormatContext_opaque);
    public ref AVCodec* video_codec => ref *(AVCodec**)Field.At(ref this, Layout.AVFormatContext_video_codec);
}
