using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

// Functions that only some releases have. AdaConv.LibAv picks the right one; the package has the newer ones only.
public static unsafe partial class ffmpeg
{
    // Up to FFmpeg 7.1; 8 keeps a stream's side data in its codec parameters alone
    [LibraryImport(AvFormat)]
    internal static partial byte* av_stream_new_side_data(AVStream* stream, AVPacketSideDataType type, ulong size);

    // Since FFmpeg 6.1
    [LibraryImport(AvCodec)]
    internal static partial AVPacketSideData* av_packet_side_data_new(
        AVPacketSideData** psd, int* pnb_sd, AVPacketSideDataType type, ulong size, int flags);

    // Since FFmpeg 7.1
    [LibraryImport(AvCodec)]
    internal static partial int avcodec_get_supported_config(
        AVCodecContext* avctx, AVCodec* codec, AVCodecConfig config, uint flags, void** out_configs, int* out_num_configs);

    // Since FFmpeg 7.0
    [LibraryImport(AvUtil)]
    internal static partial int av_frame_side_data_clone(AVFrameSideData*** sd, int* nb_sd, AVFrameSideData* src, uint flags);
}
