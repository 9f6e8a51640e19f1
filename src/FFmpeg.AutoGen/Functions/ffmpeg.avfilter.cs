using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

// libavfilter is loaded at the first of these calls only: without it everything else still works.
public static unsafe partial class ffmpeg
{
    [LibraryImport(AvFilter)]
    public static partial AVFilterGraph* avfilter_graph_alloc();

    [LibraryImport(AvFilter)]
    public static partial void avfilter_graph_free(AVFilterGraph** graph);

    [LibraryImport(AvFilter, StringMarshalling = Utf8)]
    public static partial AVFilterContext* avfilter_graph_get_filter(AVFilterGraph* graph, string name);

    [LibraryImport(AvFilter, StringMarshalling = Utf8)]
    public static partial int avfilter_graph_parse2(
        AVFilterGraph* graph, string filters, AVFilterInOut** inputs, AVFilterInOut** outputs);

    [LibraryImport(AvFilter)]
    public static partial int avfilter_graph_config(AVFilterGraph* graphctx, void* log_ctx);

    [LibraryImport(AvFilter)]
    public static partial void avfilter_inout_free(AVFilterInOut** inout);

    [LibraryImport(AvFilter)]
    public static partial int av_buffersrc_add_frame_flags(AVFilterContext* buffer_src, AVFrame* frame, int flags);

    [LibraryImport(AvFilter)]
    public static partial int av_buffersink_get_frame(AVFilterContext* ctx, AVFrame* frame);

    [LibraryImport(AvFilter)]
    public static partial AVRational av_buffersink_get_time_base(AVFilterContext* ctx);

    [LibraryImport(AvFilter)]
    public static partial AVRational av_buffersink_get_frame_rate(AVFilterContext* ctx);

    [LibraryImport(AvFilter)]
    public static partial int av_buffersink_get_format(AVFilterContext* ctx);
}
