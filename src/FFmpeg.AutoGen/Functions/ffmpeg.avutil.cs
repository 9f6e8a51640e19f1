using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace FFmpeg.AutoGen;

public static unsafe partial class ffmpeg
{
    // Versions
    [LibraryImport(AvUtil)]
    public static partial uint avutil_version();

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string avutil_configuration();

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_version_info();

    // Errors and log
    [LibraryImport(AvUtil)]
    public static partial int av_strerror(int errnum, byte* errbuf, ulong errbuf_size);

    [LibraryImport(AvUtil)]
    public static partial void av_log_set_callback(av_log_set_callback_callback_func callback);

    [LibraryImport(AvUtil)]
    public static partial void av_log_set_level(int level);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_log_format_line2(
        void* ptr, int level, string fmt, byte* vl, byte* line, int line_size, int* print_prefix);

    // Memory
    [LibraryImport(AvUtil)]
    public static partial void* av_malloc(ulong size);

    [LibraryImport(AvUtil)]
    public static partial void* av_mallocz(ulong size);

    [LibraryImport(AvUtil)]
    public static partial void* av_realloc(void* ptr, ulong size);

    [LibraryImport(AvUtil)]
    public static partial void av_free(void* ptr);

    [LibraryImport(AvUtil)]
    public static partial AVBufferRef* av_buffer_ref(AVBufferRef* buf);

    [LibraryImport(AvUtil)]
    public static partial void av_buffer_unref(AVBufferRef** buf);

    // Dictionaries
    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial AVDictionaryEntry* av_dict_get(AVDictionary* m, string key, AVDictionaryEntry* prev, int flags);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_dict_set(AVDictionary** pm, string key, string? value, int flags);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_dict_set_int(AVDictionary** pm, string key, long value, int flags);

    [LibraryImport(AvUtil)]
    public static partial int av_dict_copy(AVDictionary** dst, AVDictionary* src, int flags);

    [LibraryImport(AvUtil)]
    public static partial int av_dict_count(AVDictionary* m);

    [LibraryImport(AvUtil)]
    public static partial void av_dict_free(AVDictionary** m);

    // Time and fractions
    [LibraryImport(AvUtil)]
    public static partial long av_rescale_q(long a, AVRational bq, AVRational cq);

    [LibraryImport(AvUtil)]
    public static partial long av_rescale_q_rnd(long a, AVRational bq, AVRational cq, AVRounding rnd);

    [LibraryImport(AvUtil)]
    public static partial int av_compare_ts(long ts_a, AVRational tb_a, long ts_b, AVRational tb_b);

    [LibraryImport(AvUtil)]
    public static partial int av_reduce(int* dst_num, int* dst_den, long num, long den, long max);

    [LibraryImport(AvUtil)]
    public static partial AVRational av_mul_q(AVRational b, AVRational c);

    public static AVRational av_make_q(int num, int den) => new() { num = num, den = den };

    public static AVRational av_inv_q(AVRational q) => new() { num = q.den, den = q.num };

    public static double av_q2d(AVRational a) => a.num / (double)a.den;

    /// <returns>0 if equal, 1 if a is greater, -1 if b is, int.MinValue if one is 0/0.</returns>
    public static int av_cmp_q(AVRational a, AVRational b)
    {
        long difference = (a.num * (long)b.den) - (b.num * (long)a.den);
        if (difference != 0)
        {
            return (int)((difference ^ a.den ^ b.den) >> 63) | 1;
        }
        if (b.den != 0 && a.den != 0)
        {
            return 0;
        }
        return a.num != 0 && b.num != 0 ? (a.num >> 31) - (b.num >> 31) : int.MinValue;
    }

    // Devices
    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_hwdevice_ctx_create(AVBufferRef** device_ctx, AVHWDeviceType type, string? device, AVDictionary* opts, int flags);

    [LibraryImport(AvUtil)]
    public static partial int av_hwframe_transfer_data(AVFrame* dst, AVFrame* src, int flags);

    // Frames
    [LibraryImport(AvUtil)]
    public static partial AVFrame* av_frame_alloc();

    [LibraryImport(AvUtil)]
    public static partial void av_frame_free(AVFrame** frame);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_ref(AVFrame* dst, AVFrame* src);

    [LibraryImport(AvUtil)]
    public static partial AVFrame* av_frame_clone(AVFrame* src);

    [LibraryImport(AvUtil)]
    public static partial void av_frame_unref(AVFrame* frame);

    [LibraryImport(AvUtil)]
    public static partial void av_frame_move_ref(AVFrame* dst, AVFrame* src);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_get_buffer(AVFrame* frame, int align);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_is_writable(AVFrame* frame);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_make_writable(AVFrame* frame);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_copy(AVFrame* dst, AVFrame* src);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_copy_props(AVFrame* dst, AVFrame* src);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_apply_cropping(AVFrame* frame, int flags);

    [LibraryImport(AvUtil)]
    public static partial AVFrameSideData* av_frame_get_side_data(AVFrame* frame, AVFrameSideDataType type);

    [LibraryImport(AvUtil)]
    public static partial AVFrameSideData* av_frame_new_side_data(AVFrame* frame, AVFrameSideDataType type, ulong size);

    [LibraryImport(AvUtil)]
    public static partial void av_frame_remove_side_data(AVFrame* frame, AVFrameSideDataType type);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_frame_side_data_name(AVFrameSideDataType type);

    // Pixel formats and images
    [LibraryImport(AvUtil)]
    public static partial AVPixFmtDescriptor* av_pix_fmt_desc_get(AVPixelFormat pix_fmt);

    [LibraryImport(AvUtil)]
    public static partial AVPixFmtDescriptor* av_pix_fmt_desc_next(AVPixFmtDescriptor* prev);

    [LibraryImport(AvUtil)]
    public static partial AVPixelFormat av_pix_fmt_desc_get_id(AVPixFmtDescriptor* desc);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial AVPixelFormat av_get_pix_fmt(string name);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_get_pix_fmt_name(AVPixelFormat pix_fmt);

    [LibraryImport(AvUtil)]
    public static partial int av_get_pix_fmt_loss(AVPixelFormat dst_pix_fmt, AVPixelFormat src_pix_fmt, int has_alpha);

    // Names
    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_color_space_name(AVColorSpace space);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_color_space_from_name(string name);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_color_range_name(AVColorRange range);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_color_range_from_name(string name);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_color_primaries_name(AVColorPrimaries primaries);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_color_primaries_from_name(string name);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_color_transfer_name(AVColorTransferCharacteristic transfer);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_color_transfer_from_name(string name);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_chroma_location_name(AVChromaLocation location);

    [LibraryImport(AvUtil, StringMarshalling = Utf8)]
    public static partial int av_chroma_location_from_name(string name);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_get_media_type_string(AVMediaType media_type);

    [LibraryImport(AvUtil)]
    [return: MarshalUsing(typeof(LibraryString))]
    public static partial string av_get_sample_fmt_name(AVSampleFormat sample_fmt);

    [LibraryImport(AvUtil, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int av_opt_set_int(void* obj, string name, long val, int search_flags);

    [LibraryImport(AvUtil)]
    public static partial void av_channel_layout_default(AVChannelLayout* ch_layout, int nb_channels);

    [LibraryImport(AvUtil)]
    public static partial int av_channel_layout_copy(AVChannelLayout* dst, AVChannelLayout* src);

    [LibraryImport(AvUtil)]
    public static partial int av_channel_layout_describe(AVChannelLayout* channel_layout, byte* buf, ulong buf_size);
}
