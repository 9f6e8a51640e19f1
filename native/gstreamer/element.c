/*
 * The element adaconv: raw video in, more frames of it out. Here: its properties and states, and the plugin that holds it.
 */
#include "element.h"

#include "plugin/model_path.h"

GST_DEBUG_CATEGORY(adaconv_debug);

#define DEFAULT_FACTOR 2

G_DEFINE_TYPE(AdaconvElement, adaconv_element, GST_TYPE_ELEMENT)

enum { PROP_0, PROP_MODEL, PROP_THREADS, PROP_FACTOR, PROP_FRAMERATE, PROP_GRAIN, PROP_CUTS, PROP_CUT_THRESHOLD, PROP_CUT_LOOK_AHEAD, PROP_QOS };

static GType grain_type(void)
{
    static const GEnumValue values[] = {
        { ADACONV_GRAIN_KEEP, "New frames have nearly as much as those around them", "keep" },
        { ADACONV_GRAIN_SMOOTH, "What the network predicts", "smooth" },
        { 0, NULL, NULL },
    };
    static gsize type;
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("AdaconvGrain", values));
    return type;
}

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(ADACONV_VIDEO_FORMATS)));
static GstStaticPadTemplate source_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(ADACONV_VIDEO_FORMATS)));

gchar *adaconv_last_error_text(void)
{
    gsize length = adaconv_last_error(NULL, 0);
    gchar *text = g_malloc(length + 1);
    adaconv_last_error(text, length + 1);
    return text;
}

static gboolean start(AdaconvElement *self)
{
    adaconv_options options = ADACONV_OPTIONS_INIT;
    char path[4096];
    GST_OBJECT_LOCK(self);
    adaconv_model_path(self->model, path, sizeof path);
    options.threads = self->threads;
    options.grain = self->grain;
    GST_OBJECT_UNLOCK(self);
    adaconv_result result = adaconv_create(ADACONV_ABI, path, &options, &self->interpolator);
    if (result)
        FAIL(self, RESOURCE, OPEN_READ, "The network cannot be loaded");
    return !result;
}

static void stop(AdaconvElement *self)
{
    adaconv_element_reset(self);
    adaconv_element_drop_pool(self);
    if (self->test)
        adaconv_cut_test_destroy(self->test);
    if (self->interpolator)
        adaconv_destroy(self->interpolator);
    self->test = NULL, self->interpolator = NULL, self->has_format = FALSE;
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
    case PROP_GRAIN: self->grain = g_value_get_enum(value); break;
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
    case PROP_GRAIN: g_value_set_enum(value, self->grain); break;
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
    gst_pad_set_chain_function(self->sink, adaconv_element_chain);
    gst_pad_set_event_function(self->sink, adaconv_element_sink_event);
    gst_pad_set_query_function(self->sink, adaconv_element_query);
    gst_element_add_pad(GST_ELEMENT(self), self->sink);
    self->source = gst_pad_new_from_static_template(&source_template, "src");
    gst_pad_set_event_function(self->source, adaconv_element_source_event);
    gst_pad_set_query_function(self->source, adaconv_element_query);
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
    g_object_class_install_property(object, PROP_GRAIN, g_param_spec_enum("grain", "Grain",
        "Grain and other fine detail of new frames", grain_type(), ADACONV_GRAIN_KEEP, flags));
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
