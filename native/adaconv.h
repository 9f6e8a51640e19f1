/*
 * AdaConv as a C library: the frame between two frames, at any time between them, and the test for scene cuts.
 *
 * Ownership   Handles are the library's; give them back with the function named in their description. Frames are the caller's always:
 *             the library keeps no address after a call has returned.
 * Threads     Every function may be called on any thread. Calls on one handle wait for one another; several handles work side by side.
 *             An interpolator computes on threads of the library (adaconv_options.threads).
 * Alignment   Planes may lie at any address and have any stride whose absolute value holds a row; a stride may be negative.
 * Errors      Functions return ADACONV_OK (0) or a negative code, and set the message that adaconv_last_error copies. A handle that was
 *             given back, or never was one, is an error, not a crash; addresses of frames cannot be checked.
 * Structures  Each starts with its size, which the ADACONV_..._INIT macros set: later versions may add fields at the end, and a library
 *             takes shorter structures of earlier versions. Fields that it does not know must be 0.
 * Process     The library writes to no stream, does not end the process, and leaves locale, malloc and handlers of signals to the host.
 *             The runtime inside takes one real-time signal (docs/plugin.md). It stays loaded until the process ends.
 */
#ifndef ADACONV_H
#define ADACONV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define ADACONV_API
#else
#define ADACONV_API __attribute__((visibility("default")))
#endif

/* What this header describes; adaconv_create and adaconv_cut_test_create refuse another. */
#define ADACONV_ABI 1u

typedef int32_t adaconv_result;
enum {
    ADACONV_OK = 0,
    ADACONV_ERROR_ARGUMENT = -1,  /* a null pointer, a value out of range, frames without a format */
    ADACONV_ERROR_ABI = -2,       /* the header or a structure is not of this library's version */
    ADACONV_ERROR_HANDLE = -3,    /* no handle of this kind, or one that was given back */
    ADACONV_ERROR_MODEL = -4,     /* the weight file cannot be used, or the memory limit is too small for the frames */
    ADACONV_ERROR_MEMORY = -5,    /* out of memory */
    ADACONV_ERROR_PROCESSOR = -6, /* the processor lacks what was asked for */
    ADACONV_ERROR_INTERNAL = -7   /* a fault of the library */
};

/* What the components of a picture are, in the order of adaconv_format.component; alpha follows where there is one. */
enum {
    ADACONV_YCBCR = 0, /* Y, Cb, Cr */
    ADACONV_RGB = 1,   /* R, G, B */
    ADACONV_GREY = 2   /* Y */
};

/* Values of ISO/IEC 23091-2. Unspecified: BT.709 from 720 rows up, else BT.601. */
enum {
    ADACONV_MATRIX_IDENTITY = 0,
    ADACONV_MATRIX_BT709 = 1,
    ADACONV_MATRIX_UNSPECIFIED = 2,
    ADACONV_MATRIX_FCC = 4,
    ADACONV_MATRIX_BT470BG = 5,
    ADACONV_MATRIX_BT601 = 6,
    ADACONV_MATRIX_SMPTE240M = 7,
    ADACONV_MATRIX_YCGCO = 8,
    ADACONV_MATRIX_BT2020_NCL = 9,
    ADACONV_MATRIX_BT2020_CL = 10,
    ADACONV_MATRIX_ICTCP = 14
};

/* Unspecified: full for RGB and grey, limited for Y'CbCr. */
enum { ADACONV_RANGE_UNSPECIFIED = 0, ADACONV_RANGE_LIMITED = 1, ADACONV_RANGE_FULL = 2 };

/* Where chroma samples lie. New frames have the siting of the frames they are made of, whichever that is: samples are repeated over their
   block and averaged over it again, which gives every code back. */
enum {
    ADACONV_SITING_UNSPECIFIED = 0,
    ADACONV_SITING_LEFT = 1,
    ADACONV_SITING_CENTER = 2,
    ADACONV_SITING_TOP_LEFT = 3,
    ADACONV_SITING_TOP = 4,
    ADACONV_SITING_BOTTOM_LEFT = 5,
    ADACONV_SITING_BOTTOM = 6
};

/* How wide the kernels compute. All give the same pictures within a rounding of a code value. */
enum {
    ADACONV_KERNELS_AUTO = 0,
    ADACONV_KERNELS_SCALAR = 1,
    ADACONV_KERNELS_128 = 2, /* any processor */
    ADACONV_KERNELS_256 = 3, /* AVX2 and FMA */
    ADACONV_KERNELS_512 = 4  /* AVX-512 F and DQ */
};

/* Fine detail, grain above all, of which a mix of two frames has less than either. */
enum {
    ADACONV_GRAIN_KEEP = 0,  /* new frames have nearly as much of it as those around them */
    ADACONV_GRAIN_SMOOTH = 1 /* what the network predicts */
};

/* Where the samples of one component lie in the rows of a plane. */
typedef struct adaconv_component {
    uint32_t plane;      /* 0..3: index of adaconv_frame.data */
    uint32_t step;       /* bytes from one sample to the next, 1..8 */
    uint32_t offset;     /* bytes from the start of a step to the sample */
    uint32_t shift;      /* bits below the sample in its one or two bytes */
    uint32_t depth;      /* bits of the sample, 8..16 */
    uint32_t big_endian; /* 1: the high byte of two comes first */
} adaconv_component;

/* What frames look like. adaconv_format_planar fills one for planes of one component each; others fill the components themselves. */
typedef struct adaconv_format {
    uint32_t size; /* sizeof(adaconv_format) */
    uint32_t width, height; /* pixels, 1..65536 */
    int32_t family;
    int32_t matrix;
    int32_t range;
    int32_t siting;
    uint32_t has_alpha;      /* 1: the last component is opacity */
    uint32_t chroma_shift_x; /* 2^shift luma columns to a column of Cb and Cr, 0..3 */
    uint32_t chroma_shift_y; /* the same for rows */
    adaconv_component component[4];
} adaconv_format;

/* All 0 but for the size and the matrix, which is unspecified. */
#define ADACONV_FORMAT_INIT \
    { sizeof(adaconv_format), 0, 0, 0, ADACONV_MATRIX_UNSPECIFIED, 0, 0, 0, 0, 0, \
      { { 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0 } } }

/* A frame of a format. */
typedef struct adaconv_frame {
    uint32_t size;     /* sizeof(adaconv_frame) */
    uint32_t reserved; /* 0 */
    void *data[4];     /* the first row of each plane; the library only reads where frames are const */
    int64_t stride[4]; /* bytes from a row to the next */
    uint64_t picture;  /* a number of the caller's for the picture, or 0: a frame with the number of one of the call before is not read again */
} adaconv_frame;

#define ADACONV_FRAME_INIT { sizeof(adaconv_frame), 0, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, 0 }

/* How an interpolator works; 0 in every field is the usual. */
typedef struct adaconv_options {
    uint32_t size;         /* sizeof(adaconv_options) */
    uint32_t threads;      /* 0: one for each processor. Results have the same bits for every number. */
    uint64_t memory_limit; /* bytes that the process may take with it; frames are cut into tiles to stay below. 0: half of the machine's */
    int32_t kernels;
    uint32_t ensemble;     /* views that are predicted and averaged: 1 (or 0), 2, 4, 8; the time grows with them */
    int32_t grain;         /* ADACONV_GRAIN_...; 0: new frames keep the grain of those around them */
    uint32_t reserved;     /* 0 */
} adaconv_options;

#define ADACONV_OPTIONS_INIT { sizeof(adaconv_options), 0, 0, 0, 0, 0, 0 }

/* ADACONV_ABI of the library. */
ADACONV_API uint32_t adaconv_abi(void);

/* The library's version, such as "0.1.0". */
ADACONV_API const char *adaconv_version(void);

/* Copies the message of this thread's last error (UTF-8, always ended by 0) and returns its length without the 0; it is cut where the buffer
   is too small. Empty where no call failed. */
ADACONV_API size_t adaconv_last_error(char *buffer, size_t capacity);

/* Fills a format for planes of one component each, of one byte a sample, or two of the machine's byte order where depth is above 8; matrix,
   range and siting become unspecified. size must be set. */
ADACONV_API adaconv_result adaconv_format_planar(
    adaconv_format *format, int32_t family, uint32_t width, uint32_t height, uint32_t depth, uint32_t chroma_shift_x, uint32_t chroma_shift_y,
    uint32_t has_alpha);

/* Interpolators. */
typedef struct adaconv_interpolator adaconv_interpolator;

/* Loads a weight file (UTF-8 path of a .safetensors file of AdaConv). options may be null. Give the handle back with adaconv_destroy. */
ADACONV_API adaconv_result adaconv_create(
    uint32_t abi, const char *weights, const adaconv_options *options, adaconv_interpolator **interpolator);

/* Says what the frames look like; may be called again when they change. */
ADACONV_API adaconv_result adaconv_set_format(adaconv_interpolator *interpolator, const adaconv_format *format);

/* Makes the frame between two at a time between 0 (the first) and 1 (the second), exclusive; 0.5 is the middle. Networks that know the middle
   only give the nearest eighth. between may be one of the two. */
ADACONV_API adaconv_result adaconv_interpolate(
    adaconv_interpolator *interpolator, const adaconv_frame *first, const adaconv_frame *second, double time, const adaconv_frame *between);

/* Gives an interpolator back, after a call on it that another thread is in. */
ADACONV_API adaconv_result adaconv_destroy(adaconv_interpolator *interpolator);

/* The test for scene cuts, over which nothing should be interpolated. */
typedef struct adaconv_cut_test adaconv_cut_test;

/* The threshold that the program framefilter takes. */
#define ADACONV_CUT_THRESHOLD 0.3

/* The most frames that a verdict waits for, and what framefilter waits for. */
#define ADACONV_CUT_LOOK_AHEAD 2u

typedef int32_t adaconv_verdict;
enum {
    ADACONV_CUT_PENDING = 0, /* more frames are needed; at the end: all are judged */
    ADACONV_CUT_NO = 1,
    ADACONV_CUT_YES = 2
};

/* Begins a test of frames of a format. threshold: how different frames must be, above 0 to 1; look_ahead: frames after the judged one that are waited
   for, 0 to ADACONV_CUT_LOOK_AHEAD: fewer take flashes for cuts. Give the handle back with adaconv_cut_test_destroy. */
ADACONV_API adaconv_result adaconv_cut_test_create(
    uint32_t abi, const adaconv_format *format, double threshold, uint32_t look_ahead, adaconv_cut_test **test);

/* Takes the next frame, or null where none follows, and gives the verdict on the earliest frame without one: whether a cut lies before it. With null,
   call it until it says ADACONV_CUT_PENDING; then the next frame begins a new video. */
ADACONV_API adaconv_result adaconv_cut_test_add(adaconv_cut_test *test, const adaconv_frame *frame, adaconv_verdict *verdict);

/* Gives a test back. */
ADACONV_API adaconv_result adaconv_cut_test_destroy(adaconv_cut_test *test);

#ifdef __cplusplus
}
#endif

#endif
