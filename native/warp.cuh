// out(p, y, x) = I(p, y + flow(1, y, x), x + flow(0, y, x)): bilinear, coordinates clamped to the image. A thread makes one pixel of all
// planes: the flow is read once, and neighbouring threads sample neighbouring places. The cubic warp is the same between thirty-six values.
#pragma once
#include "adaconv_kernels.h"
#include "device.h"

/// Where a coordinate falls: two positions, how far it lies from the first, and whether it is inside the border.
struct WarpCoordinate {
    int first, second;
    float weight;
    bool inside;

    DEVICE WarpCoordinate of(float coordinate, int size) {
        const float last = static_cast<float>(size - 1);
        // Written so that what is not a number becomes 0.
        const float clamped = coordinate > 0 ? (coordinate < last ? coordinate : last) : 0;
        const int first = static_cast<int>(clamped);
        return {first, smaller(first + 1, size - 1), clamped - static_cast<float>(first), coordinate > 0 && coordinate < last};
    }
};

/// Exact where both values are equal and where the weight is 0: a still image stays itself.
DEVICE float mix(float first, float second, float weight) { return first + weight * (second - first); }

template <typename T>
DEVICE void warp_forward(const adaconv_warp_args &args) {
    const int x = blockIdx.x * ADACONV_TILE_WIDTH + threadIdx.x, y = blockIdx.y * ADACONV_PIXEL_ROWS + threadIdx.y, n = blockIdx.z;
    if (x >= args.width || y >= args.height)
        return;
    const long long planeSize = static_cast<long long>(args.height) * args.width, pixel = static_cast<long long>(y) * args.width + x;
    const float *flow = args.flow + n * args.flow_stride + pixel;
    const auto across = WarpCoordinate::of(static_cast<float>(x) + flow[0], args.width);
    const auto down = WarpCoordinate::of(static_cast<float>(y) + flow[planeSize], args.height);
    const T *image = static_cast<const T *>(args.image) + n * args.image_stride;
    T *output = static_cast<T *>(args.output) + n * args.output_stride + pixel;
    for (int plane = 0; plane < args.planes; plane++) {
        const T *upper = image + plane * planeSize + static_cast<long long>(down.first) * args.width;
        const T *lower = image + plane * planeSize + static_cast<long long>(down.second) * args.width;
        const float top = mix(load(upper + across.first), load(upper + across.second), across.weight);
        const float bottom = mix(load(lower + across.first), load(lower + across.second), across.weight);
        store(output + plane * planeSize, mix(top, bottom, down.weight));
    }
}

template <typename T>
DEVICE void warp_backward(const adaconv_warp_args &args) {
    const int x = blockIdx.x * ADACONV_TILE_WIDTH + threadIdx.x, y = blockIdx.y * ADACONV_PIXEL_ROWS + threadIdx.y, n = blockIdx.z;
    if (x >= args.width || y >= args.height)
        return;
    const long long planeSize = static_cast<long long>(args.height) * args.width, pixel = static_cast<long long>(y) * args.width + x;
    const float *flow = args.flow + n * args.flow_stride + pixel;
    const auto across = WarpCoordinate::of(static_cast<float>(x) + flow[0], args.width);
    const auto down = WarpCoordinate::of(static_cast<float>(y) + flow[planeSize], args.height);
    const T *image = static_cast<const T *>(args.image) + n * args.image_stride;
    const T *gradOutput = static_cast<const T *>(args.grad_output) + n * args.grad_output_stride + pixel;
    float gradX = 0, gradY = 0;
    for (int plane = 0; plane < args.planes; plane++) {
        const long long upper = plane * planeSize + static_cast<long long>(down.first) * args.width;
        const long long lower = plane * planeSize + static_cast<long long>(down.second) * args.width;
        const float topLeft = load(image + upper + across.first), topRight = load(image + upper + across.second);
        const float bottomLeft = load(image + lower + across.first), bottomRight = load(image + lower + across.second);
        const float gradient = load(gradOutput + plane * planeSize);
        gradX += gradient * mix(topRight - topLeft, bottomRight - bottomLeft, down.weight);
        gradY += gradient * mix(bottomLeft - topLeft, bottomRight - topRight, across.weight);
        if (args.grad_image) {
            float *target = args.grad_image + n * args.grad_image_stride;
            atomicAdd(target + upper + across.first, gradient * (1 - across.weight) * (1 - down.weight));
            atomicAdd(target + upper + across.second, gradient * across.weight * (1 - down.weight));
            atomicAdd(target + lower + across.first, gradient * (1 - across.weight) * down.weight);
            atomicAdd(target + lower + across.second, gradient * across.weight * down.weight);
        }
    }
    float *gradFlow = args.grad_flow + n * args.grad_flow_stride + pixel;
    gradFlow[0] = across.inside ? gradX : 0;
    gradFlow[planeSize] = down.inside ? gradY : 0;
}

/// Where a coordinate falls between six positions: what each counts, and by how much that changes with the coordinate. A cubic runs through the two in the
/// middle, with slopes that the four others tell, too.
struct CubicCoordinate {
    int positions[6];
    float weights[6], slopes[6];
    bool inside;

    DEVICE CubicCoordinate of(float coordinate, float far, int size) {
        const auto place = WarpCoordinate::of(coordinate, size);
        const float t = place.weight, rest = 1 - t;
        CubicCoordinate result;
        for (int i = 0; i < 6; i++) {
            const int position = place.first - 2 + i;
            result.positions[i] = position < 0 ? 0 : smaller(position, size - 1);
        }
        spread(t * rest * rest, t * t * rest, 1 - t * t * (3 - 2 * t), t * t * (3 - 2 * t), far, result.weights);
        spread(rest * (1 - 3 * t), t * (2 - 3 * t), -6 * t * rest, 6 * t * rest, far, result.slopes);
        result.inside = place.inside;
        return result;
    }

    /// Hermite's functions of the slope before and behind (the latter taken away) and of the values there.
    DEVICE void spread(float leading, float trailing, float before, float behind, float far, float *factors) {
        const float near = 0.5f + 2 * far;
        factors[0] = far * leading;
        factors[1] = -near * leading - far * trailing;
        factors[2] = before + near * trailing;
        factors[3] = behind + near * leading;
        factors[4] = -near * trailing - far * leading;
        factors[5] = far * trailing;
    }
};

/// The sum of 6x6 values of a plane.
template <typename T>
DEVICE float cubic_sum(const T *plane, int width, const CubicCoordinate &across, const float *acrossFactors, const CubicCoordinate &down,
    const float *downFactors) {
    float sum = 0;
#pragma unroll
    for (int j = 0; j < 6; j++) {
        int place = down.positions[j];
        forget(place); // 36 addresses held for the next plane would take half of the registers
        const T *row = plane + static_cast<long long>(place) * width;
        float part = 0;
        for (int i = 0; i < 6; i++)
            part += acrossFactors[i] * load(row + across.positions[i]);
        sum += downFactors[j] * part;
    }
    return sum;
}

template <typename T>
DEVICE void cubic_warp_forward(const adaconv_warp_args &args) {
    const int x = blockIdx.x * ADACONV_TILE_WIDTH + threadIdx.x, y = blockIdx.y * ADACONV_PIXEL_ROWS + threadIdx.y, n = blockIdx.z;
    if (x >= args.width || y >= args.height)
        return;
    const long long planeSize = static_cast<long long>(args.height) * args.width, pixel = static_cast<long long>(y) * args.width + x;
    const float *flow = args.flow + n * args.flow_stride + pixel;
    const auto across = CubicCoordinate::of(static_cast<float>(x) + flow[0], args.far, args.width);
    const auto down = CubicCoordinate::of(static_cast<float>(y) + flow[planeSize], args.far, args.height);
    const T *image = static_cast<const T *>(args.image) + n * args.image_stride;
    T *output = static_cast<T *>(args.output) + n * args.output_stride + pixel;
    for (int plane = 0; plane < args.planes; plane++)
        store(output + plane * planeSize, cubic_sum(image + plane * planeSize, args.width, across, across.weights, down, down.weights));
}

template <typename T>
DEVICE void cubic_warp_backward(const adaconv_warp_args &args) {
    const int x = blockIdx.x * ADACONV_TILE_WIDTH + threadIdx.x, y = blockIdx.y * ADACONV_PIXEL_ROWS + threadIdx.y, n = blockIdx.z;
    if (x >= args.width || y >= args.height)
        return;
    const long long planeSize = static_cast<long long>(args.height) * args.width, pixel = static_cast<long long>(y) * args.width + x;
    const float *flow = args.flow + n * args.flow_stride + pixel;
    const auto across = CubicCoordinate::of(static_cast<float>(x) + flow[0], args.far, args.width);
    const auto down = CubicCoordinate::of(static_cast<float>(y) + flow[planeSize], args.far, args.height);
    const T *image = static_cast<const T *>(args.image) + n * args.image_stride;
    const T *gradOutput = static_cast<const T *>(args.grad_output) + n * args.grad_output_stride + pixel;
    float gradX = 0, gradY = 0;
    for (int plane = 0; plane < args.planes; plane++) {
        const float gradient = load(gradOutput + plane * planeSize);
        gradX += gradient * cubic_sum(image + plane * planeSize, args.width, across, across.slopes, down, down.weights);
        gradY += gradient * cubic_sum(image + plane * planeSize, args.width, across, across.weights, down, down.slopes);
    }
    float *gradFlow = args.grad_flow + n * args.grad_flow_stride + pixel;
    gradFlow[0] = across.inside ? gradX : 0;
    gradFlow[planeSize] = down.inside ? gradY : 0;
}
