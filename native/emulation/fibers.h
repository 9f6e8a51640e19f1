// CUDA's execution model on one thread of the host, so that kernels can be tested where there is no GPU.
//
// A block's threads are fibers (ucontext). Each runs until its next barrier; when all have come to it, all go on. That shows:
//   - a divergent barrier: threads wait at different places, or some have ended: the launch fails with a message;
//   - a missing barrier: threads run in ascending or descending order, each as far as it can, so that what it reads too early or
//     overwrites too soon is wrong in one of the two orders;
//   - reads of shared memory that nobody wrote: it begins as not-a-number; accesses beyond it meet an unreadable page.
// It does not show races between threads that keep the order of their numbers, nor anything of timing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#define __global__
#define __device__
#define __launch_bounds__(...)
#define ADACONV_SHARED_MEMORY(name) float *const name = emulation::shared_memory()
#define __syncthreads() emulation::synchronize(__FILE__, __LINE__)

namespace emulation {

struct Index {
    unsigned x, y, z;
};

extern thread_local Index thread_index, block_index, block_size;

float *shared_memory();
void synchronize(const char *file, int line);

/// IEEE 754 binary16, rounded to the nearest, halves to even.
inline float half_to_float(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 31, fraction = half & 0x3ffu;
    float value;
    if (exponent == 0) { // zero and subnormal: fraction * 2^-24
        value = static_cast<float>(fraction) * 0x1p-24f;
        return sign ? -value : value;
    }
    const std::uint32_t bits = sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | fraction << 13;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

inline std::uint16_t float_to_half(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const std::uint16_t sign = bits >> 16 & 0x8000;
    bits &= 0x7fffffff;
    if (bits > 0x7f800000)
        return sign | 0x7fff; // not a number
    if (bits >= 0x477ff000)
        return sign | 0x7c00; // rounds beyond 65504
    if (bits < 0x38800000) {  // subnormal: adding 0.5 leaves its value, rounded, in the last bits
        float magnitude;
        std::memcpy(&magnitude, &bits, sizeof magnitude);
        magnitude += 0.5f;
        std::memcpy(&bits, &magnitude, sizeof bits);
        return sign | static_cast<std::uint16_t>(bits - 0x3f000000);
    }
    return sign | static_cast<std::uint16_t>((bits - 0x38000000 + 0xfff + (bits >> 13 & 1)) >> 13);
}

} // namespace emulation

#define threadIdx emulation::thread_index
#define blockIdx emulation::block_index
#define blockDim emulation::block_size

static inline float atomicAdd(float *target, float value) {
    const float before = *target;
    *target = before + value;
    return before;
}
