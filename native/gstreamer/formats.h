#ifndef ADACONV_GSTREAMER_FORMATS_H
#define ADACONV_GSTREAMER_FORMATS_H

#include <gst/video/video.h>

#include "adaconv.h"

/* The formats of video/x-raw that the element takes: 8 to 16 bits, Y'CbCr, RGB and grey; planar, semi-planar and packed. */
#define ADACONV_VIDEO_FORMATS \
    "{ I420, YV12, Y42B, Y444, Y41B, YUV9, NV12, NV21, NV16, NV61, NV24, YUY2, UYVY, YVYU, VYUY, AYUV, VUYA, A420, " \
    "I420_10LE, I422_10LE, Y444_10LE, I420_12LE, I422_12LE, Y444_12LE, Y444_16LE, I420_10BE, I422_10BE, Y444_10BE, I420_12BE, I422_12BE, " \
    "Y444_12BE, Y444_16BE, A420_10LE, A422_10LE, A444_10LE, P010_10LE, P012_LE, P016_LE, P010_10BE, P012_BE, P016_BE, " \
    "RGB, BGR, RGBx, BGRx, xRGB, xBGR, RGBA, BGRA, ARGB, ABGR, GBR, GBRA, RGBP, BGRP, GBR_10LE, GBR_12LE, GBRA_10LE, GBRA_12LE, " \
    "ARGB64_LE, RGBA64_LE, BGRA64_LE, ABGR64_LE, GRAY8, GRAY16_LE, GRAY16_BE }"

/* What adaconv.h says of the video of some caps; whether the format is one of the above. */
gboolean adaconv_format_of_caps(const GstVideoInfo *info, GstCaps *caps, adaconv_format *format);

/* A mapped frame; its number is the caller's. */
adaconv_frame adaconv_frame_of(const GstVideoFrame *frame, guint64 picture);

/* Whether two frames of one format hold the same picture. */
gboolean adaconv_same_picture(const GstVideoFrame *one, const GstVideoFrame *other);

#endif
