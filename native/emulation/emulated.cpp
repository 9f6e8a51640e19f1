// The kernels as functions of the host, by name, with the launch geometry of the contract.
#define ADACONV_EMULATED
#include "../kernels.cu"
#include "emulated.h"

using emulation::Kernel;

namespace {

adaconv_launch forward_launch(const adaconv_separable_args &a) {
    return {{ADACONV_BLOCKS(unsigned(a.width), 32u), ADACONV_BLOCKS(unsigned(a.height), unsigned(ADACONV_FORWARD_ROWS)), unsigned(a.batch * ADACONV_PASSES(a.planes))},
        {32, unsigned(ADACONV_CHUNKS(a.taps)), 1}, unsigned(ADACONV_FORWARD_SHARED(a.taps))};
}

adaconv_launch tap_gradient_launch(const adaconv_separable_args &a) {
    return {{ADACONV_BLOCKS(unsigned(a.width), 32u), ADACONV_BLOCKS(unsigned(a.height), unsigned(ADACONV_GRADIENT_ROWS)), unsigned(a.batch)},
        {32, unsigned(ADACONV_CHUNKS(a.taps)), 1}, unsigned(ADACONV_TAP_GRADIENT_SHARED(a.taps))};
}

adaconv_launch image_gradient_launch(const adaconv_separable_args &a) {
    return {{ADACONV_BLOCKS(unsigned(a.width), 32u), ADACONV_BLOCKS(unsigned(a.height + a.taps - 1), unsigned(ADACONV_IMAGE_ROWS)),
                unsigned(a.batch * ADACONV_PASSES(a.planes))},
        {unsigned(ADACONV_IMAGE_THREADS(a.taps)), 1, 1}, unsigned(ADACONV_IMAGE_SHARED(a.taps))};
}

adaconv_launch pixel_launch(int width, int height, int depth) {
    return {{ADACONV_BLOCKS(unsigned(width), 32u), ADACONV_BLOCKS(unsigned(height), unsigned(ADACONV_PIXEL_ROWS)), unsigned(depth)},
        {32, ADACONV_PIXEL_ROWS, 1}, 0};
}

adaconv_launch fold_launch(const adaconv_fold_args &a) { return pixel_launch((a.width + 1) / 2, (a.height + 1) / 2, a.batch * a.taps); }
adaconv_launch warp_launch(const adaconv_warp_args &a) { return pixel_launch(a.width, a.height, a.batch); }

struct Entry {
    const char *name;
    Kernel kernel;
    adaconv_launch (*launch)(const void *args);
};

#define ENTRY(name, args_type, geometry) \
    {#name, [](const void *args) { name(*static_cast<const args_type *>(args)); }, \
        [](const void *args) { return geometry(*static_cast<const args_type *>(args)); }}

const Entry entries[] = {
    ENTRY(adaconv_separable_forward_f32, adaconv_separable_args, forward_launch),
    ENTRY(adaconv_separable_forward_f16, adaconv_separable_args, forward_launch),
    ENTRY(adaconv_separable_tap_gradient_f32, adaconv_separable_args, tap_gradient_launch),
    ENTRY(adaconv_separable_tap_gradient_f16, adaconv_separable_args, tap_gradient_launch),
    ENTRY(adaconv_separable_image_gradient_f32, adaconv_separable_args, image_gradient_launch),
    ENTRY(adaconv_separable_image_gradient_f16, adaconv_separable_args, image_gradient_launch),
    ENTRY(adaconv_fold_taps_f32, adaconv_fold_args, fold_launch),
    ENTRY(adaconv_warp_forward_f32, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_warp_forward_f16, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_warp_backward_f32, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_warp_backward_f16, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_cubic_warp_forward_f32, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_cubic_warp_forward_f16, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_cubic_warp_backward_f32, adaconv_warp_args, warp_launch),
    ENTRY(adaconv_cubic_warp_backward_f16, adaconv_warp_args, warp_launch),
};

const Entry *find(const char *name) {
    for (const Entry &entry : entries) {
        if (std::strcmp(entry.name, name) == 0)
            return &entry;
    }
    emulation::fail("no such kernel");
    return nullptr;
}

} // namespace

extern "C" int adaconv_emulate(const char *kernel, const adaconv_launch *launch, const void *args) {
    const Entry *entry = find(kernel);
    if (!entry)
        return 1;
    const unsigned *g = launch->grid, *b = launch->block;
    return emulation::run(entry->kernel, args, {g[0], g[1], g[2]}, {b[0], b[1], b[2]}, launch->shared_bytes) ? 0 : 1;
}

extern "C" int adaconv_contract_launch(const char *kernel, const void *args, adaconv_launch *launch) {
    const Entry *entry = find(kernel);
    if (!entry)
        return 1;
    *launch = entry->launch(args);
    return 0;
}
