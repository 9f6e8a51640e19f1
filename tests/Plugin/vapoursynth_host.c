/* The least of a VapourSynth that the plug-in needs, for the tests: vapoursynth_host PLUGIN WEIGHTS. It is no proof for the real one. */
#include <VapourSynth4.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 64, HEIGHT = 48, FRAMES = 5, KEYS = 12 };

struct entry { char key[32]; int64_t number; double real; };
struct VSMap { struct entry entries[KEYS]; int count; VSNode *node; const char *model; char error[600]; };
struct VSFrame { uint8_t *data; VSMap properties; int references; };
struct VSNode { VSVideoInfo info; VSFilterGetFrame get_frame; VSFilterFree free; void *instance; VSFrame *frames[FRAMES]; };
struct VSFrameContext { char error[600]; int requested[FRAMES]; };

static int failures, frames_alive;
static const VSAPI api;
static VSPublicFunction function;
static VSNode made;

#define CHECK(condition, ...) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: ", __LINE__); \
            fprintf(stderr, __VA_ARGS__); \
            fputc('\n', stderr); \
            failures++; \
        } \
    } while (0)

static struct entry *find(const VSMap *map, const char *key, int *error)
{
    for (int i = 0; i < map->count; i++) {
        if (!strcmp(map->entries[i].key, key)) {
            if (error)
                *error = peSuccess;
            return (struct entry *)&map->entries[i];
        }
    }
    if (error)
        *error = peUnset;
    return NULL;
}

static struct entry *make(VSMap *map, const char *key)
{
    struct entry *entry = find(map, key, NULL);
    if (!entry) {
        entry = &map->entries[map->count++];
        snprintf(entry->key, sizeof entry->key, "%s", key);
    }
    return entry;
}

static int64_t VS_CC get_int(const VSMap *map, const char *key, int index, int *error)
{
    struct entry *entry = find(map, key, error);
    (void)index;
    return entry ? entry->number : 0;
}

static double VS_CC get_float(const VSMap *map, const char *key, int index, int *error)
{
    struct entry *entry = find(map, key, error);
    (void)index;
    return entry ? entry->real : 0;
}

static int VS_CC set_int(VSMap *map, const char *key, int64_t value, int append)
{
    (void)append;
    make(map, key)->number = value;
    return 0;
}

static int VS_CC set_float(VSMap *map, const char *key, double value, int append)
{
    (void)append;
    make(map, key)->real = value;
    return 0;
}

static int VS_CC delete_key(VSMap *map, const char *key)
{
    struct entry *entry = find(map, key, NULL);
    if (entry)
        *entry = map->entries[--map->count];
    return entry != NULL;
}

static const char *VS_CC get_data(const VSMap *map, const char *key, int index, int *error)
{
    (void)key, (void)index;
    *error = map->model ? peSuccess : peUnset;
    return map->model;
}

static VSNode *VS_CC get_node(const VSMap *map, const char *key, int index, int *error)
{
    (void)key, (void)index, (void)error;
    return map->node;
}

static void VS_CC set_error(VSMap *map, const char *error) { snprintf(map->error, sizeof map->error, "%s", error); }
static void VS_CC free_node(VSNode *node) { (void)node; }
static const VSVideoInfo *VS_CC get_info(VSNode *node) { return &node->info; }

static size_t plane_at(int plane) { return plane == 0 ? 0 : (size_t)WIDTH * HEIGHT * (plane == 1 ? 4 : 5) / 4; }

static VSFrame *VS_CC new_frame(const VSVideoFormat *format, int width, int height, const VSFrame *properties, VSCore *core)
{
    VSFrame *frame = calloc(1, sizeof *frame);
    (void)format, (void)core;
    CHECK(width == WIDTH && height == HEIGHT, "a frame of %dx%d", width, height);
    frame->data = calloc(1, WIDTH * HEIGHT * 3 / 2);
    frame->references = 1;
    frames_alive++;
    if (properties)
        frame->properties = properties->properties;
    return frame;
}

static void VS_CC free_frame(const VSFrame *frame)
{
    VSFrame *own = (VSFrame *)frame;
    if (--own->references == 0) {
        free(own->data);
        free(own);
        frames_alive--;
    }
}

static VSFrame *VS_CC copy_frame(const VSFrame *frame, VSCore *core)
{
    VSFrame *copy = new_frame(NULL, WIDTH, HEIGHT, frame, core);
    memcpy(copy->data, frame->data, WIDTH * HEIGHT * 3 / 2);
    return copy;
}

static const VSMap *VS_CC properties_ro(const VSFrame *frame) { return &frame->properties; }
static VSMap *VS_CC properties_rw(VSFrame *frame) { return &frame->properties; }

static ptrdiff_t VS_CC stride(const VSFrame *frame, int plane)
{
    (void)frame;
    return plane ? WIDTH / 2 : WIDTH;
}

static const uint8_t *VS_CC read_pointer(const VSFrame *frame, int plane) { return frame->data + plane_at(plane); }
static uint8_t *VS_CC write_pointer(VSFrame *frame, int plane) { return frame->data + plane_at(plane); }

static void VS_CC request(int n, VSNode *node, VSFrameContext *context)
{
    (void)node;
    CHECK(n >= 0 && n < FRAMES, "frame %d is requested", n);
    context->requested[n] = 1;
}

static const VSFrame *VS_CC get_filter_frame(int n, VSNode *node, VSFrameContext *context)
{
    CHECK(context->requested[n], "frame %d is taken without a request", n);
    node->frames[n]->references++;
    return node->frames[n];
}

static void VS_CC filter_error(const char *error, VSFrameContext *context) { snprintf(context->error, sizeof context->error, "%s", error); }

static void VS_CC create_filter(VSMap *out, const char *name, const VSVideoInfo *info, VSFilterGetFrame get_frame, VSFilterFree release, int mode,
                                const VSFilterDependency *dependencies, int count, void *instance, VSCore *core)
{
    (void)name, (void)core, (void)dependencies;
    CHECK(mode == fmParallelRequests && count == 1, "mode %d", mode);
    made.info = *info, made.get_frame = get_frame, made.free = release, made.instance = instance;
    out->node = &made;
}

static const VSAPI api = {
    .createVideoFilter = create_filter, .freeNode = free_node, .getVideoInfo = get_info, .newVideoFrame = new_frame, .freeFrame = free_frame,
    .copyFrame = copy_frame, .getFramePropertiesRO = properties_ro, .getFramePropertiesRW = properties_rw, .getStride = stride,
    .getReadPtr = read_pointer, .getWritePtr = write_pointer, .getFrameFilter = get_filter_frame, .requestFrameFilter = request,
    .setFilterError = filter_error, .mapSetError = set_error, .mapDeleteKey = delete_key, .mapGetInt = get_int, .mapSetInt = set_int,
    .mapGetFloat = get_float, .mapSetFloat = set_float, .mapGetData = get_data, .mapGetNode = get_node,
};

static int VS_CC configure(const char *id, const char *space, const char *name, int version, int wanted, int flags, VSPlugin *plugin)
{
    (void)id, (void)name, (void)version, (void)flags, (void)plugin;
    CHECK(!strcmp(space, "adaconv") && wanted >> 16 == 4, "namespace %s, API %x", space, (unsigned)wanted);
    return 1;
}

static int VS_CC add(const char *name, const char *arguments, const char *returns, VSPublicFunction f, void *data, VSPlugin *plugin)
{
    (void)arguments, (void)returns, (void)data, (void)plugin;
    CHECK(!strcmp(name, "Interpolate"), "function %s", name);
    function = f;
    return 1;
}

static VSFrame *frame_at(int n, VSFrameContext *context)
{
    memset(context, 0, sizeof *context);
    CHECK(!made.get_frame(n, arInitial, made.instance, NULL, context, NULL, &api), "frame %d comes at once", n);
    return (VSFrame *)made.get_frame(n, arAllFramesReady, made.instance, NULL, context, NULL, &api);
}

static int64_t property(const VSFrame *frame, const char *key) { return get_int(&frame->properties, key, 0, NULL); }

int main(int count, char **arguments)
{
    static const VSPLUGINAPI plugin_api = { .configPlugin = configure, .registerFunction = add };
    void *library = count == 3 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    void (*initialize)(VSPlugin *, const VSPLUGINAPI *);
    VSNode source = { .info = { .format = { cfYUV, stInteger, 8, 1, 1, 1, 3 }, .fpsNum = 30000, .fpsDen = 1001, .width = WIDTH, .height = HEIGHT,
                                .numFrames = FRAMES } };
    VSFrameContext context;
    if (!library || !(*(void **)&initialize = dlsym(library, "VapourSynthPluginInit2"))) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    initialize(NULL, &plugin_api);
    for (int n = 0; n < FRAMES; n++) {
        VSFrame *frame = source.frames[n] = new_frame(NULL, WIDTH, HEIGHT, NULL, NULL);
        for (int i = 0; i < WIDTH * HEIGHT * 3 / 2; i++)
            frame->data[i] = (uint8_t)((i % WIDTH + 3 * n) * 4 + i / WIDTH) & 127;
        set_int(&frame->properties, "_DurationNum", n == 1 ? 3003 : 1001, maReplace);
        set_int(&frame->properties, "_DurationDen", 30000, maReplace);
        set_float(&frame->properties, "_AbsoluteTime", n, maReplace);
    }
    set_int(&source.frames[2]->properties, "_SceneChangeNext", 1, maReplace);

    /* What cannot be done is told by the map. */
    struct { int64_t num, den, threads; int depth, type; const char *model, *words; } wrong[] = {
        { 1, 2, 0, 8, stInteger, arguments[2], "factor" },   { 0, 1, 0, 8, stInteger, arguments[2], "factor" },
        { 2, 1, -1, 8, stInteger, arguments[2], "threads" }, { 2, 1, 0, 8, stFloat, arguments[2], "integers" },
        { 2, 1, 0, 32, stInteger, arguments[2], "integers" }, { 2, 1, 0, 8, stInteger, "/nowhere.safetensors", "/nowhere.safetensors" },
        { 1000000000, 1, 0, 8, stInteger, arguments[2], "too many" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        VSNode node = source;
        VSMap in = { .node = &node, .model = wrong[i].model }, out = { 0 };
        node.info.format.bitsPerSample = wrong[i].depth, node.info.format.sampleType = wrong[i].type;
        set_int(&in, "factor_num", wrong[i].num, maReplace), set_int(&in, "factor_den", wrong[i].den, maReplace);
        set_int(&in, "threads", wrong[i].threads, maReplace);
        function(&in, &out, NULL, NULL, &api);
        CHECK(strstr(out.error, wrong[i].words) && !out.node, "case %zu: '%s'", i, out.error);
    }

    /* 5 frames of uneven length at 5/2 of their rate. */
    VSMap in = { .node = &source, .model = arguments[2] }, out = { 0 };
    set_int(&in, "factor_num", 5, maReplace), set_int(&in, "factor_den", 2, maReplace);
    function(&in, &out, NULL, NULL, &api);
    CHECK(out.node == &made && !out.error[0], "'%s'", out.error);
    if (!out.node)
        return 1;
    CHECK(made.info.numFrames == 12 && made.info.fpsNum == 75000 && made.info.fpsDen == 1001, "%d frames of %lld/%lld", made.info.numFrames,
          (long long)made.info.fpsNum, (long long)made.info.fpsDen);
    for (int k = 0; k < 24; k++) { /* in a wild order, each twice */
        int n = k * 7 % 12, index = n * 2 / 5, rest = n * 2 % 5;
        VSFrame *frame = frame_at(n, &context);
        CHECK(frame && !context.error[0], "frame %d: %s", n, context.error);
        if (!frame)
            continue;
        /* Frame 2 is the last of its scene: up to the middle it stands, behind it the next. */
        int shown = index == 2 && rest * 2 > 5 ? 3 : rest == 0 || index == 2 || index == 4 ? index : -1;
        for (int i = 0; i < FRAMES; i++)
            CHECK(!memcmp(frame->data, source.frames[i]->data, WIDTH * HEIGHT * 3 / 2) == (i == shown), "frame %d is that of %d", n, i);
        int long_one = (shown < 0 ? index : shown) == 1;
        CHECK(property(frame, "_DurationNum") == 1001 && property(frame, "_DurationDen") == (long_one ? 25000 : 75000),
              "frame %d lasts %lld/%lld", n, (long long)property(frame, "_DurationNum"), (long long)property(frame, "_DurationDen"));
        free_frame(frame);
    }

    /* Interlaced frames are refused when they come. */
    set_int(&source.frames[0]->properties, "_FieldBased", 2, maReplace);
    CHECK(!frame_at(1, &context) && strstr(context.error, "deinterlace"), "interlaced: '%s'", context.error);

    made.free(made.instance, NULL, &api);
    for (int n = 0; n < FRAMES; n++)
        free_frame(source.frames[n]);
    CHECK(frames_alive == 0, "%d frames are left", frames_alive);
    return failures ? 1 : 0;
}
