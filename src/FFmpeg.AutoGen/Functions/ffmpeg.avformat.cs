using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace FFmpeg.AutoGen;

public static unsafe partial class ffmpeg
{
    [LibraryImport(AvFormat)]
    public static partial uint avformat_version();

    [LibraryImport(AvFormat)]
    public static partial AVFormatContext* avformat_alloc_context();

    [LibraryImport(AvFormat)]
    public static partial void avformat_free_context(AVFormatContext* s);

    // Reading
    [LibraryImport(AvFormat, StringMarshalling = Utf8)]
    public static partial AVInputFormat* av_find_input_format(string short_name);

    [LibraryImport(AvFormat, StringMarshalling = Utf8)]
    public static partial int avformat_open_input(AVFormatContext** ps, string? url, AVInputFormat* fmt, AVDictionary** options);

    [LibraryImport(AvFormat)]
    public static partial void avformat_close_input(AVFormatContext** s);

    [LibraryImport(AvFormat)]
    public static partial int avformat_find_stream_info(AVFormatContext* ic, AVDictionary** options);

    [LibraryImport(AvFormat)]
    public static partial int av_find_best_stream(
        AVFormatContext* ic, AVMediaType type, int wanted_stream_nb, int related_stream, AVCodec** decoder_ret, int flags);

    [LibraryImport(AvFormat)]
    public static partial int av_read_frame(AVFormatContext* s, AVPacket* pkt);

    [LibraryImport(AvFormat)]
    public static partial int av_seek_frame(AVFormatContext* s, int stream_index, long timestamp, int flags);

    [LibraryImport(AvFormat)]
    public static partial AVRational av_guess_frame_rate(AVFormatContext* ctx, AVStream* stream, AVFrame* frame);

    [LibraryImport(AvFormat)]
    public static partial AVRational av_guess_sample_aspect_ratio(AVFormatContext* format, AVStream* stream, AVFrame* frame);

    // Writing
    [LibraryImport(AvFormat, StringMarshalling = Utf8)]
    public static partial AVOutputFormat* av_guess_format(string? short_name, string? filename, string? mime_type);

    [LibraryImport(AvFormat, StringMarshalling = Utf8)]
    public static partial AVCodecID av_guess_codec(
        AVOutputFormat* fmt, string? short_name, string? filename, string? mime_type, AVMediaType type);

    [LibraryImport(AvFormat)]
    public static partial int avformat_query_codec(AVOutputFormat* ofmt, AVCodecID codec_id, int std_compliance);

    [LibraryImport(AvFormat, StringMarshalling = Utf8)]
    public static partial int avformat_alloc_output_context2(
        AVFormatContext** ctx, AVOutputFormat* oformat, string? format_name, string? filename);

    [LibraryImport(AvFormat)]
    public static partial AVStream* avformat_new_stream(AVFormatContext* s, AVCodec* c);

    [LibraryImport(AvFormat)]
    public static partial int avformat_write_header(AVFormatContext* s, AVDictionary** options);

    [LibraryImport(AvFormat)]
    public static partial int av_interleaved_write_frame(AVFormatContext* s, AVPacket* pkt);

    [LibraryImport(AvFormat)]
    public static partial int av_write_trailer(AVFormatContext* s);

    // Bytes
    [LibraryImport(AvFormat, StringMarshalling = Utf8)]
    public static partial int avio_open(AVIOContext** s, string url, int flags);

    [LibraryImport(AvFormat)]
    public static partial int avio_closep(AVIOContext** s);

    [LibraryImport(AvFormat)]
    public static partial int avio_open_dyn_buf(AVIOContext** s);

    [LibraryImport(AvFormat)]
    public static partial int avio_close_dyn_buf(AVIOContext* s, byte** pbuffer);

    [LibraryImport(AvFormat)]
    public static partial AVIOContext* avio_alloc_context(
        byte* buffer,
        int buffer_size,
        int write_flag,
        void* opaque,
        avio_alloc_context_read_packet_func read_packet,
        avio_alloc_context_write_packet_func write_packet,
        avio_alloc_context_seek_func seek);

    [LibraryImport(AvFormat)]
    public static partial void avio_context_free(AVIOContext** s);
}
