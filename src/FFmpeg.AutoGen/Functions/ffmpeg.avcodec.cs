using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace FFmpeg.AutoGen;

public static unsafe partial class ffmpeg
{
    [LibraryImport(AvCodec)]
    public static partial uint avcodec_version();

    [LibraryImport(AvCodec)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string avcodec_license();

    // Finding codecs
    [LibraryImport(AvCodec)]
    public static partial AVCodec* avcodec_find_decoder(AVCodecID id);

    [LibraryImport(AvCodec, StringMarshalling = Utf8)]
    public static partial AVCodec* avcodec_find_decoder_by_name(string name);

    [LibraryImport(AvCodec)]
    public static partial AVCodec* avcodec_find_encoder(AVCodecID id);

    [LibraryImport(AvCodec, StringMarshalling = Utf8)]
    public static partial AVCodec* avcodec_find_encoder_by_name(string name);

    [LibraryImport(AvCodec)]
    public static partial AVCodec* av_codec_iterate(void** opaque);

    [LibraryImport(AvCodec)]
    public static partial int av_codec_is_decoder(AVCodec* codec);

    [LibraryImport(AvCodec)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string avcodec_get_name(AVCodecID id);

    [LibraryImport(AvCodec, StringMarshalling = Utf8)]
    public static partial AVCodecDescriptor* avcodec_descriptor_get_by_name(string name);

    // Sound
    [LibraryImport(AvCodec)]
    public static partial int av_get_audio_frame_duration2(AVCodecParameters* par, int frame_bytes);

    // Contexts and parameters
    [LibraryImport(AvCodec)]
    public static partial AVCodecContext* avcodec_alloc_context3(AVCodec* codec);

    [LibraryImport(AvCodec)]
    public static partial void avcodec_free_context(AVCodecContext** avctx);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_open2(AVCodecContext* avctx, AVCodec* codec, AVDictionary** options);

    [LibraryImport(AvCodec)]
    public static partial AVCodecHWConfig* avcodec_get_hw_config(AVCodec* codec, int index);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_parameters_copy(AVCodecParameters* dst, AVCodecParameters* src);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_parameters_to_context(AVCodecContext* codec, AVCodecParameters* par);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_parameters_from_context(AVCodecParameters* par, AVCodecContext* codec);

    [LibraryImport(AvCodec)]
    public static partial AVPixelFormat avcodec_default_get_format(AVCodecContext* s, AVPixelFormat* fmt);

    // Coding
    [LibraryImport(AvCodec)]
    public static partial int avcodec_send_packet(AVCodecContext* avctx, AVPacket* avpkt);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_receive_frame(AVCodecContext* avctx, AVFrame* frame);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_send_frame(AVCodecContext* avctx, AVFrame* frame);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_receive_packet(AVCodecContext* avctx, AVPacket* avpkt);

    // Subtitles
    [LibraryImport(AvCodec)]
    public static partial int avcodec_decode_subtitle2(AVCodecContext* avctx, AVSubtitle* sub, int* got_sub_ptr, AVPacket* avpkt);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_encode_subtitle(AVCodecContext* avctx, byte* buf, int buf_size, AVSubtitle* sub);

    [LibraryImport(AvCodec)]
    public static partial void avsubtitle_free(AVSubtitle* sub);

    // Packets
    [LibraryImport(AvCodec)]
    public static partial AVPacket* av_packet_alloc();

    [LibraryImport(AvCodec)]
    public static partial void av_packet_free(AVPacket** pkt);

    [LibraryImport(AvCodec)]
    public static partial AVPacket* av_packet_clone(AVPacket* src);

    [LibraryImport(AvCodec)]
    public static partial int av_packet_ref(AVPacket* dst, AVPacket* src);

    [LibraryImport(AvCodec)]
    public static partial void av_packet_unref(AVPacket* pkt);

    [LibraryImport(AvCodec)]
    public static partial void av_packet_move_ref(AVPacket* dst, AVPacket* src);

    [LibraryImport(AvCodec)]
    public static partial int av_new_packet(AVPacket* pkt, int size);

    [LibraryImport(AvCodec)]
    public static partial void av_packet_rescale_ts(AVPacket* pkt, AVRational tb_src, AVRational tb_dst);

    [LibraryImport(AvCodec)]
    public static partial byte* av_packet_new_side_data(AVPacket* pkt, AVPacketSideDataType type, ulong size);

    [LibraryImport(AvCodec)]
    public static partial byte* av_packet_get_side_data(AVPacket* pkt, AVPacketSideDataType type, ulong* size);
}
