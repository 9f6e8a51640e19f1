// What the kernels need of their compiler: nvcc and NVRTC have it, clang's NVPTX back end gets it here without a CUDA toolkit, and
// plain host C++ gets it from emulation/fibers.h.
#pragma once

#if defined(ADACONV_EMULATED)
#include "emulation/fibers.h"
#elif defined(__clang__) && !defined(__CUDACC_RTC__) && !defined(__NVCC__)
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))

#define ADACONV_REGISTER(name, field, builtin) \
    __declspec(property(get = read_##field)) unsigned field; \
    static __device__ __attribute__((always_inline)) unsigned read_##field() { return __nvvm_read_ptx_sreg_##builtin##_##field(); }
struct ThreadIndex { ADACONV_REGISTER(threadIdx, x, tid) ADACONV_REGISTER(threadIdx, y, tid) ADACONV_REGISTER(threadIdx, z, tid) };
struct BlockIndex { ADACONV_REGISTER(blockIdx, x, ctaid) ADACONV_REGISTER(blockIdx, y, ctaid) ADACONV_REGISTER(blockIdx, z, ctaid) };
struct BlockSize { ADACONV_REGISTER(blockDim, x, ntid) ADACONV_REGISTER(blockDim, y, ntid) ADACONV_REGISTER(blockDim, z, ntid) };
#undef ADACONV_REGISTER
extern const __device__ __attribute__((weak)) ThreadIndex threadIdx;
extern const __device__ __attribute__((weak)) BlockIndex blockIdx;
extern const __device__ __attribute__((weak)) BlockSize blockDim;

// clang declares __syncthreads itself, as a call into a library that is not there.
static __device__ __attribute__((always_inline)) inline void synchronize_threads() { asm volatile("bar.sync 0;" ::: "memory"); }
#define __syncthreads() synchronize_threads()
static __device__ __attribute__((always_inline)) inline float atomicAdd(float *target, float value) {
    return __nvvm_atom_add_gen_f(target, value);
}
#endif

#if !defined(ADACONV_EMULATED)
#define ADACONV_SHARED_MEMORY(name) extern __shared__ __attribute__((aligned(16))) float name[]
#endif

// Everything is inlined: what is not has its arguments copied to local memory.
#if defined(_MSC_VER)
#define FORCE_INLINE __device__ __forceinline
#else
#define FORCE_INLINE __device__ inline __attribute__((always_inline))
#endif
#define DEVICE static FORCE_INLINE

/// A float16 in memory. Only stored, never computed with.
struct half_t {
    unsigned short bits;
};

DEVICE float load(const float *source) { return *source; }
DEVICE void store(float *target, float value) { *target = value; }

#if defined(ADACONV_EMULATED)
DEVICE float load(const half_t *source) { return emulation::half_to_float(source->bits); }
DEVICE void store(half_t *target, float value) { target->bits = emulation::float_to_half(value); }
#else
DEVICE float load(const half_t *source) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(source->bits));
    return value;
}
DEVICE void store(half_t *target, float value) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(target->bits) : "f"(value)); }
#endif

/// Keeps the compiler from holding on to what it derived from a value: recomputing it is cheaper than a register all along a loop.
DEVICE void forget(int &value) {
#if defined(ADACONV_EMULATED)
    (void)value;
#else
    asm volatile("" : "+r"(value));
#endif
}

/// Four floats that shared memory hands out in one transaction.
struct alignas(16) Float4 {
    float x, y, z, w;
};

DEVICE void load4(const float *source, float *target) {
    const Float4 four = *reinterpret_cast<const Float4 *>(source);
    target[0] = four.x;
    target[1] = four.y;
    target[2] = four.z;
    target[3] = four.w;
}

DEVICE void store4(float *target, const float *source) {
    *reinterpret_cast<Float4 *>(target) = Float4{source[0], source[1], source[2], source[3]};
}

DEVICE int smaller(int a, int b) { return a < b ? a : b; }
DEVICE int larger(int a, int b) { return a > b ? a : b; }
DEVICE int clamp(int value, int size) { return smaller(larger(value, 0), size - 1); }
