/*
 * The contract between the CUDA kernels and their host (src/Engine/Cuda mirrors every name; a test compares both).
 *
 * Kernels are extern "C" and take one parameter: a structure of this file, by value. Names end in the storage type:
 *
 *   adaconv_separable_forward_{f32,f16}         adaconv_separable_args
 *   adaconv_separable_tap_gradient_{f32,f16}    adaconv_separable_args
 *   adaconv_separable_image_gradient_{f32,f16}  adaconv_separable_args
 *   adaconv_fold_taps_f32                       adaconv_fold_args
 *   adaconv_warp_forward_{f32,f16}              adaconv_warp_args
 *   adaconv_warp_backward_{f32,f16}             adaconv_warp_args
 *   adaconv_cubic_warp_forward_{f32,f16}        adaconv_warp_args
 *   adaconv_cubic_warp_backward_{f32,f16}       adaconv_warp_args
 *
 * f32 stores everything in float32; f16 stores image, taps, output and grad_output in float16 (IEEE 754 binary16). Sums, flows and
 * gradients are float32 in both.
 *
 * Memory is the device's; tensors are [N, C, H, W] with dense items. A stride is the distance between two items of the batch in
 * elements. Outputs must not overlap inputs. Kernels check nothing: sizes and pointers are the host's to validate.
 *
 * Launch geometry is given by the ADACONV_* macros below; grid.z is the batch, times the passes over planes where stated.
 */
#ifndef ADACONV_KERNELS_H
#define ADACONV_KERNELS_H

/* Changes with every change of this file that a host must know of; kernels carry it in the global variable adaconv_version. */
#define ADACONV_VERSION 3

#define ADACONV_MAXIMUM_TAPS 63
/* Planes that share one reading of their taps; more planes take another pass. */
#define ADACONV_PLANES 3
/* Horizontal taps of one warp. */
#define ADACONV_CHUNK 8
#define ADACONV_CHUNKS(taps) (((taps) + ADACONV_CHUNK - 1) / ADACONV_CHUNK)
#define ADACONV_PASSES(planes) (((planes) + ADACONV_PLANES - 1) / ADACONV_PLANES)
#define ADACONV_BLOCKS(size, tile) (((size) + (tile) - 1) / (tile))

/* Tiles of all kernels are 32 pixels wide. */
#define ADACONV_TILE_WIDTH 32

/*
 * separable_forward: reads image, vertical, horizontal; writes output.
 * block (32, CHUNKS(taps)); grid (BLOCKS(width, 32), BLOCKS(height, 8), batch * PASSES(planes)).
 */
#define ADACONV_FORWARD_ROWS 8
#define ADACONV_BATCH 4
#define ADACONV_PITCH(taps) (ADACONV_TILE_WIDTH + ADACONV_CHUNK * ADACONV_CHUNKS(taps))
#define ADACONV_FORWARD_RING (ADACONV_FORWARD_ROWS + ADACONV_BATCH)
#define ADACONV_FORWARD_SHARED(taps) \
    (4 * (ADACONV_FORWARD_RING * ADACONV_PLANES * ADACONV_PITCH(taps) + (ADACONV_BATCH + 1) * ADACONV_FORWARD_ROWS * ADACONV_TILE_WIDTH))

/*
 * separable_tap_gradient: reads image, vertical, horizontal, grad_output; writes divisor [N, H, W] (what the sums were divided by, 1
 * without normalisation) and, always at full resolution [N, K, H, W], grad_vertical and grad_horizontal.
 * block (32, CHUNKS(taps)); grid (BLOCKS(width, 32), BLOCKS(height, 4), batch).
 */
#define ADACONV_GRADIENT_ROWS 4
#define ADACONV_GRADIENT_RING (ADACONV_GRADIENT_ROWS + ADACONV_BATCH)
#define ADACONV_TAP_GRADIENT_SHARED(taps) \
    (4 * (ADACONV_GRADIENT_RING * ADACONV_PLANES * ADACONV_PITCH(taps) + \
          ADACONV_GRADIENT_ROWS * ADACONV_TILE_WIDTH * (ADACONV_BATCH * (1 + ADACONV_CHUNKS(taps)) + 1)))

/*
 * separable_image_gradient: reads vertical, horizontal, grad_output and divisor (as separable_tap_gradient wrote it); ADDS to
 * grad_image, which the host has set to zero. Sums of several blocks meet there: last bits differ from run to run.
 * block (IMAGE_THREADS(taps), 1); grid (BLOCKS(width, 32), BLOCKS(height + taps - 1, 16), batch * PASSES(planes)).
 */
#define ADACONV_IMAGE_ROWS 16
#define ADACONV_IMAGE_THREADS(taps) ((ADACONV_TILE_WIDTH + (taps) - 1 + 31) / 32 * 32)
#define ADACONV_IMAGE_SHARED(taps) (4 * ADACONV_TILE_WIDTH * (4 + ADACONV_IMAGE_ROWS + 4) + 4 * (taps) * (ADACONV_TILE_WIDTH + 1))

typedef struct adaconv_separable_args {
    const void *image;       /* [N, P, H, W] */
    const void *vertical;    /* [N, K, h, w]; h = ceil(H / tap_scale), w = ceil(W / tap_scale) */
    const void *horizontal;  /* as vertical */
    void *output;            /* [N, P, H, W] */
    const void *grad_output; /* [N, P, H, W] */
    float *grad_image;       /* [N, P, H, W] */
    float *grad_vertical;    /* [N, K, H, W] */
    float *grad_horizontal;  /* [N, K, H, W] */
    float *divisor;          /* [N, H, W], dense */
    long long image_stride;
    long long tap_stride;
    long long output_stride;
    long long grad_output_stride;
    long long grad_image_stride;
    long long grad_tap_stride;
    int batch;
    int planes;
    int height;
    int width;
    int taps;      /* odd, 1 to ADACONV_MAXIMUM_TAPS */
    int tap_scale; /* 1; 2: taps are upsampled as by upsample_bilinear2d without align_corners */
    int normalize; /* not 0: divide by (sum of vertical)(sum of horizontal), unless that is below 0.01 in magnitude */
    int reserved;
} adaconv_separable_args;

/*
 * fold_taps: the transpose of the x2 upsampling: gradients at full resolution [N, K, H, W] -> at the maps' [N, K, h, w], written.
 * block (32, 8); grid (BLOCKS(ceil(width / 2), 32), BLOCKS(ceil(height / 2), 8), batch * taps). No shared memory.
 */
#define ADACONV_PIXEL_ROWS 8
typedef struct adaconv_fold_args {
    const float *full;
    float *maps;
    long long full_stride;
    long long map_stride;
    int batch;
    int taps;
    int height; /* of full */
    int width;
} adaconv_fold_args;

/*
 * warp_forward: reads image and flow; writes output.
 * warp_backward: reads image, flow, grad_output; writes grad_flow; where grad_image is not null ADDS to it, as above.
 * cubic_warp_forward, cubic_warp_backward: likewise, between thirty-six values; there is no grad_image.
 * block (32, 8); grid (BLOCKS(width, 32), BLOCKS(height, 8), batch). No shared memory.
 */
typedef struct adaconv_warp_args {
    const void *image;       /* [N, P, H, W] */
    const float *flow;       /* [N, 2, H, W] in pixels: x, then y */
    void *output;            /* [N, P, H, W] */
    const void *grad_output; /* [N, P, H, W] */
    float *grad_image;       /* [N, P, H, W] */
    float *grad_flow;        /* [N, 2, H, W] */
    long long image_stride;
    long long flow_stride;
    long long output_stride;
    long long grad_output_stride;
    long long grad_image_stride;
    long long grad_flow_stride;
    int batch;
    int planes;
    int height;
    int width;
    float far; /* cubic only: what the farther neighbours count in a slope */
} adaconv_warp_args;

#endif
