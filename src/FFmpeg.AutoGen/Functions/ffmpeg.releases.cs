using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

// Functions that only some releases have. AdaConv.LibAv picks the right one; the package has the newer ones only.
public static unsafe partial class ffmpeg
{
    // FFmpeg 5.1 and 7.1; 9 keeps a stream's side data in its codec parameters alone
    [LibraryImport(AvFormat)]
    internal static partial byte* av_stream_new_side_data(AVStream* stream, AVPacketSideDataType type, ulong size);

    [LibraryImport(AvFormat)]
    internal static partial byte* av_stream_get_side_data(AVStream* stream, AVPacketSideDataType type, ulong* size);

    // FFmpeg 7.1 and 9
    [LibraryImport(AvCodec)]
    internal static partial AVPacketSideData* av_packet_side_data_new(
        AVPacketSideData** psd, int* pnb_sd, AVPacketSideDataType type, ulong size, int flags);

    [LibraryImport(AvCodec)]
    internal static partial AVPacketSideData* av_packet_side_data_get(AVPacketSideData* sd, int nb_sd, AVPacketSideDataType type);

    [LibraryImport(AvCodec)]
    internal static partial int avcodec_get_supported_config(
        AVCodecContext* avctx, AVCodec* codec, AVCodecConfig config, uint flags, void** out_configs, int* out_num_configs);

    [LibraryImport(AvUtil)]
    internal static partial int av_frame_side_data_clone(AVFrameSideData*** sd, int* nb_sd, AVFrameSideData* src, uint flags);
}
