using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

public static unsafe partial class ffmpeg
{
    [LibraryImport(SwScale)]
    public static partial uint swscale_version();

    [LibraryImport(SwScale)]
    public static partial SwsContext* sws_alloc_context();

    [LibraryImport(SwScale)]
    public static partial int sws_init_context(SwsContext* sws_context, SwsFilter* srcFilter, SwsFilter* dstFilter);

    [LibraryImport(SwScale)]
    public static partial void sws_freeContext(SwsContext* swsContext);

    [LibraryImport(SwScale)]
    public static partial int* sws_getCoefficients(int colorspace);

    [LibraryImport(SwScale)]
    public static partial int sws_setColorspaceDetails(
        SwsContext* c,
        in int_array4 inv_table,
        int srcRange,
        in int_array4 table,
        int dstRange,
        int brightness,
        int contrast,
        int saturation);

    [LibraryImport(SwScale)]
    public static partial int sws_scale_frame(SwsContext* c, AVFrame* dst, AVFrame* src);
}
