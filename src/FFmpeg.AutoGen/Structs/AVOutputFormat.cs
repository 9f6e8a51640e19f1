namespace FFmpeg.AutoGen;

/// <summary>A container format that can be written.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVOutputFormat
{
    public ref byte* name => ref *(byte**)Field.At(ref this, Layout.AVOutputFormat_name);
    public ref byte* long_name => ref *(byte**)Field.At(ref this, Layout.AVOutputFormat_long_name);
    public ref byte* mime_type => ref *(byte**)Field.At(ref this, Layout.AVOutputFormat_mime_type);
    public ref byte* extensions => ref *(byte**)Field.At(ref this, Layout.AVOutputFormat_extensions);
    public ref AVCodecID audio_codec => ref *(AVCodecID*)Field.At(ref this, Layout.AVOutputFormat_audio_codec);
    public ref AVCodecID video_codec => ref *(AVCodecID*)Field.At(ref this, Layout.AVOutputFormat_video_codec);
    public ref AVCodecID subtitle_codec => ref *(AVCodecID*)Field.At(ref this, Layout.AVOutputFormat_subtitle_codec);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVOutputFormat_flags);
}
