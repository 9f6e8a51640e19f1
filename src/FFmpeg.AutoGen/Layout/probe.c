// Prints where the fields of libav's structs lie in the headers it is compiled against:
//   # avutil 57 28 avcodec 59 37 avformat 59 27 swscale 6 7
//   AVFrame width 104 4            (struct, field, offset, size)
//   AVRational - 0 8               (a struct's own size, where C# has it as a plain struct; the others end differently in each release)
// Compile with the directory of the headers only, nothing is linked:
//   cc -I include probe.c -o probe
// generate.cs beside this file makes Layout.g.cs of what it prints; the tests hold the installed headers against that table.
#include <stddef.h>
#include <stdio.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#define S(T) printf("%s - 0 %zu\n", #T, sizeof(T));
#define F(T, f) printf("%s %s %zu %zu\n", #T, #f, offsetof(T, f), sizeof(((T *)0)->f));

static void frame(void)
{
    F(AVFrame, data) F(AVFrame, linesize) F(AVFrame, extended_data) F(AVFrame, width) F(AVFrame, height) F(AVFrame, nb_samples) F(AVFrame, format)
    F(AVFrame, pict_type) F(AVFrame, sample_aspect_ratio) F(AVFrame, pts) F(AVFrame, time_base) F(AVFrame, quality)
    F(AVFrame, repeat_pict) F(AVFrame, sample_rate) F(AVFrame, side_data) F(AVFrame, nb_side_data) F(AVFrame, flags)
    F(AVFrame, color_range) F(AVFrame, color_primaries) F(AVFrame, color_trc) F(AVFrame, colorspace)
    F(AVFrame, chroma_location) F(AVFrame, best_effort_timestamp) F(AVFrame, metadata) F(AVFrame, decode_error_flags)
    F(AVFrame, hw_frames_ctx) F(AVFrame, crop_left)
#if LIBAVUTIL_VERSION_MAJOR < 60
    F(AVFrame, key_frame) F(AVFrame, interlaced_frame) F(AVFrame, top_field_first)
#endif
#if LIBAVUTIL_VERSION_MAJOR < 59
    F(AVFrame, pkt_duration)
#endif
#if LIBAVUTIL_VERSION_MAJOR >= 58
    F(AVFrame, duration)
#endif
    S(AVFrameSideData) F(AVFrameSideData, type) F(AVFrameSideData, data) F(AVFrameSideData, size)
    F(AVFrameSideData, metadata) F(AVFrameSideData, buf)
    S(AVMasteringDisplayMetadata) F(AVMasteringDisplayMetadata, display_primaries)
    F(AVMasteringDisplayMetadata, white_point) F(AVMasteringDisplayMetadata, min_luminance)
    F(AVMasteringDisplayMetadata, max_luminance) F(AVMasteringDisplayMetadata, has_primaries)
    F(AVMasteringDisplayMetadata, has_luminance)
    S(AVContentLightMetadata) F(AVContentLightMetadata, MaxCLL) F(AVContentLightMetadata, MaxFALL)
}

static void util(void)
{
    S(AVRational) F(AVRational, num) F(AVRational, den)
    S(AVDictionaryEntry) F(AVDictionaryEntry, key) F(AVDictionaryEntry, value)
    S(AVBufferRef) F(AVBufferRef, buffer) F(AVBufferRef, data) F(AVBufferRef, size)
    S(AVComponentDescriptor) F(AVComponentDescriptor, plane) F(AVComponentDescriptor, step)
    F(AVComponentDescriptor, offset) F(AVComponentDescriptor, shift) F(AVComponentDescriptor, depth)
    S(AVPixFmtDescriptor) F(AVPixFmtDescriptor, name) F(AVPixFmtDescriptor, nb_components)
    F(AVPixFmtDescriptor, log2_chroma_w) F(AVPixFmtDescriptor, log2_chroma_h) F(AVPixFmtDescriptor, flags)
    F(AVPixFmtDescriptor, comp) F(AVPixFmtDescriptor, alias)
    S(AVChannelLayout) F(AVChannelLayout, order) F(AVChannelLayout, nb_channels) F(AVChannelLayout, u)
    F(AVChannelLayout, opaque)
}

static void packet(void)
{
    S(AVPacket) F(AVPacket, buf) F(AVPacket, pts) F(AVPacket, dts) F(AVPacket, data) F(AVPacket, size)
    F(AVPacket, stream_index) F(AVPacket, flags) F(AVPacket, side_data) F(AVPacket, side_data_elems)
    F(AVPacket, duration) F(AVPacket, pos) F(AVPacket, opaque) F(AVPacket, opaque_ref) F(AVPacket, time_base)
    S(AVPacketSideData) F(AVPacketSideData, data) F(AVPacketSideData, size) F(AVPacketSideData, type)
}

static void codec(void)
{
    S(AVCodecDescriptor) F(AVCodecDescriptor, id) F(AVCodecDescriptor, type) F(AVCodecDescriptor, name)
    F(AVCodecDescriptor, long_name) F(AVCodecDescriptor, props) F(AVCodecDescriptor, mime_types)
    F(AVCodecDescriptor, profiles)
    F(AVCodec, name) F(AVCodec, long_name) F(AVCodec, type) F(AVCodec, id) F(AVCodec, capabilities)
#if LIBAVCODEC_VERSION_MAJOR < 63
    F(AVCodec, supported_framerates) F(AVCodec, pix_fmts) F(AVCodec, supported_samplerates) F(AVCodec, sample_fmts)
#endif
    S(AVSubtitle) F(AVSubtitle, format) F(AVSubtitle, start_display_time) F(AVSubtitle, end_display_time) F(AVSubtitle, num_rects)
    F(AVSubtitle, rects) F(AVSubtitle, pts)
    S(AVCodecHWConfig) F(AVCodecHWConfig, pix_fmt) F(AVCodecHWConfig, methods) F(AVCodecHWConfig, device_type)
    F(AVCodecParameters, codec_type) F(AVCodecParameters, codec_id) F(AVCodecParameters, codec_tag)
    F(AVCodecParameters, extradata) F(AVCodecParameters, extradata_size) F(AVCodecParameters, format)
    F(AVCodecParameters, bit_rate) F(AVCodecParameters, bits_per_raw_sample) F(AVCodecParameters, width)
    F(AVCodecParameters, height) F(AVCodecParameters, sample_aspect_ratio) F(AVCodecParameters, field_order)
    F(AVCodecParameters, color_range) F(AVCodecParameters, color_primaries) F(AVCodecParameters, color_trc)
    F(AVCodecParameters, color_space) F(AVCodecParameters, chroma_location) F(AVCodecParameters, ch_layout)
    F(AVCodecParameters, sample_rate) F(AVCodecParameters, block_align) F(AVCodecParameters, frame_size) F(AVCodecParameters, initial_padding)
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 0)
    F(AVCodecParameters, framerate) F(AVCodecParameters, coded_side_data) F(AVCodecParameters, nb_coded_side_data)
#endif
    F(AVCodecContext, codec_type) F(AVCodecContext, codec_id) F(AVCodecContext, codec_tag) F(AVCodecContext, bit_rate)
    F(AVCodecContext, flags) F(AVCodecContext, extradata) F(AVCodecContext, extradata_size) F(AVCodecContext, time_base)
    F(AVCodecContext, pkt_timebase) F(AVCodecContext, framerate) F(AVCodecContext, width) F(AVCodecContext, height)
    F(AVCodecContext, gop_size) F(AVCodecContext, pix_fmt) F(AVCodecContext, get_format)
    F(AVCodecContext, sample_aspect_ratio) F(AVCodecContext, color_primaries) F(AVCodecContext, color_trc)
    F(AVCodecContext, colorspace) F(AVCodecContext, color_range) F(AVCodecContext, chroma_sample_location)
    F(AVCodecContext, field_order) F(AVCodecContext, sample_rate) F(AVCodecContext, sample_fmt)
    F(AVCodecContext, ch_layout) F(AVCodecContext, frame_size) F(AVCodecContext, global_quality)
    F(AVCodecContext, strict_std_compliance) F(AVCodecContext, bits_per_raw_sample) F(AVCodecContext, thread_count)
    F(AVCodecContext, thread_type) F(AVCodecContext, hw_frames_ctx) F(AVCodecContext, hw_device_ctx)
    F(AVCodecContext, coded_side_data) F(AVCodecContext, nb_coded_side_data)
    F(AVCodecContext, subtitle_header) F(AVCodecContext, subtitle_header_size)
#if LIBAVCODEC_VERSION_MAJOR >= 61
    F(AVCodecContext, decoded_side_data) F(AVCodecContext, nb_decoded_side_data)
#endif
}

static void format(void)
{
    F(AVIOContext, buffer) F(AVIOContext, pos) F(AVIOContext, error)
    S(AVIOInterruptCB) F(AVIOInterruptCB, callback) F(AVIOInterruptCB, opaque)
    F(AVStream, index) F(AVStream, id) F(AVStream, codecpar) F(AVStream, time_base) F(AVStream, start_time)
    F(AVStream, duration) F(AVStream, nb_frames) F(AVStream, disposition) F(AVStream, discard)
    F(AVStream, sample_aspect_ratio) F(AVStream, metadata) F(AVStream, avg_frame_rate) F(AVStream, attached_pic)
    F(AVStream, r_frame_rate)
#if LIBAVFORMAT_VERSION_MAJOR < 62
    F(AVStream, side_data) F(AVStream, nb_side_data)
#endif
    F(AVFormatContext, iformat) F(AVFormatContext, oformat) F(AVFormatContext, pb) F(AVFormatContext, nb_streams)
    F(AVFormatContext, streams) F(AVFormatContext, start_time) F(AVFormatContext, duration) F(AVFormatContext, bit_rate)
    F(AVFormatContext, flags) F(AVFormatContext, nb_chapters) F(AVFormatContext, chapters) F(AVFormatContext, metadata)
    F(AVFormatContext, interrupt_callback) F(AVFormatContext, strict_std_compliance)
    F(AVFormatContext, avoid_negative_ts) F(AVFormatContext, video_codec)
    F(AVOutputFormat, name) F(AVOutputFormat, long_name) F(AVOutputFormat, audio_codec) F(AVOutputFormat, video_codec)
    F(AVOutputFormat, flags)
    F(AVInputFormat, name) F(AVInputFormat, long_name) F(AVInputFormat, flags)
    S(AVChapter) F(AVChapter, id) F(AVChapter, time_base) F(AVChapter, start) F(AVChapter, end) F(AVChapter, metadata)
}

int main(void)
{
    printf("# avutil %d %d avcodec %d %d avformat %d %d swscale %d %d\n",
        LIBAVUTIL_VERSION_MAJOR, LIBAVUTIL_VERSION_MINOR, LIBAVCODEC_VERSION_MAJOR, LIBAVCODEC_VERSION_MINOR,
        LIBAVFORMAT_VERSION_MAJOR, LIBAVFORMAT_VERSION_MINOR, LIBSWSCALE_VERSION_MAJOR, LIBSWSCALE_VERSION_MINOR);
    frame();
    util();
    packet();
    codec();
    format();
    return 0;
}
