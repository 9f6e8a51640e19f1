/* What a host does with adaconv.h, for the tests: jobs FILE | checks WEIGHTS | rounds WEIGHTS COUNT |
   speed WEIGHTS | cuts FRAMES WIDTH HEIGHT LOOK_AHEAD. */
#define _GNU_SOURCE
#include "expectations.h"
#include "host_pictures.h"

#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One line: weights layout family width height depth shift_x shift_y alpha matrix range threads kernels ensemble time first second between */
static void job(char *line)
{
    char weights[1000], layout[20], first[1000], second[1000], between[1000];
    int family, width, height, depth, x, y, alpha, matrix, range, threads, kernels, ensemble;
    double time;
    if (sscanf(line, "%999s %19s %d %d %d %d %d %d %d %d %d %d %d %d %lf %999s %999s %999s", weights, layout, &family, &width, &height, &depth, &x,
               &y, &alpha, &matrix, &range, &threads, &kernels, &ensemble, &time, first, second, between) != 18) {
        fail("not a job: %s", line);
        return;
    }
    adaconv_format format = ADACONV_FORMAT_INIT;
    adaconv_options options = ADACONV_OPTIONS_INIT;
    adaconv_interpolator *handle;
    expect("adaconv_format_planar", adaconv_format_planar(&format, family, width, height, depth, x, y, alpha), ADACONV_OK, NULL);
    format.matrix = matrix;
    format.range = range;
    format.siting = ADACONV_SITING_LEFT;
    if (!strcmp(layout, "p010")) {
        set_component(&format, 0, 0, 2, 0, 6, 10);
        set_component(&format, 1, 1, 4, 0, 6, 10);
        set_component(&format, 2, 1, 4, 2, 6, 10);
    } else if (!strcmp(layout, "bgra")) {
        for (int c = 0; c < 4; c++)
            set_component(&format, c, 0, 4, c == 3 ? 3 : 2 - c, 0, 8);
    }
    options.threads = threads;
    options.kernels = kernels;
    options.ensemble = ensemble;
    expect("adaconv_create", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_OK, NULL);
    expect("adaconv_set_format", adaconv_set_format(handle, &format), ADACONV_OK, NULL);
    struct picture a = allocate(&format), b = allocate(&format), c = allocate(&format);
    if (transfer(&format, &a, first, 0) || transfer(&format, &b, second, 0))
        fail("%s or %s cannot be read", first, second);
    expect("adaconv_interpolate", adaconv_interpolate(handle, &a.frame, &b.frame, time, &c.frame), ADACONV_OK, NULL);
    if (transfer(&format, &c, between, 1))
        fail("%s cannot be written", between);

    /* Pictures that the library holds already, the other way round, give the same as anew. */
    a.frame.picture = 1;
    b.frame.picture = 2;
    struct picture d = allocate(&format), e = allocate(&format);
    expect("numbered", adaconv_interpolate(handle, &a.frame, &b.frame, time, &d.frame), ADACONV_OK, NULL);
    if (memcmp(c.memory, d.memory, c.bytes))
        fail("numbered pictures give another frame: %s", line);
    expect("turned", adaconv_interpolate(handle, &b.frame, &a.frame, time, &d.frame), ADACONV_OK, NULL);
    a.frame.picture = b.frame.picture = 0;
    expect("turned anew", adaconv_interpolate(handle, &b.frame, &a.frame, time, &e.frame), ADACONV_OK, NULL);
    if (memcmp(d.memory, e.memory, d.bytes))
        fail("turned pictures that are held give another frame: %s", line);
    expect("adaconv_destroy", adaconv_destroy(handle), ADACONV_OK, NULL);
    free(a.memory), free(b.memory), free(c.memory), free(d.memory), free(e.memory);
}

static void misuse(const char *weights)
{
    adaconv_interpolator *handle = (void *)1, *other;
    adaconv_options options = ADACONV_OPTIONS_INIT;
    adaconv_format format = ADACONV_FORMAT_INIT, bad;
    char text[12];

    expect("another ABI", adaconv_create(99, weights, NULL, &handle), ADACONV_ERROR_ABI, "99");
    if (handle)
        fail("a failed adaconv_create leaves a handle");
    expect("no place for a handle", adaconv_create(ADACONV_ABI, weights, NULL, NULL), ADACONV_ERROR_ARGUMENT, "null");
    expect("no weights", adaconv_create(ADACONV_ABI, NULL, NULL, &handle), ADACONV_ERROR_ARGUMENT, "weights");
    expect("missing weights", adaconv_create(ADACONV_ABI, "/nowhere/x.safetensors", NULL, &handle), ADACONV_ERROR_MODEL, "/nowhere/x.safetensors");
    expect("wrong weights", adaconv_create(ADACONV_ABI, "/proc/self/maps", NULL, &handle), ADACONV_ERROR_MODEL, "safetensors");
    options.size = 3;
    expect("short options", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_ERROR_ABI, "size");
    options.size = sizeof options;
    options.kernels = 9;
    expect("unknown kernels", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_ERROR_ARGUMENT, "kernels");
    options.kernels = 0;
    options.ensemble = 3;
    expect("unknown ensemble", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_ERROR_ARGUMENT, "ensemble");
    options.ensemble = 0;
    options.grain = 2;
    expect("unknown grain", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_ERROR_ARGUMENT, "grain");
    options.grain = ADACONV_GRAIN_SMOOTH;
    expect("smooth", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_OK, NULL);
    expect("given back", adaconv_destroy(handle), ADACONV_OK, NULL);
    options.grain = 0;
    options.size = 24;
    expect("options of the first version", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_OK, NULL);
    expect("given back", adaconv_destroy(handle), ADACONV_OK, NULL);
    options.size = sizeof options;
    struct { adaconv_options known; uint64_t later; } longer = { { sizeof longer, 1, 0, 0, 0, 0, 0 }, 0 };
    expect("options of a later version", adaconv_create(ADACONV_ABI, weights, &longer.known, &handle), ADACONV_OK, NULL);
    expect("given back", adaconv_destroy(handle), ADACONV_OK, NULL);
    longer.later = 1;
    expect("options that are not known", adaconv_create(ADACONV_ABI, weights, &longer.known, &handle), ADACONV_ERROR_ABI, "later version");

    options.threads = 2;
    expect("adaconv_create", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_OK, NULL);
    expect("adaconv_format_planar", adaconv_format_planar(&format, ADACONV_YCBCR, 40, 30, 8, 1, 1, 0), ADACONV_OK, NULL);
    struct picture a = allocate(&format), b = allocate(&format), c = allocate(&format);
    adaconv_frame frame;
    expect("no format yet", adaconv_interpolate(handle, &a.frame, &b.frame, 0.5, &c.frame), ADACONV_ERROR_ARGUMENT, "adaconv_set_format");
    expect("no format", adaconv_set_format(handle, NULL), ADACONV_ERROR_ARGUMENT, "null");
#define WRONG(field, value, words) \
    bad = format, bad.field = value; \
    expect(#field, adaconv_set_format(handle, &bad), ADACONV_ERROR_ARGUMENT, words)
    WRONG(width, 0, "width is 0");
    WRONG(width, 65537, "width is 65537");
    WRONG(height, 4000000000u, "height is 4000000000");
    WRONG(family, 3, "family");
    WRONG(matrix, 3, "matrix");
    WRONG(matrix, -1, "matrix");
    WRONG(range, 3, "range");
    WRONG(siting, 7, "siting");
    WRONG(has_alpha, 2, "has_alpha");
    WRONG(chroma_shift_x, 4, "chroma_shift_x");
    WRONG(component[1].depth, 17, "component[1].depth");
    WRONG(component[2].plane, 4, "component[2].plane");
    WRONG(component[0].step, 9, "component[0].step");
    WRONG(component[0].offset, 1, "component[0].offset");
    WRONG(component[0].shift, 9, "component[0].shift");
    bad = format, bad.component[1].depth = 10, bad.component[1].step = 2;
    expect("two depths", adaconv_set_format(handle, &bad), ADACONV_ERROR_ARGUMENT, "component[1].depth is 10");
    bad = format, bad.size = 8;
    expect("short format", adaconv_set_format(handle, &bad), ADACONV_ERROR_ABI, "size");
    bad.size = sizeof bad;
    expect("no format of 7 bits", adaconv_format_planar(&bad, ADACONV_GREY, 8, 8, 7, 0, 0, 0), ADACONV_ERROR_ARGUMENT, "depth");
    expect("no subsampled grey", adaconv_format_planar(&bad, ADACONV_GREY, 8, 8, 8, 1, 0, 0), ADACONV_ERROR_ARGUMENT, "chroma_shift_x");
    expect("adaconv_set_format", adaconv_set_format(handle, &format), ADACONV_OK, NULL);

    expect("no frame", adaconv_interpolate(handle, NULL, &b.frame, 0.5, &c.frame), ADACONV_ERROR_ARGUMENT, "null");
    frame = a.frame, frame.data[2] = NULL;
    expect("no plane", adaconv_interpolate(handle, &frame, &b.frame, 0.5, &c.frame), ADACONV_ERROR_ARGUMENT, "first.data[2]");
    frame = a.frame, frame.stride[0] = 39;
    expect("rows that overlap", adaconv_interpolate(handle, &a.frame, &frame, 0.5, &c.frame), ADACONV_ERROR_ARGUMENT, "second.stride[0] is 39");
    frame = a.frame, frame.stride[1] = INT64_MIN;
    expect("no stride", adaconv_interpolate(handle, &a.frame, &b.frame, 0.5, &frame), ADACONV_ERROR_ARGUMENT, "between.stride[1]");
    frame = a.frame, frame.reserved = 1;
    expect("reserved", adaconv_interpolate(handle, &frame, &b.frame, 0.5, &c.frame), ADACONV_ERROR_ARGUMENT, "reserved");
    for (int i = 0; i < 5; i++) {
        double times[] = { 0, 1, -0.5, 1e300, 0.0 / 0.0 };
        expect("a time outside", adaconv_interpolate(handle, &a.frame, &b.frame, times[i], &c.frame), ADACONV_ERROR_ARGUMENT, "time");
    }
    expect("after all that", adaconv_interpolate(handle, &a.frame, &b.frame, 0.5, &c.frame), ADACONV_OK, NULL);
    expect("one of the two", adaconv_interpolate(handle, &a.frame, &b.frame, 0.5, &b.frame), ADACONV_OK, NULL);

    adaconv_cut_test *test;
    expect("no threshold", adaconv_cut_test_create(ADACONV_ABI, &format, 0, 2, &test), ADACONV_ERROR_ARGUMENT, "threshold");
    expect("too far ahead", adaconv_cut_test_create(ADACONV_ABI, &format, 0.3, 3, &test), ADACONV_ERROR_ARGUMENT, "look_ahead");
    expect("a cut test", adaconv_cut_test_create(ADACONV_ABI, &format, 0.3, 2, &test), ADACONV_OK, NULL);
    expect("no verdict", adaconv_cut_test_add(test, &a.frame, NULL), ADACONV_ERROR_ARGUMENT, "verdict");
    expect("one for the other", adaconv_set_format((adaconv_interpolator *)test, &format), ADACONV_ERROR_HANDLE, "interpolator");
    expect("the other for one", adaconv_cut_test_destroy((adaconv_cut_test *)handle), ADACONV_ERROR_HANDLE, "cut test");
    expect("a cut test given back", adaconv_cut_test_destroy(test), ADACONV_OK, NULL);
    expect("a cut test given back twice", adaconv_cut_test_destroy(test), ADACONV_ERROR_HANDLE, NULL);

    expect("null", adaconv_destroy(NULL), ADACONV_ERROR_HANDLE, "null");
    expect("given back", adaconv_destroy(handle), ADACONV_OK, NULL);
    expect("given back twice", adaconv_destroy(handle), ADACONV_ERROR_HANDLE, "given back");
    expect("used after that", adaconv_interpolate(handle, &a.frame, &b.frame, 0.5, &c.frame), ADACONV_ERROR_HANDLE, "given back");
    expect("an address", adaconv_destroy((adaconv_interpolator *)text), ADACONV_ERROR_HANDLE, NULL);
    other = handle;
    expect("adaconv_create", adaconv_create(ADACONV_ABI, weights, &options, &handle), ADACONV_OK, NULL);
    if (handle == other)
        fail("a handle is used again");
    expect("given back", adaconv_destroy(handle), ADACONV_OK, NULL);

    adaconv_destroy(NULL);
    if (adaconv_last_error(text, sizeof text) <= sizeof text || strlen(text) != sizeof text - 1 || adaconv_last_error(NULL, 0) == 0)
        fail("a long message is not cut: '%s'", text);
    free(a.memory), free(b.memory), free(c.memory);
}

/* Ten handles on ten threads, each with a size of its own; the same again one after the other must give the same. */
static const char *thread_weights;
struct worker { int index; unsigned char *picture; size_t bytes; adaconv_result result; };

static void *work(void *at)
{
    struct worker *worker = at;
    adaconv_interpolator *handle;
    adaconv_options options = ADACONV_OPTIONS_INIT;
    adaconv_format format = ADACONV_FORMAT_INIT;
    options.threads = 1 + worker->index % 3;
    adaconv_format_planar(&format, worker->index % 2 ? ADACONV_RGB : ADACONV_YCBCR, 32 + 3 * worker->index, 40, 8 + worker->index % 3, 0, 0, 0);
    worker->result = adaconv_create(ADACONV_ABI, thread_weights, &options, &handle);
    worker->result += adaconv_set_format(handle, &format);
    struct picture a = allocate(&format), b = allocate(&format), c = allocate(&format);
    fill(&a, 3), fill(&b, 5);
    for (int i = 0; i < 3; i++)
        worker->result += adaconv_interpolate(handle, &a.frame, &b.frame, 0.5, &c.frame);
    worker->result += adaconv_destroy(handle);
    worker->picture = c.memory, worker->bytes = c.bytes;
    free(a.memory), free(b.memory);
    return NULL;
}

static void threads(const char *weights)
{
    enum { COUNT = 10 };
    struct worker beside[COUNT] = { 0 }, alone[COUNT] = { 0 };
    pthread_t thread[COUNT];
    thread_weights = weights;
    for (int i = 0; i < COUNT; i++) {
        beside[i].index = alone[i].index = i;
        pthread_create(&thread[i], NULL, work, &beside[i]);
    }
    for (int i = 0; i < COUNT; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < COUNT; i++) {
        work(&alone[i]);
        if (beside[i].result || alone[i].result || memcmp(beside[i].picture, alone[i].picture, alone[i].bytes))
            fail("thread %d gives another frame than alone (%d, %d)", i, beside[i].result, alone[i].result);
        free(beside[i].picture), free(alone[i].picture);
    }
}

static void on_signal(int number) { (void)number; }

static void checks(const char *weights)
{
    struct sigaction before[64], after[64];
    char locale[1000];
    memset(before, 0, sizeof before), memset(after, 0, sizeof after);
    signal(SIGSEGV, on_signal);
    signal(SIGINT, on_signal);
    setlocale(LC_ALL, "C.UTF-8");
    snprintf(locale, sizeof locale, "%s", setlocale(LC_ALL, NULL));
    for (int i = 1; i < 64; i++)
        sigaction(i, NULL, &before[i]);

    if (adaconv_abi() != ADACONV_ABI)
        fail("the library has ABI %u", adaconv_abi());
    printf("version %s\n", adaconv_version());
    misuse(weights);
    threads(weights);

    int taken = 0;
    for (int i = 1; i < 64; i++) {
        sigaction(i, NULL, &after[i]);
        if (after[i].sa_handler != before[i].sa_handler) {
            taken++;
            if (i < SIGRTMIN || i > SIGRTMAX)
                fail("the handler of signal %d has changed", i);
        }
    }
    printf("real-time signals taken %d\n", taken);
    if (strcmp(locale, setlocale(LC_ALL, NULL)))
        fail("the locale has changed to %s", setlocale(LC_ALL, NULL));
}

/* Creates and gives back, for tools that look for what is left. */
static void rounds(const char *weights, int count)
{
    for (int i = 0; i < count; i++) {
        struct worker worker = { .index = 2 };
        thread_weights = weights;
        work(&worker);
        if (worker.result)
            fail("round %d: %s", i, last_error());
        free(worker.picture);
        adaconv_destroy(NULL);
    }
    struct mallinfo2 info = mallinfo2();
    printf("in use %zu\n", info.uordblks + info.hblkhd);
}

/* The shortest time of each width of kernels that there is, in turns. */
static void speed(const char *weights)
{
    adaconv_interpolator *handles[5] = { NULL };
    double best[5] = { 0 };
    adaconv_format format = ADACONV_FORMAT_INIT;
    adaconv_format_planar(&format, ADACONV_YCBCR, 256, 192, 8, 1, 1, 0);
    struct picture a = allocate(&format), b = allocate(&format), c = allocate(&format);
    fill(&a, 3), fill(&b, 5);
    for (int kernels = ADACONV_KERNELS_128; kernels <= ADACONV_KERNELS_512; kernels++) {
        adaconv_options options = ADACONV_OPTIONS_INIT;
        options.threads = 1;
        options.kernels = kernels;
        adaconv_result result = adaconv_create(ADACONV_ABI, weights, &options, &handles[kernels]);
        if (result == ADACONV_ERROR_PROCESSOR)
            continue;
        expect("adaconv_create", result, ADACONV_OK, NULL);
        expect("adaconv_set_format", adaconv_set_format(handles[kernels], &format), ADACONV_OK, NULL);
    }
    for (int i = 0; i < 8; i++) {
        for (int kernels = ADACONV_KERNELS_128; kernels <= ADACONV_KERNELS_512; kernels++) {
            struct timespec begin, end;
            if (!handles[kernels])
                continue;
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
            expect("adaconv_interpolate", adaconv_interpolate(handles[kernels], &a.frame, &b.frame, 0.5, &c.frame), ADACONV_OK, NULL);
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
            double time = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
            if (!best[kernels] || time < best[kernels])
                best[kernels] = time;
        }
    }
    for (int kernels = ADACONV_KERNELS_128; kernels <= ADACONV_KERNELS_512; kernels++) {
        if (handles[kernels])
            printf("%d %.6f\n", 64 << (kernels - 1), best[kernels]);
        if (handles[kernels])
            adaconv_destroy(handles[kernels]);
    }
    free(a.memory), free(b.memory), free(c.memory);
}

/* The cuts in a file of grey frames of 8 bits. */
static void cuts(const char *path, int width, int height, int look_ahead)
{
    FILE *file = fopen(path, "rb");
    adaconv_format format = ADACONV_FORMAT_INIT;
    adaconv_cut_test *test;
    adaconv_verdict verdict;
    int judged = 0;
    adaconv_format_planar(&format, ADACONV_GREY, width, height, 8, 0, 0, 0);
    expect("adaconv_cut_test_create", adaconv_cut_test_create(ADACONV_ABI, &format, ADACONV_CUT_THRESHOLD, look_ahead, &test), ADACONV_OK, NULL);
    adaconv_frame frame = ADACONV_FRAME_INIT;
    frame.data[0] = malloc((size_t)width * height);
    frame.stride[0] = width;
    do {
        int more = fread(frame.data[0], (size_t)width * height, 1, file) == 1;
        expect("adaconv_cut_test_add", adaconv_cut_test_add(test, more ? &frame : NULL, &verdict), ADACONV_OK, NULL);
        if (verdict == ADACONV_CUT_YES)
            printf("%d\n", judged);
        judged += verdict != ADACONV_CUT_PENDING;
        if (!more && verdict == ADACONV_CUT_PENDING)
            break;
    } while (1);
    expect("adaconv_cut_test_destroy", adaconv_cut_test_destroy(test), ADACONV_OK, NULL);
    fclose(file);
    free(frame.data[0]);
}

int main(int count, char **arguments)
{
    if (count == 3 && !strcmp(arguments[1], "jobs")) {
        FILE *file = fopen(arguments[2], "r");
        char *line = NULL;
        size_t length = 0;
        while (file && getline(&line, &length, file) > 0)
            job(line);
        free(line);
        if (!file)
            fail("%s: %s", arguments[2], strerror(errno));
        else
            fclose(file);
    } else if (count == 3 && !strcmp(arguments[1], "checks")) {
        checks(arguments[2]);
    } else if (count == 4 && !strcmp(arguments[1], "rounds")) {
        rounds(arguments[2], atoi(arguments[3]));
    } else if (count == 3 && !strcmp(arguments[1], "speed")) {
        speed(arguments[2]);
    } else if (count == 6 && !strcmp(arguments[1], "cuts")) {
        cuts(arguments[2], atoi(arguments[3]), atoi(arguments[4]), atoi(arguments[5]));
    } else {
        fail("jobs FILE | checks WEIGHTS | rounds WEIGHTS COUNT");
    }
    return failures ? 1 : 0;
}
