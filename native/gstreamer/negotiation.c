/*
 * What the element agrees on with its neighbours: formats and rates, where frames lie in memory, latency; and the events that end a stream's
 * frames or tell that a sink is late.
 */
#include "element.h"

void adaconv_element_drop_pool(AdaconvElement *self)
{
    if (self->pool)
        gst_buffer_pool_set_active(self->pool, FALSE);
    gst_clear_object(&self->pool);
}

/* Memory that lies as downstream wants it. */
gboolean adaconv_element_find_pool(AdaconvElement *self)
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

gboolean adaconv_element_set_caps(AdaconvElement *self, GstCaps *caps)
{
    GstVideoInfo info;
    adaconv_format format;
    if (!gst_video_info_from_caps(&info, caps) || !adaconv_format_of_caps(&info, caps, &format))
        return FALSE;
    if (GST_VIDEO_INFO_IS_INTERLACED(&info)) {
        GST_ELEMENT_ERROR(self, STREAM, FORMAT, ("Interlaced video cannot be interpolated; put deinterlace before adaconv"), (NULL));
        return FALSE;
    }
    adaconv_element_drop_pool(self);
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

gboolean adaconv_element_sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    AdaconvElement *self = ADACONV_ELEMENT(parent);
    GstCaps *caps;
    gboolean good;
    switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
        adaconv_element_drain(self);
        gst_event_parse_caps(event, &caps);
        good = adaconv_element_set_caps(self, caps);
        gst_event_unref(event);
        return good;
    case GST_EVENT_SEGMENT:
        adaconv_element_drain(self);
        gst_event_copy_segment(event, &self->segment);
        if (self->segment.format != GST_FORMAT_TIME) {
            GST_ELEMENT_ERROR(self, STREAM, FAILED, ("Frames without times cannot be interpolated; the stream's segment is not in time"), (NULL));
            gst_event_unref(event);
            return FALSE;
        }
        break;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:
    case GST_EVENT_GAP:
    case GST_EVENT_STREAM_GROUP_DONE:
        adaconv_element_drain(self);
        break;
    case GST_EVENT_FLUSH_STOP:
        adaconv_element_reset(self);
        gst_segment_init(&self->segment, GST_FORMAT_TIME);
        break;
    default:
        break;
    }
    return gst_pad_event_default(pad, parent, event);
}

gboolean adaconv_element_source_event(GstPad *pad, GstObject *parent, GstEvent *event)
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

gboolean adaconv_element_query(GstPad *pad, GstObject *parent, GstQuery *query)
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
