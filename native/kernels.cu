// All kernels by their exported names; adaconv_kernels.h says what each takes.
#include "separable_gradients.cuh"
#include "warp.cuh"

#define ADACONV_KERNEL(name, bounds, args_type, body) \
    extern "C" __global__ void __launch_bounds__ bounds name(const args_type args) { body(args); }

// The most threads that a block of each kernel has: a warp for every eight taps; for the image's gradient one for every column. The 1
// asks for no more than one block on a multiprocessor, so that the assembler spills nothing to have two.
constexpr int SEPARABLE_THREADS = 32 * ADACONV_CHUNKS(ADACONV_MAXIMUM_TAPS), IMAGE_THREADS = ADACONV_IMAGE_THREADS(ADACONV_MAXIMUM_TAPS);
constexpr int PIXEL_THREADS = ADACONV_TILE_WIDTH * ADACONV_PIXEL_ROWS;

ADACONV_KERNEL(adaconv_separable_forward_f32, (SEPARABLE_THREADS, 1), adaconv_separable_args, separable_forward<float>)
ADACONV_KERNEL(adaconv_separable_forward_f16, (SEPARABLE_THREADS, 1), adaconv_separable_args, separable_forward<half_t>)
ADACONV_KERNEL(adaconv_separable_tap_gradient_f32, (SEPARABLE_THREADS, 1), adaconv_separable_args, separable_tap_gradient<float>)
ADACONV_KERNEL(adaconv_separable_tap_gradient_f16, (SEPARABLE_THREADS, 1), adaconv_separable_args, separable_tap_gradient<half_t>)
ADACONV_KERNEL(adaconv_separable_image_gradient_f32, (IMAGE_THREADS), adaconv_separable_args, separable_image_gradient<float>)
ADACONV_KERNEL(adaconv_separable_image_gradient_f16, (IMAGE_THREADS), adaconv_separable_args, separable_image_gradient<half_t>)
ADACONV_KERNEL(adaconv_fold_taps_f32, (PIXEL_THREADS), adaconv_fold_args, fold_taps)
ADACONV_KERNEL(adaconv_warp_forward_f32, (PIXEL_THREADS), adaconv_warp_args, warp_forward<float>)
ADACONV_KERNEL(adaconv_warp_forward_f16, (PIXEL_THREADS), adaconv_warp_args, warp_forward<half_t>)
ADACONV_KERNEL(adaconv_warp_backward_f32, (PIXEL_THREADS), adaconv_warp_args, warp_backward<float>)
ADACONV_KERNEL(adaconv_warp_backward_f16, (PIXEL_THREADS), adaconv_warp_args, warp_backward<half_t>)
ADACONV_KERNEL(adaconv_cubic_warp_forward_f32, (PIXEL_THREADS), adaconv_warp_args, cubic_warp_forward<float>)
ADACONV_KERNEL(adaconv_cubic_warp_forward_f16, (PIXEL_THREADS), adaconv_warp_args, cubic_warp_forward<half_t>)
ADACONV_KERNEL(adaconv_cubic_warp_backward_f32, (PIXEL_THREADS), adaconv_warp_args, cubic_warp_backward<float>)
ADACONV_KERNEL(adaconv_cubic_warp_backward_f16, (PIXEL_THREADS), adaconv_warp_args, cubic_warp_backward<half_t>)

extern "C" __device__ const int adaconv_version = ADACONV_VERSION;
