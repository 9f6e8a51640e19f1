#include "formats.h"

static int32_t siting_of(GstVideoChromaSite site)
{
    if (site == GST_VIDEO_CHROMA_SITE_UNKNOWN)
        return ADACONV_SITING_UNSPECIFIED;
    if (site & GST_VIDEO_CHROMA_SITE_H_COSITED)
        return site & GST_VIDEO_CHROMA_SITE_V_COSITED ? ADACONV_SITING_TOP_LEFT : ADACONV_SITING_LEFT;
    return site & GST_VIDEO_CHROMA_SITE_V_COSITED ? ADACONV_SITING_TOP : ADACONV_SITING_CENTER;
}

gboolean adaconv_format_of_caps(const GstVideoInfo *info, GstCaps *caps, adaconv_format *format)
{
    const GstVideoFormatInfo *layout = info->finfo;
    guint components = GST_VIDEO_FORMAT_INFO_N_COMPONENTS(layout);
    *format = (adaconv_format)ADACONV_FORMAT_INIT;
    if (components > 4)
        return FALSE;
    format->width = (uint32_t)GST_VIDEO_INFO_WIDTH(info);
    format->height = (uint32_t)GST_VIDEO_INFO_HEIGHT(info);
    format->has_alpha = GST_VIDEO_FORMAT_INFO_HAS_ALPHA(layout);
    format->family = GST_VIDEO_FORMAT_INFO_IS_RGB(layout) ? ADACONV_RGB : GST_VIDEO_FORMAT_INFO_IS_GRAY(layout) ? ADACONV_GREY : ADACONV_YCBCR;
    if (format->family == ADACONV_YCBCR) {
        format->chroma_shift_x = GST_VIDEO_FORMAT_INFO_W_SUB(layout, 1);
        format->chroma_shift_y = GST_VIDEO_FORMAT_INFO_H_SUB(layout, 1);
    }

    /* Without colorimetry in the caps GStreamer fills one in; the library decides for itself, as framefilter does. */
    if (gst_structure_has_field(gst_caps_get_structure(caps, 0), "colorimetry")) {
        GstVideoColorRange range = GST_VIDEO_INFO_COLORIMETRY(info).range;
        if (format->family != ADACONV_RGB)
            format->matrix = (int32_t)gst_video_color_matrix_to_iso(GST_VIDEO_INFO_COLORIMETRY(info).matrix);
        format->range = range == GST_VIDEO_COLOR_RANGE_0_255 ? ADACONV_RANGE_FULL
            : range == GST_VIDEO_COLOR_RANGE_16_235          ? ADACONV_RANGE_LIMITED
                                                             : ADACONV_RANGE_UNSPECIFIED;
    }
    format->siting = siting_of(GST_VIDEO_INFO_CHROMA_SITE(info));
    for (guint c = 0; c < components; c++) {
        adaconv_component *component = &format->component[c];
        component->plane = GST_VIDEO_FORMAT_INFO_PLANE(layout, c);
        component->step = (uint32_t)GST_VIDEO_FORMAT_INFO_PSTRIDE(layout, c);
        component->offset = GST_VIDEO_FORMAT_INFO_POFFSET(layout, c);
        component->shift = GST_VIDEO_FORMAT_INFO_SHIFT(layout, c);
        component->depth = GST_VIDEO_FORMAT_INFO_DEPTH(layout, c);
        if (component->depth + component->shift > 8 && component->offset % 2)
            component->offset *= 2; /* GStreamer's own table counts samples, not bytes, for Cr of P010, P012 and P016 */
        component->big_endian = component->depth + component->shift > 8 && !GST_VIDEO_FORMAT_INFO_IS_LE(layout);
    }
    return TRUE;
}

adaconv_frame adaconv_frame_of(const GstVideoFrame *frame, guint64 picture)
{
    adaconv_frame result = ADACONV_FRAME_INIT;
    for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES(frame) && plane < 4; plane++) {
        result.data[plane] = GST_VIDEO_FRAME_PLANE_DATA(frame, plane);
        result.stride[plane] = GST_VIDEO_FRAME_PLANE_STRIDE(frame, plane);
    }
    result.picture = picture;
    return result;
}

gboolean adaconv_same_picture(const GstVideoFrame *one, const GstVideoFrame *other)
{
    const GstVideoFormatInfo *layout = one->info.finfo;
    for (guint c = 0; c < GST_VIDEO_FORMAT_INFO_N_COMPONENTS(layout); c++) {
        /* From the component's first sample to the end of the last step: what else lies there is the picture's, too. */
        gsize bytes = (gsize)GST_VIDEO_FRAME_COMP_WIDTH(one, c) * (gsize)GST_VIDEO_FRAME_COMP_PSTRIDE(one, c) - GST_VIDEO_FORMAT_INFO_POFFSET(layout, c);
        const guint8 *a = GST_VIDEO_FRAME_COMP_DATA(one, c), *b = GST_VIDEO_FRAME_COMP_DATA(other, c);
        for (gint y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(one, c); y++) {
            if (memcmp(a + (gssize)y * GST_VIDEO_FRAME_COMP_STRIDE(one, c), b + (gssize)y * GST_VIDEO_FRAME_COMP_STRIDE(other, c), bytes))
                return FALSE;
        }
    }
    return TRUE;
}
