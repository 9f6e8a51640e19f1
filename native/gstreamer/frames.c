/*
 * What happens to frames: originals pass as they are; between every two of them new ones are put, which libadaconv predicts.
 * Everything happens on the thread that brings them.
 */
#include "element.h"

#define MOST_INTERVALS 8              /* frames further apart than this many of the nominal interval are a gap: the earlier one stands */
#define SNAP (2 * GST_USECOND)        /* an output time this near to an original is its time: hosts round to nanoseconds */

static void clear_picture(Picture *picture)
{
    gst_clear_buffer(&picture->buffer);
    picture->number = 0;
}

/* Forgets the frames at hand. */
void adaconv_element_reset(AdaconvElement *self)
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

static GstFlowReturn predict(AdaconvElement *self, const Picture *first, const Picture *second, gdouble way, GstBuffer **between)
{
    GstVideoFrame a, b, c;
    GstFlowReturn flow = GST_FLOW_OK;
    *between = NULL;
    if (!self->pool && !adaconv_element_find_pool(self)) {
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
GstFlowReturn adaconv_element_drain(AdaconvElement *self)
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
    adaconv_element_reset(self);
    return flow;
}

GstFlowReturn adaconv_element_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
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
        if ((flow = adaconv_element_drain(self)) != GST_FLOW_OK) {
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
