/* The element adaconv in GStreamer's own harness and in pipelines, for the tests: pipeline WEIGHTS, or pipeline WEIGHTS live SECONDS. */
#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <malloc.h>
#include <string.h>

static int failures;
static const char *weights;

#define CHECK(condition, ...) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s, line %d: ", __func__, __LINE__); \
            fprintf(stderr, __VA_ARGS__); \
            fputc('\n', stderr); \
            failures++; \
        } \
    } while (0)

enum { WIDTH = 64, HEIGHT = 48 };

static GstBuffer *frame(GstClockTime time, GstClockTime duration, int shift)
{
    GstBuffer *buffer = gst_buffer_new_allocate(NULL, WIDTH * HEIGHT * 3 / 2, NULL);
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_WRITE);
    for (gsize i = 0; i < map.size; i++)
        map.data[i] = (guint8)(((i % WIDTH + (gsize)shift) * 4 + i / WIDTH) & 127);
    gst_buffer_unmap(buffer, &map);
    GST_BUFFER_PTS(buffer) = time;
    GST_BUFFER_DURATION(buffer) = duration;
    return buffer;
}

static GstHarness *harness(const char *rate, gboolean cuts, int constant)
{
    GstHarness *h = gst_harness_new("adaconv");
    gchar *caps = g_strdup_printf("video/x-raw,format=I420,width=%d,height=%d,framerate=%s", WIDTH, HEIGHT, rate);
    g_object_set(h->element, "model", weights, "cuts", cuts, "threads", 1, "framerate", constant, 1, NULL);
    gst_harness_set_src_caps_str(h, caps);
    g_free(caps);
    return h;
}

/* The next frame, with its time and duration. */
static GstBuffer *expect(GstHarness *h, GstClockTime time, GstClockTime duration, const char *what)
{
    GstBuffer *buffer = gst_harness_try_pull(h);
    CHECK(buffer, "%s: no frame at %" GST_TIME_FORMAT, what, GST_TIME_ARGS(time));
    if (buffer)
        CHECK(GST_BUFFER_PTS(buffer) == time && GST_BUFFER_DURATION(buffer) == duration,
              "%s: a frame at %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ", not at %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, what,
              GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer), time, duration);
    return buffer;
}

static void drop(GstBuffer *buffer)
{
    if (buffer)
        gst_buffer_unref(buffer);
}

/* Originals go through uncopied; uneven times stay; the last frame stands to its end. */
static void times(void)
{
    GstHarness *h = harness("0/1", FALSE, 0);
    GstClockTime at[] = { 0, 40, 100, 110 };
    GstMemory *memory[4];
    for (int i = 0; i < 4; i++) {
        GstBuffer *buffer = frame(at[i] * GST_MSECOND, i == 3 ? 20 * GST_MSECOND : GST_CLOCK_TIME_NONE, i * 3);
        memory[i] = gst_buffer_peek_memory(buffer, 0);
        CHECK(gst_harness_push(h, buffer) == GST_FLOW_OK, "frame %d is refused", i);
    }
    CHECK(gst_harness_buffers_in_queue(h) == 6, "%u frames before the end", gst_harness_buffers_in_queue(h));
    gst_harness_push_event(h, gst_event_new_eos());
    GstClockTime end[] = { 40, 100, 110, 130 };
    for (int i = 0; i < 4; i++) {
        GstClockTime half = (end[i] - at[i]) * GST_MSECOND / 2;
        GstBuffer *original = expect(h, at[i] * GST_MSECOND, half, "an original");
        GstBuffer *between = expect(h, at[i] * GST_MSECOND + half, half, "one between");
        CHECK(original && gst_buffer_peek_memory(original, 0) == memory[i], "original %d was copied", i);
        CHECK(between && (gst_buffer_peek_memory(between, 0) == memory[i]) == (i == 3), "frame %d between is an original", i);
        drop(original), drop(between);
    }
    CHECK(gst_harness_buffers_in_queue(h) == 0, "frames are left");
    gst_harness_teardown(h);
}

/* What stands still, is a gap, or a cut is repeated. */
static void repeats(void)
{
    GstHarness *h = harness("25/1", FALSE, 0);
    GstBuffer *last;
    gst_harness_push(h, frame(0, GST_CLOCK_TIME_NONE, 0));
    gst_harness_push(h, frame(40 * GST_MSECOND, GST_CLOCK_TIME_NONE, 0));  /* still */
    gst_harness_push(h, frame(400 * GST_MSECOND, GST_CLOCK_TIME_NONE, 5)); /* nine intervals later */
    gst_harness_push_event(h, gst_event_new_eos());
    for (int i = 0; i < 2; i++) {
        GstBuffer *one = gst_harness_try_pull(h), *two = gst_harness_try_pull(h);
        CHECK(one && two && gst_buffer_peek_memory(one, 0) == gst_buffer_peek_memory(two, 0), "pair %d is predicted", i);
        drop(one), drop(two);
    }
    last = expect(h, 400 * GST_MSECOND, 20 * GST_MSECOND, "the last");
    drop(last);
    gst_harness_teardown(h);
}

/* A constant rate: 25 become 60. */
static void rate(void)
{
    GstHarness *h = harness("25/1", FALSE, 60);
    GstCaps *caps;
    for (int i = 0; i < 10; i++)
        gst_harness_push(h, frame((GstClockTime)i * 40 * GST_MSECOND, 40 * GST_MSECOND, i));
    gst_harness_push_event(h, gst_event_new_eos());
    CHECK(gst_harness_buffers_in_queue(h) == 24, "%u frames of 24", gst_harness_buffers_in_queue(h));
    for (guint i = 0; i < 24; i++) {
        GstClockTime begin = gst_util_uint64_scale(i, GST_SECOND, 60), end = gst_util_uint64_scale(i + 1, GST_SECOND, 60);
        drop(expect(h, begin, end - begin, "60 a second"));
    }
    caps = gst_pad_get_current_caps(h->sinkpad);
    gint n = 0, d = 0;
    gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "framerate", &n, &d);
    CHECK(n == 60 && d == 1, "the caps say %d/%d", n, d);
    gst_caps_unref(caps);
    gst_harness_teardown(h);
}

/* The latency is a frame, and what the test for cuts looks ahead. */
static void latency(void)
{
    for (int cuts = 0; cuts < 2; cuts++) {
        GstHarness *h = harness("25/1", cuts, 0);
        gst_harness_set_upstream_latency(h, 7 * GST_MSECOND);
        gst_harness_push(h, frame(0, 40 * GST_MSECOND, 0));
        GstClockTime got = gst_harness_query_latency(h), wanted = (GstClockTime)(7 + 40 * (cuts ? 3 : 1)) * GST_MSECOND;
        CHECK(got == wanted, "latency %" GST_TIME_FORMAT " with cuts %d", GST_TIME_ARGS(got), cuts);
        gst_harness_teardown(h);
    }
}

/* A flush forgets what waits; after it a new segment begins. */
static void flush(void)
{
    GstHarness *h = harness("25/1", TRUE, 0);
    GstSegment segment;
    for (int i = 0; i < 5; i++)
        gst_harness_push(h, frame((GstClockTime)i * 40 * GST_MSECOND, 40 * GST_MSECOND, i));
    gst_harness_push_event(h, gst_event_new_flush_start());
    gst_harness_push_event(h, gst_event_new_flush_stop(TRUE));
    while (gst_harness_buffers_in_queue(h))
        drop(gst_harness_pull(h));
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.start = segment.time = segment.position = 10 * GST_SECOND;
    gst_harness_push_event(h, gst_event_new_segment(&segment));
    for (int i = 0; i < 4; i++)
        gst_harness_push(h, frame(10 * GST_SECOND + (GstClockTime)i * 40 * GST_MSECOND, 40 * GST_MSECOND, i));
    gst_harness_push_event(h, gst_event_new_eos());
    for (GstClockTime i = 0; i < 8; i++)
        drop(expect(h, 10 * GST_SECOND + i * 20 * GST_MSECOND, 20 * GST_MSECOND, "after the flush"));
    CHECK(gst_harness_buffers_in_queue(h) == 0, "frames from before the flush");
    gst_harness_teardown(h);
}

/* Another size in the middle: what waits goes out in the old one. */
static void caps(void)
{
    GstHarness *h = harness("25/1", TRUE, 0);
    for (int i = 0; i < 3; i++)
        gst_harness_push(h, frame((GstClockTime)i * 40 * GST_MSECOND, 40 * GST_MSECOND, i));
    gst_harness_set_src_caps_str(h, "video/x-raw,format=GRAY8,width=32,height=24,framerate=50/1");
    CHECK(gst_harness_buffers_in_queue(h) == 6, "%u frames of the first size", gst_harness_buffers_in_queue(h));
    for (int i = 0; i < 3; i++) {
        GstBuffer *buffer = gst_buffer_new_allocate(NULL, 32 * 24, NULL);
        gst_buffer_memset(buffer, 0, (guint8)(100 + i), 32 * 24);
        GST_BUFFER_PTS(buffer) = 120 * GST_MSECOND + (GstClockTime)i * 20 * GST_MSECOND;
        gst_harness_push(h, buffer);
    }
    gst_harness_push_event(h, gst_event_new_eos());
    CHECK(gst_harness_buffers_in_queue(h) == 12, "%u frames of both sizes", gst_harness_buffers_in_queue(h));
    gst_harness_teardown(h);
}

/* Told that its frames come late, it leaves new ones out, and says so. */
static void late(void)
{
    GstHarness *h = harness("25/1", FALSE, 0);
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    gst_harness_push(h, frame(0, 40 * GST_MSECOND, 0));
    gst_harness_push_upstream_event(h, gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2, 30 * GST_MSECOND, 40 * GST_MSECOND)); /* until 100 ms */
    for (int i = 1; i < 5; i++)
        gst_harness_push(h, frame((GstClockTime)i * 40 * GST_MSECOND, 40 * GST_MSECOND, i));
    drop(expect(h, 0, 20 * GST_MSECOND, "original 0"));
    drop(expect(h, 40 * GST_MSECOND, 20 * GST_MSECOND, "original 1"));
    drop(expect(h, 80 * GST_MSECOND, 20 * GST_MSECOND, "original 2"));
    drop(expect(h, 120 * GST_MSECOND, 20 * GST_MSECOND, "original 3"));
    drop(expect(h, 140 * GST_MSECOND, 20 * GST_MSECOND, "in time again"));
    int messages = 0;
    GstMessage *message;
    while ((message = gst_bus_pop_filtered(bus, GST_MESSAGE_QOS))) {
        messages++;
        gst_message_unref(message);
    }
    CHECK(messages == 3, "%d messages of 3", messages);
    gst_element_set_bus(h->element, NULL);
    gst_object_unref(bus);
    gst_harness_teardown(h);
}

/* Interlaced video and weights that are none are refused with words. */
static void refusals(void)
{
    const char *descriptions[] = {
        "videotestsrc num-buffers=3 ! video/x-raw,width=64,height=48,interlace-mode=interleaved ! adaconv model=%s ! fakesink",
        "videotestsrc num-buffers=3 ! adaconv model=/nowhere%s ! fakesink",
    };
    const char *words[] = { "deinterlace", "/nowhere" };
    for (int i = 0; i < 2; i++) {
        gchar *text = g_strdup_printf(descriptions[i], weights);
        GstElement *pipeline = gst_parse_launch(text, NULL);
        gst_element_set_state(pipeline, GST_STATE_PLAYING);
        GstMessage *message = gst_bus_timed_pop_filtered(GST_ELEMENT_BUS(pipeline), 20 * GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
        GError *error = NULL;
        if (message && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
            gst_message_parse_error(message, &error, NULL);
        CHECK(error && strstr(error->message, words[i]), "%s: %s", text, error ? error->message : "no error");
        g_clear_error(&error);
        if (message)
            gst_message_unref(message);
        gst_element_set_state(pipeline, GST_STATE_NULL);
        gst_object_unref(pipeline);
        g_free(text);
    }
}

static GstClockTime last_time, first_time;
static int frames;

static GstPadProbeReturn count(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    (void)pad, (void)data;
    if (GST_CLOCK_TIME_IS_VALID(last_time) && GST_BUFFER_PTS(buffer) <= last_time)
        CHECK(FALSE, "time goes back to %" GST_TIME_FORMAT, GST_TIME_ARGS(GST_BUFFER_PTS(buffer)));
    if (!GST_CLOCK_TIME_IS_VALID(last_time))
        first_time = GST_BUFFER_PTS(buffer);
    last_time = GST_BUFFER_PTS(buffer);
    frames++;
    return GST_PAD_PROBE_OK;
}

static GstElement *launch(const char *format)
{
    gchar *text = g_strdup_printf(format, weights);
    GstElement *pipeline = gst_parse_launch(text, NULL), *sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    GstPad *pad = gst_element_get_static_pad(sink, "sink");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, count, NULL, NULL);
    gst_object_unref(pad), gst_object_unref(sink);
    g_free(text);
    last_time = first_time = GST_CLOCK_TIME_NONE, frames = 0;
    return pipeline;
}

/* A seek in the middle of a pipeline that runs, to a stretch of it, again and again. */
static void seek(void)
{
    GstElement *pipeline = launch("videotestsrc num-buffers=100 pattern=ball ! video/x-raw,width=64,height=48,framerate=25/1 ! adaconv model=%s ! "
                                  "fakesink name=out sync=false");
    gst_element_set_state(pipeline, GST_STATE_PAUSED);
    gst_element_get_state(pipeline, NULL, NULL, 20 * GST_SECOND);
    for (GstClockTime i = 1; i <= 3; i++) {
        last_time = GST_CLOCK_TIME_NONE, frames = 0;
        CHECK(gst_element_seek(pipeline, 1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET, i * 400 * GST_MSECOND,
                               GST_SEEK_TYPE_SET, i * 400 * GST_MSECOND + 200 * GST_MSECOND), "the seek is refused");
        last_time = GST_CLOCK_TIME_NONE, frames = 0;
        gst_element_set_state(pipeline, GST_STATE_PLAYING);
        GstMessage *message = gst_bus_timed_pop_filtered(GST_ELEMENT_BUS(pipeline), 30 * GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
        CHECK(message && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS, "seek %d does not come to an end", (int)i);
        CHECK(last_time >= i * 400 * GST_MSECOND + 180 * GST_MSECOND && last_time < i * 400 * GST_MSECOND + 260 * GST_MSECOND,
              "seek %d ends at %" GST_TIME_FORMAT, (int)i, GST_TIME_ARGS(last_time));
        if (message)
            gst_message_unref(message);
        gst_element_set_state(pipeline, GST_STATE_PAUSED);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
}

static guint after[2]; /* frames that had come when a segment was done, and when the next stream began */

static GstPadProbeReturn note(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    GstEventType type = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info));
    (void)pad;
    if (type == GST_EVENT_SEGMENT_DONE || type == GST_EVENT_STREAM_START)
        after[type == GST_EVENT_STREAM_START] = gst_harness_buffers_received(data);
    return GST_PAD_PROBE_OK;
}

/* What waits goes out before a segment is done (players loop so, without an end of the stream), and before another stream begins. */
static void ends(void)
{
    GstHarness *h = harness("10/1", TRUE, 0);
    GstPad *pad = gst_element_get_static_pad(h->element, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note, h, NULL);
    for (int i = 0; i < 4; i++)
        gst_harness_push(h, frame((GstClockTime)i * 100 * GST_MSECOND, 100 * GST_MSECOND, i));
    gst_harness_push_event(h, gst_event_new_segment_done(GST_FORMAT_TIME, 400 * GST_MSECOND));
    CHECK(after[0] == 8, "a segment is done after %u frames of 8", after[0]);
    for (int i = 4; i < 8; i++)
        gst_harness_push(h, frame((GstClockTime)i * 100 * GST_MSECOND, 100 * GST_MSECOND, i));
    gst_harness_push_event(h, gst_event_new_stream_start("another"));
    CHECK(after[1] == 16, "the next stream begins after %u frames of 16", after[1]);
    gst_object_unref(pad);
    gst_harness_teardown(h);
}

static size_t in_use(void)
{
    malloc_trim(0);
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* A live source for some seconds: frames arrive, and memory does not grow. */
static void live(int seconds)
{
    GstElement *pipeline = launch("videotestsrc is-live=true pattern=ball ! video/x-raw,width=64,height=48,framerate=25/1 ! adaconv model=%s ! "
                                  "fakesink name=out sync=true qos=true");
    size_t early = 0;
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (int i = 0; i < seconds; i++) {
        GstMessage *message = gst_bus_timed_pop_filtered(GST_ELEMENT_BUS(pipeline), GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
        CHECK(!message, "the live pipeline ends");
        if (early == 0 && frames >= 20) /* all that is allocated once, is */
            early = in_use();
    }
    size_t late_use = in_use();
    CHECK(early == 0 || late_use < early + (1 << 20), "memory grows from %zu to %zu bytes", early, late_use);
    CHECK(frames >= (seconds - 3) * 12, "%d frames in %d s", frames, seconds); /* where the machine is busy, new ones are left out */
    printf("%d frames in %d s; in use %zu, then %zu\n", frames, seconds, early, late_use);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
}

/* Started and stopped again and again. */
static void states(void)
{
    for (int i = 0; i < 4; i++) {
        GstElement *pipeline = launch("videotestsrc num-buffers=4 pattern=ball ! video/x-raw,width=64,height=48 ! adaconv model=%s ! fakesink name=out");
        for (int k = 0; k < 2; k++) {
            last_time = GST_CLOCK_TIME_NONE;
            gst_element_set_state(pipeline, GST_STATE_PLAYING);
            GstMessage *message = gst_bus_timed_pop_filtered(GST_ELEMENT_BUS(pipeline), 20 * GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
            CHECK(message && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS, "no end");
            if (message)
                gst_message_unref(message);
            gst_element_set_state(pipeline, GST_STATE_NULL);
        }
        CHECK(frames == 16, "%d frames of 16", frames);
        gst_object_unref(pipeline);
    }
}

int main(int count_of, char **arguments)
{
    gst_init(NULL, NULL);
    weights = arguments[1];
    if (count_of == 4) {
        live(atoi(arguments[3]));
        return failures ? 1 : 0;
    }
    times(), repeats(), rate(), latency(), flush(), caps(), late(), refusals(), seek(), ends(), states(), live(4);
    return failures ? 1 : 0;
}
