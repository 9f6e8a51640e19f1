/*
 * core.adaconv.Interpolate(clip clip[, int factor_num=2, int factor_den=1, string model="guided", int threads=0, bint sc=True,
 *                          string grain="keep"]) for
 * VapourSynth, API 4. Output frame n stands at n * factor_den / factor_num of the clip's frames: an original where that is a whole number,
 * else predicted by libadaconv. Where the earlier frame says _SceneChangeNext, the nearer one is repeated instead.
 */
#define _GNU_SOURCE
#include "../adaconv.h"
#include "../plugin/model_path.h"

#include <VapourSynth4.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    VSNode *node;
    VSVideoInfo in, out;
    int64_t num, den;
    int scene_changes;
    adaconv_interpolator *interpolator;
    adaconv_format format; /* its matrix and range are those of the frames at hand */
    int has_format;
} Interpolate;

static int64_t divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* a/b times c/d in lowest terms; whether it fits. */
static int multiply(int64_t *a, int64_t *b, int64_t c, int64_t d)
{
    if (*a < 0 || *b <= 0)
        return 0;
    int64_t first = divisor(*a, d), second = divisor(c, *b);
    if (__builtin_mul_overflow(*a / first, c / second, a) || __builtin_mul_overflow(*b / second, d / first, b))
        return 0;
    int64_t both = divisor(*a, *b);
    *a /= both;
    *b /= both;
    return 1;
}

static void last_error(char *text, size_t size, const char *words)
{
    int length = snprintf(text, size, "Interpolate: %s: ", words);
    adaconv_last_error(text + length, size - (size_t)length);
}

/* The format with the colours that a frame states. */
static int set_format(Interpolate *self, const VSMap *properties, const VSAPI *api)
{
    int unset;
    int64_t matrix = api->mapGetInt(properties, "_Matrix", 0, &unset);
    adaconv_format format = self->format;
    format.matrix = unset || self->in.format.colorFamily == cfRGB ? ADACONV_MATRIX_UNSPECIFIED : (int32_t)matrix;
    int64_t limited = api->mapGetInt(properties, "_ColorRange", 0, &unset);
    format.range = unset ? ADACONV_RANGE_UNSPECIFIED : limited ? ADACONV_RANGE_LIMITED : ADACONV_RANGE_FULL;
    if (self->has_format && format.matrix == self->format.matrix && format.range == self->format.range)
        return 0;
    self->has_format = !adaconv_set_format(self->interpolator, &format);
    self->format = format;
    return !self->has_format;
}

static adaconv_frame frame_of(const VSFrame *frame, uint8_t *const *planes, const Interpolate *self, uint64_t picture, const VSAPI *api)
{
    adaconv_frame result = ADACONV_FRAME_INIT;
    for (int plane = 0; plane < self->in.format.numPlanes; plane++) {
        result.data[plane] = planes ? planes[plane] : (void *)api->getReadPtr(frame, plane);
        result.stride[plane] = api->getStride(frame, plane);
    }
    result.picture = picture;
    return result;
}

/* A frame's time: its share of the original's, exactly. */
static void set_times(VSFrame *frame, const Interpolate *self, int64_t rest, const VSAPI *api)
{
    VSMap *properties = api->getFramePropertiesRW(frame);
    int no_num, no_den, no_time;
    int64_t num = api->mapGetInt(properties, "_DurationNum", 0, &no_num), den = api->mapGetInt(properties, "_DurationDen", 0, &no_den);
    double time = api->mapGetFloat(properties, "_AbsoluteTime", 0, &no_time);
    if (no_num || no_den || den <= 0)
        return;
    if (!no_time && rest)
        api->mapSetFloat(properties, "_AbsoluteTime", time + (double)num / (double)den * (double)rest / (double)self->num, maReplace);
    if (multiply(&num, &den, self->den, self->num)) {
        api->mapSetInt(properties, "_DurationNum", num, maReplace);
        api->mapSetInt(properties, "_DurationDen", den, maReplace);
    }
    if (rest)
        api->mapDeleteKey(properties, "_SceneChangePrev");
}

static const VSFrame *VS_CC get_frame(int n, int reason, void *data, void **frame_data, VSFrameContext *context, VSCore *core, const VSAPI *api)
{
    Interpolate *self = data;
    int64_t place = n * self->den, rest = place % self->num;
    int index = (int)(place / self->num), has_next = index + 1 < self->in.numFrames && rest != 0;
    (void)frame_data;
    if (reason == arInitial) {
        api->requestFrameFilter(index, self->node, context);
        if (has_next)
            api->requestFrameFilter(index + 1, self->node, context);
        return NULL;
    }
    if (reason != arAllFramesReady)
        return NULL;

    char error[600];
    const VSFrame *first = api->getFrameFilter(index, self->node, context), *second = has_next ? api->getFrameFilter(index + 1, self->node, context) : NULL;
    const VSMap *properties = api->getFramePropertiesRO(first);
    VSFrame *result = NULL;
    int unset;
    int cut = second && self->scene_changes && api->mapGetInt(properties, "_SceneChangeNext", 0, &unset) && !unset;
    if (api->mapGetInt(properties, "_FieldBased", 0, &unset) && !unset) {
        api->setFilterError("Interpolate: interlaced video cannot be interpolated; deinterlace it first", context);
    } else if (!second || cut) {
        result = api->copyFrame(cut && 2 * rest > self->num ? second : first, core);
        set_times(result, self, cut && 2 * rest > self->num ? 0 : rest, api);
    } else if (set_format(self, properties, api)) {
        last_error(error, sizeof error, "these colours cannot be interpolated");
        api->setFilterError(error, context);
    } else {
        uint8_t *planes[4] = { NULL };
        result = api->newVideoFrame(&self->in.format, self->in.width, self->in.height, first, core);
        for (int plane = 0; plane < self->in.format.numPlanes; plane++)
            planes[plane] = api->getWritePtr(result, plane);
        adaconv_frame from = frame_of(first, NULL, self, (uint64_t)index + 1, api), to = frame_of(second, NULL, self, (uint64_t)index + 2, api),
                      target = frame_of(result, planes, self, 0, api);
        if (adaconv_interpolate(self->interpolator, &from, &to, (double)rest / (double)self->num, &target)) {
            last_error(error, sizeof error, "a frame cannot be predicted");
            api->setFilterError(error, context);
            api->freeFrame(result);
            result = NULL;
        } else {
            set_times(result, self, rest, api);
        }
    }
    api->freeFrame(first);
    if (second)
        api->freeFrame(second);
    return result;
}

static void VS_CC release(void *data, VSCore *core, const VSAPI *api)
{
    Interpolate *self = data;
    (void)core;
    api->freeNode(self->node);
    if (self->interpolator)
        adaconv_destroy(self->interpolator);
    free(self);
}

/* What is wrong with the arguments, null where nothing is. */
static const char *prepare(Interpolate *self, const VSMap *in, const VSAPI *api, char *error, size_t size)
{
    int unset;
    self->num = api->mapGetInt(in, "factor_num", 0, &unset);
    self->num = unset ? 2 : self->num;
    self->den = api->mapGetInt(in, "factor_den", 0, &unset);
    self->den = unset ? 1 : self->den;
    self->scene_changes = !!api->mapGetInt(in, "sc", 0, &unset) || unset;
    int64_t threads = api->mapGetInt(in, "threads", 0, &unset);
    threads = unset ? 0 : threads;
    const char *model = api->mapGetData(in, "model", 0, &unset);
    model = unset ? "guided" : model;
    const char *grain = api->mapGetData(in, "grain", 0, &unset);
    grain = unset ? "keep" : grain;

    const VSVideoFormat *format = &self->in.format;
    if (self->in.width < 1 || self->in.height < 1 || format->colorFamily == cfUndefined)
        return "Interpolate: only clips of one format and size can be interpolated";
    if (format->sampleType != stInteger || format->bitsPerSample < 8 || format->bitsPerSample > 16)
        return "Interpolate: only integers of 8 to 16 bits can be interpolated";
    if (self->num < 1 || self->den < 1 || self->num > INT_MAX || self->den > INT_MAX || self->num < self->den)
        return "Interpolate: factor_num and factor_den must be 1 or more, and their ratio 1 or more";
    if (threads < 0 || threads > 1024)
        return "Interpolate: threads must be 0 to 1024";
    if (strcmp(grain, "keep") && strcmp(grain, "smooth"))
        return "Interpolate: grain must be keep or smooth";
    int64_t common = divisor(self->num, self->den);
    self->num /= common;
    self->den /= common;
    self->out = self->in;
    int64_t frames;
    if (__builtin_mul_overflow((int64_t)self->in.numFrames, self->num, &frames) || (frames /= self->den) > INT_MAX || frames < 1)
        return "Interpolate: the clip would have too many frames";
    self->out.numFrames = (int)frames;
    if (self->in.fpsNum > 0 && !multiply(&self->out.fpsNum, &self->out.fpsDen, self->num, self->den))
        return "Interpolate: the frame rate would be too large a fraction";

    adaconv_options options = ADACONV_OPTIONS_INIT;
    char path[4096];
    int32_t family = format->colorFamily == cfRGB ? ADACONV_RGB : format->colorFamily == cfGray ? ADACONV_GREY : ADACONV_YCBCR;
    options.threads = (uint32_t)threads;
    options.grain = strcmp(grain, "keep") ? ADACONV_GRAIN_SMOOTH : ADACONV_GRAIN_KEEP;
    adaconv_model_path(model, path, sizeof path);
    self->format = (adaconv_format)ADACONV_FORMAT_INIT;
    if (adaconv_format_planar(&self->format, family, (uint32_t)self->in.width, (uint32_t)self->in.height, (uint32_t)format->bitsPerSample,
                              (uint32_t)format->subSamplingW, (uint32_t)format->subSamplingH, 0)) {
        last_error(error, size, "this format cannot be interpolated");
        return error;
    }
    if (adaconv_create(ADACONV_ABI, path, &options, &self->interpolator)) {
        last_error(error, size, "the network cannot be loaded");
        return error;
    }
    return NULL;
}

static void VS_CC create(const VSMap *in, VSMap *out, void *user, VSCore *core, const VSAPI *api)
{
    Interpolate *self = calloc(1, sizeof *self);
    char text[600];
    const char *error;
    (void)user;
    if (!self) {
        api->mapSetError(out, "Interpolate: out of memory");
        return;
    }
    self->node = api->mapGetNode(in, "clip", 0, NULL);
    self->in = *api->getVideoInfo(self->node);
    if ((error = prepare(self, in, api, text, sizeof text))) {
        api->mapSetError(out, error);
        release(self, core, api);
        return;
    }
    VSFilterDependency dependency = { self->node, rpGeneral };
    api->createVideoFilter(out, "Interpolate", &self->out, get_frame, release, fmParallelRequests, &dependency, 1, self, core);
}

VS_EXTERNAL_API(void) VapourSynthPluginInit2(VSPlugin *plugin, const VSPLUGINAPI *api)
{
    api->configPlugin("adaconv.interpolate", "adaconv", "Frame interpolation by AdaConv", VS_MAKE_VERSION(0, 1), VAPOURSYNTH_API_VERSION, 0, plugin);
    api->registerFunction("Interpolate", "clip:vnode;factor_num:int:opt;factor_den:int:opt;model:data:opt;threads:int:opt;sc:int:opt;grain:data:opt;", "clip:vnode;",
                          create, NULL, plugin);
}
