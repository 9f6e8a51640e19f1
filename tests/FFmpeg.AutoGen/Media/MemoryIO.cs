using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace AdaConv.FFmpeg.Tests.Media;

/// <summary>A stream as libav's bytes.</summary>
internal sealed unsafe class MemoryIO : IDisposable
{
    private const int BufferSize = 4096;

    private GCHandle handle;
    private AVIOContext* context;

    internal MemoryIO(Stream stream, bool write)
    {
        handle = GCHandle.Alloc(stream);
        context = ffmpeg.avio_alloc_context(
            (byte*)ffmpeg.av_malloc(BufferSize),
            BufferSize,
            write ? 1 : 0,
            (void*)GCHandle.ToIntPtr(handle),
            new avio_alloc_context_read_packet_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, byte*, int, int>)&Read },
            new avio_alloc_context_write_packet_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, byte*, int, int>)&Write },
            new avio_alloc_context_seek_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, long, int, long>)&Seek });
    }

    internal AVIOContext* Context => context;

    public void Dispose()
    {
        if (context == null)
        {
            return;
        }
        ffmpeg.av_free(context->buffer);
        AVIOContext* freed = context;
        ffmpeg.avio_context_free(&freed);
        context = freed;
        handle.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(void* opaque, byte* buffer, int size)
    {
        int count = Target(opaque).Read(new Span<byte>(buffer, size));
        return count == 0 ? ffmpeg.AVERROR_EOF : count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(void* opaque, byte* buffer, int size)
    {
        Target(opaque).Write(new ReadOnlySpan<byte>(buffer, size));
        return size;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(void* opaque, long offset, int whence) =>
        whence == ffmpeg.AVSEEK_SIZE ? Target(opaque).Length : Target(opaque).Seek(offset, (SeekOrigin)whence);

    private static Stream Target(void* opaque) => (Stream)GCHandle.FromIntPtr((nint)opaque).Target!;
}
