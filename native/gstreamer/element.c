/*
 * The element adaconv: raw video in, more frames of it out. Originals pass as they are; between every two of them new ones are put, which
 * libadaconv predicts. Everything happens on the thread that brings the frames.
 */
#include "formats.h"

#include "plugin/model_path.h"

GST_DEBUG_CATEGORY_STATIC(adaconv_debug);
#define GST_CAT_DEFAULT adaconv_debug

#define DEFAULT_FACTOR 2
#define MOST_INTERVALS 8              /* frames further apart than this many of the nominal interval are a gap: the earlier one stands */
#define SNAP (2 * GST_USECOND)        /* an output time this near to an original is its time: hosts round to nanoseconds */

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
    gint rate_n, rate_d;
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

G_DEFINE_TYPE(AdaconvElement, adaconv_element, GST_TYPE_ELEMENT)

enum { PROP_0, PROP_MODEL, PROP_THREADS, PROP_FACTOR, PROP_FRAMERATE, PROP_CUTS, PROP_CUT_THRESHOLD, PROP_CUT_LOOK_AHEAD, PROP_QOS };

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(ADACONV_VIDEO_FORMATS)));
static GstStaticPadTemplate source_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(ADACONV_VIDEO_FORMATS)));

static gchar *last_error(void)
{
    gsize length = adaconv_last_error(NULL, 0);
    gchar *text = g_malloc(length + 1);
    adaconv_last_error(text, length + 1);
    return text;
}

#define FAIL(self, domain, code, words) \
    do { \
        gchar *because = last_error(); \
        GST_ELEMENT_ERROR(self, domain, code, (words ": %s", because), (NULL)); \
        g_free(because); \
    } while (0)

static gboolean start(AdaconvElement *self)
{
    adaconv_options options = ADACONV_OPTIONS_INIT;
    char path[4096];
    GST_OBJECT_LOCK(self);
    adaconv_model_path(self->model, path, sizeof path);
    options.threads = self->threads;
    GST_OBJECT_UNLOCK(self);
    adaconv_result result = adaconv_create(ADACONV_ABI, path, &options, &self->interpolator);
    if (result)
        FAIL(self, RESOURCE, OPEN_READ, "The network cannot be loaded");
    return !result;
}

static void clear_picture(Picture *picture)
{
    gst_clear_buffer(&picture->buffer);
    picture->number = 0;
}

/* Forgets the frames at hand. */
static void reset(AdaconvElement *self)
{
    Picture *picture;
    adaconv_verdict verdict = ADACONV_CUT_NO;
    while ((picture = g_queue_pop_head(&self->waiting))) {
        clear_picture(picture);
        g_free(picture);
    }
    clear_picture(&self->previous);
    while (self->test && !adaconv_cut_test_add(self->test, NULL, &verdict) && verdict != ADACONV_CUT_PENDING)
        ;
    self->base = self->next_time = GST_CLOCK_TIME_NONE;
    self->out_count = 0;
    GST_OBJECT_LOCK(self);
    self->earliest = GST_CLOCK_TIME_NONE;
    GST_OBJECT_UNLOCK(self);
}

static void drop_pool(AdaconvElement *self)
{
    if (self->pool)
        gst_buffer_pool_set_active(self->pool, FALSE);
    gst_clear_object(&self->pool);
}

static void stop(AdaconvElement *self)
{
    reset(self);
    drop_pool(self);
    if (self->test)
        adaconv_cut_test_destroy(self->test);
    if (self->interpolator)
        adaconv_destroy(self->interpolator);
    self->test = NULL, self->interpolator = NULL, self->has_format = FALSE;
}

/* Whether a new frame would come too late for its sink, in running time. */
static gboolean is_late(AdaconvElement *self, GstClockTime time)
{
    GstClockTime running = gst_segment_to_running_time(&self->segment, GST_FORMAT_TIME, time);
    GST_OBJECT_LOCK(self);
    gboolean late = self->qos && GST_CLOCK_TIME_IS_VALID(self->earliest) && GST_CLOCK_TIME_IS_VALID(running) && running <= self->earliest;
    if (late)
        self->dropped++;
    else
        self->processed++;
    guint64 processed = self->processed, dropped = self->dropped;
    GstClockTime earliest = self->earliest;
    GST_OBJECT_UNLOCK(self);
    if (late) {
        GstMessage *message = gst_message_new_qos(GST_OBJECT(self), FALSE, running,
            gst_segment_to_stream_time(&self->segment, GST_FORMAT_TIME, time), time, GST_CLOCK_TIME_NONE);
        gst_message_set_qos_values(message, (gint64)(earliest - running), 0.5, 1000000);
        gst_message_set_qos_stats(message, GST_FORMAT_BUFFERS, processed, dropped);
        gst_element_post_message(GST_ELEMENT(self), message);
    }
    return late;
}

static GstFlowReturn push(AdaconvElement *self, GstBuffer *buffer, GstClockTime time, GstClockTime end, gboolean is_original)
{
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_PTS(buffer) = time;
    GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION(buffer) = end > time ? end - time : GST_CLOCK_TIME_NONE;
    GST_BUFFER_OFFSET(buffer) = GST_BUFFER_OFFSET_END(buffer) = GST_BUFFER_OFFSET_NONE;
    if (!is_original)
        GST_BUFFER_FLAG_UNSET(buffer, GST_BUFFER_FLAG_DISCONT | GST_BUFFER_FLAG_RESYNC);
    return gst_pad_push(self->source, buffer);
}

/* Memory that lies as downstream wants it. */
static gboolean find_pool(AdaconvElement *self)
{
    GstCaps *caps = gst_pad_get_current_caps(self->source);
    GstQuery *query = gst_query_new_allocation(caps, TRUE);
    GstBufferPool *pool = NULL;
    guint size = (guint)GST_VIDEO_INFO_SIZE(&self->info_out), least = 0, most = 0;
    gboolean has_meta = FALSE;
    if (gst_pad_peer_query(self->source, query)) {
        has_meta = gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
        if (gst_query_get_n_allocation_pools(query) > 0) {
            gst_query_parse_nth_allocation_pool(query, 0, &pool, &size, &least, &most);
            size = MAX(size, (guint)GST_VIDEO_INFO_SIZE(&self->info_out));
        }
    }
    if (!pool || (most != 0 && most < 4)) {
        gst_clear_object(&pool);
        pool = gst_video_buffer_pool_new();
        least = most = 0;
    }
    GstStructure *config = gst_buffer_pool_get_config(pool);
    gst_buffer_pool_config_set_params(config, caps, size, least, most);
    if (has_meta && gst_buffer_pool_has_option(pool, GST_BUFFER_POOL_OPTION_VIDEO_META))
        gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_META);
    gboolean good = gst_buffer_pool_set_config(pool, config) && gst_buffer_pool_set_active(pool, TRUE);
    gst_query_unref(query);
    gst_caps_unref(caps);
    if (good)
        self->pool = pool;
    else
        gst_object_unref(pool);
    return good;
}

static GstFlowReturn predict(AdaconvElement *self, const Picture *first, const Picture *second, gdouble way, GstBuffer **between)
{
    GstVideoFrame a, b, c;
    GstFlowReturn flow = GST_FLOW_OK;
    *between = NULL;
    if (!self->pool && !find_pool(self)) {
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("No memory was found for new frames"), (NULL));
        return GST_FLOW_ERROR;
    }
    if ((flow = gst_buffer_pool_acquire_buffer(self->pool, between, NULL)) != GST_FLOW_OK)
        return flow;
    if (!gst_video_frame_map(&a, &self->info, first->buffer, GST_MAP_READ))
        goto no_map;
    if (!gst_video_frame_map(&b, &self->info, second->buffer, GST_MAP_READ))
        goto no_second;
    if (!gst_video_frame_map(&c, &self->info_out, *between, GST_MAP_WRITE))
        goto no_between;
    adaconv_frame from = adaconv_frame_of(&a, first->number), to = adaconv_frame_of(&b, second->number), target = adaconv_frame_of(&c, 0);
    if (adaconv_interpolate(self->interpolator, &from, &to, way, &target)) {
        FAIL(self, STREAM, FAILED, "A frame cannot be predicted");
        flow = GST_FLOW_ERROR;
    }
    gst_video_frame_unmap(&c), gst_video_frame_unmap(&b), gst_video_frame_unmap(&a);
    if (flow == GST_FLOW_OK)
        gst_buffer_copy_into(*between, first->buffer, GST_BUFFER_COPY_FLAGS, 0, -1);
    else
        gst_clear_buffer(between);
    return flow;

no_between:
    gst_video_frame_unmap(&b);
no_second:
    gst_video_frame_unmap(&a);
no_map:
    gst_clear_buffer(between);
    GST_ELEMENT_ERROR(self, RESOURCE, READ, ("The memory of a frame cannot be reached"), (NULL));
    return GST_FLOW_ERROR;
}

/* Pictures that do not differ are shown again, not predicted. */
static gboolean is_still(AdaconvElement *self, const Picture *first, const Picture *second)
{
    GstVideoFrame a, b;
    gboolean still = FALSE;
    if (!gst_video_frame_map(&a, &self->info, first->buffer, GST_MAP_READ))
        return FALSE;
    if (gst_video_frame_map(&b, &self->info, second->buffer, GST_MAP_READ)) {
        still = adaconv_same_picture(&a, &b);
        gst_video_frame_unmap(&b);
    }
    gst_video_frame_unmap(&a);
    return still;
}

/* One frame between two: an original where nothing lies between them, else a new one. */
static GstFlowReturn emit(
    AdaconvElement *self, const Picture *first, const Picture *second, gboolean held, gboolean cut, gdouble way, GstClockTime time, GstClockTime end)
{
    GstBuffer *buffer;
    GstFlowReturn flow;
    if (way <= 0 || held || cut) {
        const Picture *shown = cut && way > 0.5 ? second : first;
        return push(self, gst_buffer_ref(shown->buffer), time, end, way <= 0);
    }
    if (is_late(self, time))
        return GST_FLOW_OK;
    if ((flow = predict(self, first, second, way, &buffer)) != GST_FLOW_OK)
        return flow;
    return push(self, buffer, time, end, FALSE);
}

/* From one original to the next, or to its end where second is null. */
static GstFlowReturn fill(AdaconvElement *self, const Picture *first, const Picture *second, gboolean cut)
{
    GstFlowReturn flow = GST_FLOW_OK;
    GstClockTime begin = GST_BUFFER_PTS(first->buffer), length;
    if (second)
        length = GST_BUFFER_PTS(second->buffer) - begin;
    else
        length = GST_BUFFER_DURATION_IS_VALID(first->buffer) && GST_BUFFER_DURATION(first->buffer) ? GST_BUFFER_DURATION(first->buffer) : self->interval;
    gboolean held = !second || (GST_CLOCK_TIME_IS_VALID(self->interval) && length > MOST_INTERVALS * self->interval) || is_still(self, first, second);
    GST_OBJECT_LOCK(self);
    guint factor = self->factor;
    gint rate_n = self->rate_n, rate_d = self->rate_d;
    GST_OBJECT_UNLOCK(self);
    if (!GST_CLOCK_TIME_IS_VALID(length)) /* a single frame of no known rate */
        return push(self, gst_buffer_ref(first->buffer), begin, begin, TRUE);
    if (rate_n == 0) {
        for (guint k = 0; k < factor && flow == GST_FLOW_OK; k++) {
            GstClockTime time = begin + gst_util_uint64_scale(length, k, factor), end = begin + gst_util_uint64_scale(length, k + 1, factor);
            flow = emit(self, first, second, held, cut, second ? (gdouble)k / factor : 0, time, end);
        }
        return flow;
    }

    /* A constant rate from the first frame on. */
    if (!GST_CLOCK_TIME_IS_VALID(self->base))
        self->base = begin, self->out_count = 0;
    while (flow == GST_FLOW_OK) {
        GstClockTime time = self->base + gst_util_uint64_scale(self->out_count, GST_SECOND * (guint64)rate_d, (guint64)rate_n);
        GstClockTime end = self->base + gst_util_uint64_scale(self->out_count + 1, GST_SECOND * (guint64)rate_d, (guint64)rate_n);
        GstClockTimeDiff place = GST_CLOCK_DIFF(begin, time);
        /* What stands for less than half of its time within the clip is none. */
        if (second ? place + (GstClockTimeDiff)SNAP >= (GstClockTimeDiff)length : 2 * place + (GstClockTimeDiff)(end - time) > 2 * (GstClockTimeDiff)length)
            break;
        gdouble way = place <= (GstClockTimeDiff)SNAP || !second ? 0 : (gdouble)place / (gdouble)length;
        self->out_count++;
        flow = emit(self, first, second, held, cut, way, time, end);
    }
    return flow;
}

/* The next picture is judged: what lies before it goes out. */
static GstFlowReturn advance(AdaconvElement *self, Picture *next, gboolean cut)
{
    GstFlowReturn flow = GST_FLOW_OK;
    if (self->previous.buffer)
        flow = fill(self, &self->previous, next, cut);
    clear_picture(&self->previous);
    self->previous = *next;
    g_free(next);
    return flow;
}

/* No picture follows: the rest goes out. */
static GstFlowReturn drain(AdaconvElement *self)
{
    GstFlowReturn flow = GST_FLOW_OK;
    adaconv_verdict verdict;
    while (flow == GST_FLOW_OK && !g_queue_is_empty(&self->waiting)) {
        if (adaconv_cut_test_add(self->test, NULL, &verdict) || verdict == ADACONV_CUT_PENDING)
            break;
        flow = advance(self, g_queue_pop_head(&self->waiting), verdict == ADACONV_CUT_YES);
    }
    if (flow == GST_FLOW_OK && self->previous.buffer)
        flow = fill(self, &self->previous, NULL, FALSE);
    reset(self);
    return flow;
}

static GstFlowReturn chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    AdaconvElement *self = ADACONV_ELEMENT(parent);
    adaconv_verdict verdict = ADACONV_CUT_NO;
    (void)pad;
    if (!self->has_format) {
        gst_buffer_unref(buffer);
        return GST_FLOW_NOT_NEGOTIATED;
    }
    if (self->segment.rate < 0) /* backwards, frames come in the order of groups: they pass as they are */
        return gst_pad_push(self->source, buffer);
    if (!GST_BUFFER_PTS_IS_VALID(buffer)) {
        buffer = gst_buffer_make_writable(buffer);
        GST_BUFFER_PTS(buffer) = GST_CLOCK_TIME_IS_VALID(self->next_time) ? self->next_time : self->segment.start;
    }
    const Picture *last = g_queue_peek_tail(&self->waiting);
    last = last ? last : &self->previous;
    if (last->buffer && GST_BUFFER_PTS(buffer) <= GST_BUFFER_PTS(last->buffer)) {
        GstFlowReturn flow;
        if (!GST_BUFFER_IS_DISCONT(buffer)) { /* a time that does not go on: the frame cannot be shown */
            GST_WARNING_OBJECT(self, "frame at %" GST_TIME_FORMAT " is not later than the one before", GST_TIME_ARGS(GST_BUFFER_PTS(buffer)));
            gst_buffer_unref(buffer);
            return GST_FLOW_OK;
        }
        if ((flow = drain(self)) != GST_FLOW_OK) {
            gst_buffer_unref(buffer);
            return flow;
        }
    }
    GstClockTime length = GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : self->interval;
    self->next_time = GST_CLOCK_TIME_IS_VALID(length) ? GST_BUFFER_PTS(buffer) + length : GST_CLOCK_TIME_NONE;

    Picture *picture = g_new0(Picture, 1);
    picture->buffer = buffer;
    picture->number = ++self->pictures;
    if (!self->test)
        return advance(self, picture, FALSE);
    GstVideoFrame frame;
    if (!gst_video_frame_map(&frame, &self->info, buffer, GST_MAP_READ)) {
        clear_picture(picture);
        g_free(picture);
        GST_ELEMENT_ERROR(self, RESOURCE, READ, ("The memory of a frame cannot be reached"), (NULL));
        return GST_FLOW_ERROR;
    }
    adaconv_frame looked_at = adaconv_frame_of(&frame, picture->number);
    adaconv_result result = adaconv_cut_test_add(self->test, &looked_at, &verdict);
    gst_video_frame_unmap(&frame);
    g_queue_push_tail(&self->waiting, picture);
    if (result) {
        FAIL(self, STREAM, FAILED, "A frame cannot be tested for a cut");
        return GST_FLOW_ERROR;
    }
    return verdict == ADACONV_CUT_PENDING ? GST_FLOW_OK : advance(self, g_queue_pop_head(&self->waiting), verdict == ADACONV_CUT_YES);
}

/* The rate that frames of one rate come out at; a variable one (0) stays variable. */
static void set_rate(AdaconvElement *self, const GValue *in, GstStructure *out)
{
    GST_OBJECT_LOCK(self);
    gint factor = (gint)self->factor, rate_n = self->rate_n, rate_d = self->rate_d;
    GST_OBJECT_UNLOCK(self);
    gint numerator = in ? gst_value_get_fraction_numerator(in) : 0, denominator = in ? gst_value_get_fraction_denominator(in) : 1;
    if (rate_n == 0 && (numerator == 0 || !gst_util_fraction_multiply(numerator, denominator, factor, 1, &rate_n, &rate_d)))
        rate_n = 0, rate_d = 1;
    gst_structure_set(out, "framerate", GST_TYPE_FRACTION, rate_n, rate_d, NULL);
}

static gboolean set_caps(AdaconvElement *self, GstCaps *caps)
{
    GstVideoInfo info;
    adaconv_format format;
    if (!gst_video_info_from_caps(&info, caps) || !adaconv_format_of_caps(&info, caps, &format))
        return FALSE;
    if (GST_VIDEO_INFO_IS_INTERLACED(&info)) {
        GST_ELEMENT_ERROR(self, STREAM, FORMAT, ("Interlaced video cannot be interpolated; put deinterlace before adaconv"), (NULL));
        return FALSE;
    }
    drop_pool(self);
    if (self->test)
        adaconv_cut_test_destroy(self->test);
    self->test = NULL, self->has_format = FALSE;
    GST_OBJECT_LOCK(self);
    gboolean cuts = self->cuts;
    gdouble threshold = self->threshold;
    guint look_ahead = self->look_ahead;
    GST_OBJECT_UNLOCK(self);
    if (adaconv_set_format(self->interpolator, &format) ||
        (cuts && adaconv_cut_test_create(ADACONV_ABI, &format, threshold, look_ahead, &self->test))) {
        FAIL(self, STREAM, FORMAT, "Video of this format cannot be interpolated");
        return FALSE;
    }
    GstCaps *out = gst_caps_copy(caps);
    GstStructure *structure = gst_caps_get_structure(out, 0);
    set_rate(self, gst_structure_get_value(structure, "framerate"), structure);
    self->info = info;
    gst_video_info_from_caps(&self->info_out, out);
    self->interval = GST_VIDEO_INFO_FPS_N(&info) > 0
        ? gst_util_uint64_scale(GST_SECOND, (guint64)GST_VIDEO_INFO_FPS_D(&info), (guint64)GST_VIDEO_INFO_FPS_N(&info))
        : GST_CLOCK_TIME_NONE;
    GST_OBJECT_LOCK(self);
    self->latency = GST_CLOCK_TIME_IS_VALID(self->interval) ? self->interval * (1 + (cuts ? look_ahead : 0)) : 0;
    GST_OBJECT_UNLOCK(self);
    self->has_format = gst_pad_push_event(self->source, gst_event_new_caps(out));
    gst_caps_unref(out);
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
    return self->has_format;
}

static gboolean on_sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    AdaconvElement *self = ADACONV_ELEMENT(parent);
    GstCaps *caps;
    gboolean good;
    switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
        drain(self);
        gst_event_parse_caps(event, &caps);
        good = set_caps(self, caps);
        gst_event_unref(event);
        return good;
    case GST_EVENT_SEGMENT:
        drain(self);
        gst_event_copy_segment(event, &self->segment);
        if (self->segment.format != GST_FORMAT_TIME) {
            GST_ELEMENT_ERROR(self, STREAM, FAILED, ("Frames without times cannot be interpolated; the stream's segment is not in time"), (NULL));
            gst_event_unref(event);
            return FALSE;
        }
        break;
    case GST_EVENT_EOS:
    case GST_EVENT_GAP:
    case GST_EVENT_STREAM_GROUP_DONE:
        drain(self);
        break;
    case GST_EVENT_FLUSH_STOP:
        reset(self);
        gst_segment_init(&self->segment, GST_FORMAT_TIME);
        break;
    default:
        break;
    }
    return gst_pad_event_default(pad, parent, event);
}

static gboolean on_source_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    AdaconvElement *self = ADACONV_ELEMENT(parent);
    if (GST_EVENT_TYPE(event) == GST_EVENT_QOS) {
        GstClockTimeDiff late;
        GstClockTime time;
        gst_event_parse_qos(event, NULL, NULL, &late, &time);
        GST_OBJECT_LOCK(self);
        /* As far ahead as the sink is behind, so that it catches up. */
        self->earliest = !GST_CLOCK_TIME_IS_VALID(time) ? GST_CLOCK_TIME_NONE
            : late > 0                                  ? time + 2 * (GstClockTime)late
            : (GstClockTime)-late < time                ? time - (GstClockTime)-late
                                                        : 0;
        GST_OBJECT_UNLOCK(self);
    }
    return gst_pad_event_default(pad, parent, event);
}

/* What can come in or go out for what the other pad's peer takes: the same but for the rate. */
static GstCaps *other_caps(AdaconvElement *self, GstPad *pad, GstCaps *filter)
{
    GstPad *other = pad == self->sink ? self->source : self->sink;
    GstCaps *own = gst_pad_get_pad_template_caps(pad), *peer = gst_pad_peer_query_caps(other, NULL), *result;
    peer = gst_caps_make_writable(peer);
    for (guint i = 0; i < gst_caps_get_size(peer); i++)
        gst_structure_set(gst_caps_get_structure(peer, i), "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, NULL);
    result = gst_caps_intersect_full(peer, own, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref(peer), gst_caps_unref(own);
    if (filter) {
        GstCaps *both = gst_caps_intersect_full(filter, result, GST_CAPS_INTERSECT_FIRST);
        gst_caps_unref(result);
        result = both;
    }
    return result;
}

static gboolean on_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
    AdaconvElement *self = ADACONV_ELEMENT(parent);
    GstCaps *caps;
    if (GST_QUERY_TYPE(query) == GST_QUERY_CAPS) {
        gst_query_parse_caps(query, &caps);
        caps = other_caps(self, pad, caps);
        gst_query_set_caps_result(query, caps);
        gst_caps_unref(caps);
        return TRUE;
    }
    if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY && pad == self->source) {
        gboolean live;
        GstClockTime least, most;
        if (!gst_pad_peer_query(self->sink, query))
            return FALSE;
        gst_query_parse_latency(query, &live, &least, &most);
        GST_OBJECT_LOCK(self);
        least += self->latency;
        most = GST_CLOCK_TIME_IS_VALID(most) ? most + self->latency : most;
        GST_OBJECT_UNLOCK(self);
        gst_query_set_latency(query, live, least, most);
        return TRUE;
    }
    if (GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION && pad == self->sink) {
        /* Originals go on as they are: their memory may lie as downstream can take it. Their number is not downstream's to limit. */
        gboolean wants_pool, good;
        gst_query_parse_allocation(query, &caps, &wants_pool);
        if (!caps)
            return FALSE;
        GstCaps *out = gst_caps_copy(caps);
        set_rate(self, gst_structure_get_value(gst_caps_get_structure(caps, 0), "framerate"), gst_caps_get_structure(out, 0));
        GstQuery *further = gst_query_new_allocation(out, FALSE);
        good = gst_pad_peer_query(self->source, further);
        if (good && gst_query_find_allocation_meta(further, GST_VIDEO_META_API_TYPE, NULL))
            gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
        gst_query_unref(further);
        gst_caps_unref(out);
        return TRUE;
    }
    return gst_pad_query_default(pad, parent, query);
}

static GstStateChangeReturn change_state(GstElement *element, GstStateChange change)
{
    AdaconvElement *self = ADACONV_ELEMENT(element);
    if (change == GST_STATE_CHANGE_READY_TO_PAUSED && !start(self))
        return GST_STATE_CHANGE_FAILURE;
    GstStateChangeReturn result = GST_ELEMENT_CLASS(adaconv_element_parent_class)->change_state(element, change);
    if (change == GST_STATE_CHANGE_PAUSED_TO_READY || (change == GST_STATE_CHANGE_READY_TO_PAUSED && result == GST_STATE_CHANGE_FAILURE))
        stop(self);
    return result;
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    AdaconvElement *self = ADACONV_ELEMENT(object);
    GST_OBJECT_LOCK(self);
    switch (id) {
    case PROP_MODEL:
        g_free(self->model);
        self->model = g_value_dup_string(value);
        if (!self->model)
            self->model = g_strdup("guided");
        break;
    case PROP_THREADS: self->threads = g_value_get_uint(value); break;
    case PROP_FACTOR: self->factor = g_value_get_uint(value); break;
    case PROP_FRAMERATE:
        self->rate_n = gst_value_get_fraction_numerator(value);
        self->rate_d = gst_value_get_fraction_denominator(value);
        break;
    case PROP_CUTS: self->cuts = g_value_get_boolean(value); break;
    case PROP_CUT_THRESHOLD: self->threshold = g_value_get_double(value); break;
    case PROP_CUT_LOOK_AHEAD: self->look_ahead = g_value_get_uint(value); break;
    case PROP_QOS: self->qos = g_value_get_boolean(value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec); break;
    }
    GST_OBJECT_UNLOCK(self);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    AdaconvElement *self = ADACONV_ELEMENT(object);
    GST_OBJECT_LOCK(self);
    switch (id) {
    case PROP_MODEL: g_value_set_string(value, self->model); break;
    case PROP_THREADS: g_value_set_uint(value, self->threads); break;
    case PROP_FACTOR: g_value_set_uint(value, self->factor); break;
    case PROP_FRAMERATE: gst_value_set_fraction(value, self->rate_n, self->rate_d); break;
    case PROP_CUTS: g_value_set_boolean(value, self->cuts); break;
    case PROP_CUT_THRESHOLD: g_value_set_double(value, self->threshold); break;
    case PROP_CUT_LOOK_AHEAD: g_value_set_uint(value, self->look_ahead); break;
    case PROP_QOS: g_value_set_boolean(value, self->qos); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec); break;
    }
    GST_OBJECT_UNLOCK(self);
}

static void finalize(GObject *object)
{
    AdaconvElement *self = ADACONV_ELEMENT(object);
    g_free(self->model);
    G_OBJECT_CLASS(adaconv_element_parent_class)->finalize(object);
}

static void adaconv_element_init(AdaconvElement *self)
{
    self->model = g_strdup("guided");
    self->factor = DEFAULT_FACTOR;
    self->rate_d = 1;
    self->cuts = self->qos = TRUE;
    self->threshold = ADACONV_CUT_THRESHOLD;
    self->look_ahead = ADACONV_CUT_LOOK_AHEAD;
    g_queue_init(&self->waiting);
    gst_segment_init(&self->segment, GST_FORMAT_TIME);
    self->base = self->next_time = self->interval = self->earliest = GST_CLOCK_TIME_NONE;

    self->sink = gst_pad_new_from_static_template(&sink_template, "sink");
    gst_pad_set_chain_function(self->sink, chain);
    gst_pad_set_event_function(self->sink, on_sink_event);
    gst_pad_set_query_function(self->sink, on_query);
    gst_element_add_pad(GST_ELEMENT(self), self->sink);
    self->source = gst_pad_new_from_static_template(&source_template, "src");
    gst_pad_set_event_function(self->source, on_source_event);
    gst_pad_set_query_function(self->source, on_query);
    gst_element_add_pad(GST_ELEMENT(self), self->source);
}

static void adaconv_element_class_init(AdaconvElementClass *class)
{
    GObjectClass *object = G_OBJECT_CLASS(class);
    GstElementClass *element = GST_ELEMENT_CLASS(class);
    GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;
    object->set_property = set_property;
    object->get_property = get_property;
    object->finalize = finalize;
    element->change_state = change_state;
    g_object_class_install_property(object, PROP_MODEL, g_param_spec_string("model", "Model",
        "Weights: a name (guided, fast, quality) of those beside the plugin, or the path of a .safetensors file", "guided", flags));
    g_object_class_install_property(object, PROP_THREADS, g_param_spec_uint("threads", "Threads", "Threads that predict; 0: one for each processor",
        0, 1024, 0, flags));
    g_object_class_install_property(object, PROP_FACTOR, g_param_spec_uint("factor", "Factor", "Frames out for each frame in, where framerate is 0",
        1, 16, DEFAULT_FACTOR, flags));
    g_object_class_install_property(object, PROP_FRAMERATE, gst_param_spec_fraction("framerate", "Frame rate",
        "Constant rate of the frames out; 0: by factor", 0, 1, G_MAXINT, 1, 0, 1, flags));
    g_object_class_install_property(object, PROP_CUTS, g_param_spec_boolean("cuts", "Cuts",
        "Find scene cuts, over which nothing is predicted; the latency grows by cut-look-ahead frames", TRUE, flags));
    g_object_class_install_property(object, PROP_CUT_THRESHOLD, g_param_spec_double("cut-threshold", "Cut threshold",
        "How different two frames must be to count as a cut", 0.001, 1, ADACONV_CUT_THRESHOLD, flags));
    g_object_class_install_property(object, PROP_CUT_LOOK_AHEAD, g_param_spec_uint("cut-look-ahead", "Cut look-ahead",
        "Frames behind a possible cut that are waited for; with fewer, flashes count as cuts", 0, ADACONV_CUT_LOOK_AHEAD, ADACONV_CUT_LOOK_AHEAD, flags));
    g_object_class_install_property(object, PROP_QOS, g_param_spec_boolean("qos", "Quality of service",
        "Leave out new frames that would come too late", TRUE, flags));
    gst_element_class_add_static_pad_template(element, &sink_template);
    gst_element_class_add_static_pad_template(element, &source_template);
    gst_element_class_set_static_metadata(element, "AdaConv frame interpolator", "Filter/Effect/Converter/Video",
        "Doubles the frame rate by predicting the frame between every two", "AdaConv");
}

static gboolean plugin_init(GstPlugin *plugin)
{
    GST_DEBUG_CATEGORY_INIT(adaconv_debug, "adaconv", 0, "frame interpolation by AdaConv");
    return gst_element_register(plugin, "adaconv", GST_RANK_NONE, ADACONV_TYPE_ELEMENT);
}

#define PACKAGE "adaconv"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, adaconv, "Frame interpolation by AdaConv", plugin_init, ADACONV_VERSION, "MIT/X11", "AdaConv",
    "AdaConv")
