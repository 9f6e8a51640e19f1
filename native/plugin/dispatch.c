/*
 * The functions of adaconv.h, handed to the code for the processor at hand. The library holds its managed code once for each level of
 * processors (build.sh says which), each with a runtime of its own; the first call chooses one, and only that one is ever started.
 */
#define _GNU_SOURCE
#include "../adaconv.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(X) \
    X(uint32_t, abi, (void), ()) \
    X(const char *, version, (void), ()) \
    X(size_t, last_error, (char *buffer, size_t capacity), (buffer, capacity)) \
    X(adaconv_result, format_planar, \
      (adaconv_format * format, int32_t family, uint32_t width, uint32_t height, uint32_t depth, uint32_t x, uint32_t y, uint32_t alpha), \
      (format, family, width, height, depth, x, y, alpha)) \
    X(adaconv_result, create, (uint32_t abi, const char *weights, const adaconv_options *options, adaconv_interpolator **interpolator), \
      (abi, weights, options, interpolator)) \
    X(adaconv_result, set_format, (adaconv_interpolator * interpolator, const adaconv_format *format), (interpolator, format)) \
    X(adaconv_result, interpolate, \
      (adaconv_interpolator * interpolator, const adaconv_frame *first, const adaconv_frame *second, double time, const adaconv_frame *between), \
      (interpolator, first, second, time, between)) \
    X(adaconv_result, destroy, (adaconv_interpolator * interpolator), (interpolator)) \
    X(adaconv_result, cut_test_create, \
      (uint32_t abi, const adaconv_format *format, double threshold, uint32_t look_ahead, adaconv_cut_test **test), \
      (abi, format, threshold, look_ahead, test)) \
    X(adaconv_result, cut_test_add, (adaconv_cut_test * test, const adaconv_frame *frame, adaconv_verdict *verdict), (test, frame, verdict)) \
    X(adaconv_result, cut_test_destroy, (adaconv_cut_test * test), (test))

struct code {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
    FUNCTIONS(MEMBER)
};

/* build.sh defines ADACONV_LEVEL_N for each level N that the library holds. Level 1 is the code of processors that have no levels. */
#define DECLARE_1(type, name, parameters, arguments) type level1_adaconv_##name parameters;
#define DECLARE_2(type, name, parameters, arguments) type level2_adaconv_##name parameters;
#define DECLARE_3(type, name, parameters, arguments) type level3_adaconv_##name parameters;
#define DECLARE_4(type, name, parameters, arguments) type level4_adaconv_##name parameters;
#define TAKE_1(type, name, parameters, arguments) .name = level1_adaconv_##name,
#define TAKE_2(type, name, parameters, arguments) .name = level2_adaconv_##name,
#define TAKE_3(type, name, parameters, arguments) .name = level3_adaconv_##name,
#define TAKE_4(type, name, parameters, arguments) .name = level4_adaconv_##name,

#if ADACONV_LEVEL_4
FUNCTIONS(DECLARE_4)
static const struct code level4 = { FUNCTIONS(TAKE_4) };
#endif
#if ADACONV_LEVEL_3
FUNCTIONS(DECLARE_3)
static const struct code level3 = { FUNCTIONS(TAKE_3) };
#endif
#if ADACONV_LEVEL_2
FUNCTIONS(DECLARE_2)
static const struct code level2 = { FUNCTIONS(TAKE_2) };
#endif
#if ADACONV_LEVEL_1
FUNCTIONS(DECLARE_1)
static const struct code level1 = { FUNCTIONS(TAKE_1) };
#endif

static const struct code *chosen;
static pthread_once_t choice = PTHREAD_ONCE_INIT;

/* The most demanding code that the processor can run; ADACONV_PROCESSOR=2, 3 or 4 allows no more than that level of x86-64. */
static const struct code *best(void)
{
    const char *limit = getenv("ADACONV_PROCESSOR");
    int most = limit && *limit >= '1' && *limit <= '4' && !limit[1] ? *limit - '0' : 4;
    (void)most;
#if ADACONV_LEVEL_4
    if (most >= 4 && __builtin_cpu_supports("x86-64-v4"))
        return &level4;
#endif
#if ADACONV_LEVEL_3
    if (most >= 3 && __builtin_cpu_supports("x86-64-v3"))
        return &level3;
#endif
#if ADACONV_LEVEL_2
    if (__builtin_cpu_supports("x86-64-v2"))
        return &level2;
#endif
#if ADACONV_LEVEL_1
    return &level1;
#else
    return NULL;
#endif
}

/*
 * Starts the runtime of the code chosen, and gives back the handlers of signals that it takes: it wants faults of its own code as
 * exceptions, of which there are none here, and ignores SIGPIPE for the whole process. Its real-time signal stays: with it the garbage
 * collector stops threads that run managed code.
 */
static void start(void)
{
    static const int signals[] = { SIGSEGV, SIGFPE, SIGBUS, SIGILL, SIGPIPE };
    enum { COUNT = sizeof signals / sizeof *signals };
    struct sigaction before[COUNT];
    const struct code *code = best();
    if (!code)
        return;
    for (int i = 0; i < COUNT; i++)
        sigaction(signals[i], NULL, &before[i]);
    code->abi();
    for (int i = 0; i < COUNT; i++)
        sigaction(signals[i], &before[i], NULL);
    chosen = code;
}

static const char too_old[] = "This processor is older than the library's code: it needs SSE4.2 (x86-64-v2) or what the library was built for.";

/* What the functions give where no code can run. */
static uint32_t none_abi(void) { return ADACONV_ABI; }
static const char *none_version(void) { return ADACONV_VERSION; }
static size_t none_last_error(char *buffer, size_t capacity)
{
    if (buffer && capacity) {
        size_t length = sizeof too_old - 1 < capacity - 1 ? sizeof too_old - 1 : capacity - 1;
        memcpy(buffer, too_old, length);
        buffer[length] = 0;
    }
    return sizeof too_old - 1;
}

#define NONE_abi none_abi()
#define NONE_version none_version()
#define NONE_last_error none_last_error(buffer, capacity)
#define NONE_format_planar ADACONV_ERROR_PROCESSOR
#define NONE_create ADACONV_ERROR_PROCESSOR
#define NONE_set_format ADACONV_ERROR_PROCESSOR
#define NONE_interpolate ADACONV_ERROR_PROCESSOR
#define NONE_destroy ADACONV_ERROR_PROCESSOR
#define NONE_cut_test_create ADACONV_ERROR_PROCESSOR
#define NONE_cut_test_add ADACONV_ERROR_PROCESSOR
#define NONE_cut_test_destroy ADACONV_ERROR_PROCESSOR

#define DEFINE(type, name, parameters, arguments) \
    ADACONV_API type adaconv_##name parameters \
    { \
        pthread_once(&choice, start); \
        return chosen ? chosen->name arguments : NONE_##name; \
    }
FUNCTIONS(DEFINE)
