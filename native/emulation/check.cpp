// Runs every kernel at odd sizes on blocks of memory of exactly their size: built with address and undefined behaviour sanitizers, it
// ends with an error where a kernel leaves its memory or the language.
#include "../adaconv_kernels.h"
#include "emulated.h"
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

std::mt19937 generator(1);

/// count values of the storage type (2 or 4 bytes), between 0.1 and 1.
std::vector<unsigned char> values(long long count, int bytes) {
    std::vector<unsigned char> memory(count * bytes);
    for (long long i = 0; i < count; i++) {
        const float value = 0.1f + 0.9f * static_cast<float>(generator() % 1000) / 1000;
        const std::uint16_t half = emulation::float_to_half(value);
        std::memcpy(&memory[i * bytes], bytes == 2 ? static_cast<const void *>(&half) : &value, bytes);
    }
    return memory;
}

void launch(const std::string &kernel, const void *args) {
    adaconv_launch launch;
    if (adaconv_contract_launch(kernel.c_str(), args, &launch) || adaconv_emulate(kernel.c_str(), &launch, args)) {
        std::printf("%s: %s\n", kernel.c_str(), adaconv_emulation_error());
        std::exit(1);
    }
}

void require_numbers(const std::vector<float> &values, const char *what) {
    for (float value : values) {
        if (!std::isfinite(value)) {
            std::printf("%s: not a number\n", what);
            std::exit(1);
        }
    }
}

void separable(int batch, int planes, int height, int width, int taps, int scale, int bytes) {
    const std::string suffix = bytes == 2 ? "_f16" : "_f32";
    const long long plane = static_cast<long long>(height) * width, image = planes * plane;
    const long long map = static_cast<long long>(taps) * ((height + scale - 1) / scale) * ((width + scale - 1) / scale);
    auto images = values(batch * image, bytes), vertical = values(batch * map, bytes), horizontal = values(batch * map, bytes);
    auto gradOutput = values(batch * image, bytes), output = std::vector<unsigned char>(batch * image * bytes);
    std::vector<float> gradImage(batch * image), gradVertical(batch * taps * plane), gradHorizontal(batch * taps * plane), divisor(batch * plane);
    std::vector<float> folded(batch * taps * ((height + 1) / 2) * ((width + 1) / 2));
    adaconv_separable_args args = {images.data(), vertical.data(), horizontal.data(), output.data(), gradOutput.data(), gradImage.data(),
        gradVertical.data(), gradHorizontal.data(), divisor.data(), image, map, image, image, image, taps * plane, batch, planes, height, width,
        taps, scale, 1, 0};
    launch("adaconv_separable_forward" + suffix, &args);
    launch("adaconv_separable_tap_gradient" + suffix, &args);
    launch("adaconv_separable_image_gradient" + suffix, &args);
    adaconv_fold_args fold = {gradVertical.data(), folded.data(), taps * plane,
        static_cast<long long>(taps) * ((height + 1) / 2) * ((width + 1) / 2), batch, taps, height, width};
    launch("adaconv_fold_taps_f32", &fold);
    require_numbers(gradImage, "image gradient");
    require_numbers(gradVertical, "vertical gradient");
    require_numbers(gradHorizontal, "horizontal gradient");
    require_numbers(folded, "folded gradient");
}

void warp(int batch, int planes, int height, int width, int bytes) {
    const std::string suffix = bytes == 2 ? "_f16" : "_f32";
    const long long plane = static_cast<long long>(height) * width, image = planes * plane;
    auto images = values(batch * image, bytes), gradOutput = values(batch * image, bytes);
    auto output = std::vector<unsigned char>(batch * image * bytes);
    std::vector<float> flow(batch * 2 * plane), gradImage(batch * image), gradFlow(flow.size());
    for (std::size_t i = 0; i < flow.size(); i++)
        flow[i] = i % 13 == 0 ? NAN : i % 7 == 0 ? 1e30f : i % 5 == 0 ? -INFINITY : static_cast<float>(generator() % 100) / 7 - 7;
    adaconv_warp_args args = {images.data(), flow.data(), output.data(), gradOutput.data(), gradImage.data(), gradFlow.data(), image, 2 * plane,
        image, image, image, 2 * plane, batch, planes, height, width};
    launch("adaconv_warp_forward" + suffix, &args);
    launch("adaconv_warp_backward" + suffix, &args);
    require_numbers(gradImage, "warp image gradient");
    require_numbers(gradFlow, "flow gradient");
    args.grad_image = nullptr;
    launch("adaconv_cubic_warp_forward" + suffix, &args);
    launch("adaconv_cubic_warp_backward" + suffix, &args);
    require_numbers(gradFlow, "cubic flow gradient");
}

} // namespace

int main() {
    for (int bytes : {4, 2}) {
        for (int scale : {1, 2}) {
            separable(1, 1, 1, 1, 1, scale, bytes);
            separable(2, 3, 1, 1, 63, scale, bytes);
            separable(1, 4, 9, 35, 9, scale, bytes);
            separable(2, 5, 17, 33, 11, scale, bytes);
            separable(1, 2, 3, 67, 63, scale, bytes);
        }
        warp(1, 1, 1, 1, bytes);
        warp(2, 3, 13, 35, bytes);
    }
    std::puts("whole");
    return 0;
}
