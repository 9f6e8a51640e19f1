using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>Coded data of one stream (libav's AVPacket).</summary>
public sealed unsafe class Packet : LibavHandle
{
    /// <summary>An empty packet.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public Packet()
        : base(LibavError.CheckAllocated(av_packet_alloc(), "Allocating a packet", null))
    {
    }

    /// <summary>The stream it belongs to.</summary>
    public int StreamIndex => Pointer->stream_index;

    /// <summary>Bytes of coded data.</summary>
    public int Size => Pointer->size;

    /// <summary>Whether the reader knows the data to be damaged.</summary>
    public bool IsCorrupt => (Pointer->flags & AV_PKT_FLAG_CORRUPT) != 0;

    /// <summary>When it is decoded, in its stream's or encoder's ticks.</summary>
    public long DecodeTime
    {
        get => Pointer->dts;
        set => Pointer->dts = value;
    }

    /// <summary>When it is decoded, or shown where that is not known; null where neither is.</summary>
    public long? EarliestTime => Pointer->dts != AV_NOPTS_VALUE ? Pointer->dts : Time;

    /// <summary>When it is shown, in its stream's or encoder's ticks; null where that is not known.</summary>
    public long? Time => Pointer->pts == AV_NOPTS_VALUE ? null : Pointer->pts;

    /// <summary>How long it is shown, in the same ticks; 0 where that is not known.</summary>
    public long Duration => Pointer->duration;

    /// <summary>Whether decoding can begin here, as the container says.</summary>
    public bool IsKey => (Pointer->flags & AV_PKT_FLAG_KEY) != 0;

    internal AVPacket* Pointer => (AVPacket*)handle;

    /// <summary>Releases the data; the packet can be used again.</summary>
    public void Clear() => av_packet_unref(Pointer);

    /// <summary>Moves the data of another packet here and leaves that one empty.</summary>
    public void TakeFrom(Packet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Clear();
        av_packet_move_ref(Pointer, other.Pointer);
    }

    /// <summary>Makes this packet another reference to the same data.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public void ReferTo(Packet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Clear();
        LibavError.Check(av_packet_ref(Pointer, other.Pointer), "Sharing a packet", null);
    }

    /// <summary>Puts other data in the place of what it holds; its stream, times and flags stay.</summary>
    /// <param name="bytes">The data, which are copied.</param>
    /// <param name="operation">For messages.</param>
    /// <param name="path">The file concerned, for messages.</param>
    /// <exception cref="MediaException">Out of memory.</exception>
    internal void Replace(ReadOnlySpan<byte> bytes, string operation, string? path)
    {
        AVPacket* packet = Pointer;
        (long time, long decodeTime, long duration) = (packet->pts, packet->dts, packet->duration);
        (int stream, int flags) = (packet->stream_index, packet->flags);
        Clear();
        LibavError.Check(av_new_packet(packet, bytes.Length), operation, path);
        bytes.CopyTo(new(packet->data, bytes.Length));
        (packet->pts, packet->dts, packet->duration) = (time, decodeTime, duration);
        (packet->stream_index, packet->flags) = (stream, flags);
    }

    /// <summary>Shows and decodes it at another time, and for as long.</summary>
    internal void Retime(long time, long duration) =>
        (Pointer->pts, Pointer->dts, Pointer->duration) = (time, time, duration);

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVPacket* packet = (AVPacket*)native;
        av_packet_free(&packet);
    }
}
