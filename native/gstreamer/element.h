#ifndef ADACONV_GSTREAMER_ELEMENT_H
#define ADACONV_GSTREAMER_ELEMENT_H

#include "formats.h"

GST_DEBUG_CATEGORY_EXTERN(adaconv_debug);
#define GST_CAT_DEFAULT adaconv_debug

#define ADACONV_TYPE_ELEMENT (adaconv_element_get_type())
G_DECLARE_FINAL_TYPE(AdaconvElement, adaconv_element, ADACONV, ELEMENT, GstElement)

typedef struct {
    GstBuffer *buffer;
    guint64 number;
} Picture;

struct _AdaconvElement {
    GstElement parent;
    GstPad *sink, *source;

    /* Properties, under the object's lock. */
    gchar *model;
    guint threads, factor, look_ahead;
    gint rate_n, rate_d, grain;
    gboolean cuts, qos;
    gdouble threshold;

    /* The stream's, on its thread. */
    adaconv_interpolator *interpolator;
    adaconv_cut_test *test;
    GstVideoInfo info, info_out;
    gboolean has_format;
    GstBufferPool *pool;
    GstSegment segment;
    GQueue waiting; /* pictures whose cut is not judged yet */
    Picture previous;
    guint64 pictures;
    GstClockTime interval, next_time, base;
    guint64 out_count;

    /* Under the object's lock. */
    GstClockTime earliest, latency;
    guint64 processed, dropped;
};

/* libadaconv's last error on this thread; the caller frees it. */
gchar *adaconv_last_error_text(void);

#define FAIL(self, domain, code, words) \
    do { \
        gchar *because = adaconv_last_error_text(); \
        GST_ELEMENT_ERROR(self, domain, code, (words ": %s", because), (NULL)); \
        g_free(because); \
    } while (0)

/* Frames (frames.c). The pad's functions, on the thread that brings the frames; reset forgets those at hand, drain sends them out. */
void adaconv_element_reset(AdaconvElement *self);
GstFlowReturn adaconv_element_drain(AdaconvElement *self);
GstFlowReturn adaconv_element_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer);

/* Events and queries, caps and memory (negotiation.c). */
gboolean adaconv_element_find_pool(AdaconvElement *self);
void adaconv_element_drop_pool(AdaconvElement *self);
gboolean adaconv_element_sink_event(GstPad *pad, GstObject *parent, GstEvent *event);
gboolean adaconv_element_source_event(GstPad *pad, GstObject *parent, GstEvent *event);
gboolean adaconv_element_query(GstPad *pad, GstObject *parent, GstQuery *query);

#endif
