namespace FFmpeg.AutoGen;

/// <summary>Buffered bytes, from or to a file or a caller's own functions.</summary>
/// <remarks>Lies as the loaded FFmpeg lays it: only ever behind a pointer that the library gave, never copied nor sized.</remarks>
public unsafe struct AVIOContext
{
    public ref AVClass* av_class => ref *(AVClass**)Field.At(ref this, Layout.AVIOContext_av_class);
    public ref byte* buffer => ref *(byte**)Field.At(ref this, Layout.AVIOContext_buffer);
    public ref int buffer_size => ref *(int*)Field.At(ref this, Layout.AVIOContext_buffer_size);
    public ref byte* buf_ptr => ref *(byte**)Field.At(ref this, Layout.AVIOContext_buf_ptr);
    public ref byte* buf_end => ref *(byte**)Field.At(ref this, Layout.AVIOContext_buf_end);
    public ref void* opaque => ref *(void**)Field.At(ref this, Layout.AVIOContext_opaque);
    public ref long pos => ref *(long*)Field.At(ref this, Layout.AVIOContext_pos);
    public ref int eof_reached => ref *(int*)Field.At(ref this, Layout.AVIOContext_eof_reached);
    public ref int error => ref *(int*)Field.At(ref this, Layout.AVIOContext_error);
    public ref int write_flag => ref *(int*)Field.At(ref this, Layout.AVIOContext_write_flag);
    public ref int seekable => ref *(int*)Field.At(ref this, Layout.AVIOContext_seekable);
    public ref int direct => ref *(int*)Field.At(ref this, Layout.AVIOContext_direct);
}
