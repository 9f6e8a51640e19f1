namespace FFmpeg.AutoGen;

/// <summary>A container format that can be read.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVInputFormat
{
    public ref byte* name => ref *(byte**)Field.At(ref this, Layout.AVInputFormat_name);
    public ref byte* long_name => ref *(byte**)Field.At(ref this, Layout.AVInputFormat_long_name);
    public ref int flags => ref *(int*)Field.At(ref this, Layout.AVInputFormat_flags);
    public ref byte* extensions => ref *(byte**)Field.At(ref this, Layout.AVInputFormat_extensions);
    public ref byte* mime_type => ref *(byte**)Field.At(ref this, Layout.AVInputFormat_mime_type);
}
