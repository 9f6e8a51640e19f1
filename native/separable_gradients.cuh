// Gradients of the separable convolution. With q(i, j) = sum over planes of g I(y + i - K/2, x + j - K/2):
//   dv(i) = sum over j of h(j) q(i, j),  dh(j) = sum over i of v(i) q(i, j).
// Divided by D = (sum v)(sum h) they become (dv - U/D sum h) / D and (dh - U/D sum v) / D with U = sum over j of h(j) dh(j).
#pragma once
#include "separable_forward.cuh"

/// A row's share of q(i, .) for four horizontal taps of four pixels.
DEVICE void correlate_row(const float *row, const float (&g)[4], float (&q)[4][4]) {
    float window[8];
    load4(row, window);
    load4(row + 4, window + 4);
#pragma unroll
    for (int j = 0; j < 4; j++) {
#pragma unroll
        for (int p = 0; p < 4; p++)
            q[j][p] += g[p] * window[p + j];
    }
}

/// A block makes the gradients of 32x4 pixels, cut among warps as in the forward pass; a thread has 4 pixels.
template <typename T>
DEVICE void separable_tap_gradient(const adaconv_separable_args &args) {
    constexpr int ROWS = ADACONV_GRADIENT_ROWS, RING = ADACONV_GRADIENT_RING, BATCH = ADACONV_BATCH, PIXELS = ROWS * ADACONV_TILE_WIDTH;
    ADACONV_SHARED_MEMORY(shared);
    const int taps = args.taps, pitch = ADACONV_PITCH(taps), chunks = ADACONV_CHUNKS(taps), threads = 32 * chunks;
    const int lane = threadIdx.x, thread = threadIdx.y * 32 + lane, n = blockIdx.z;
    int chunk = threadIdx.y;
    const int x0 = blockIdx.x * ADACONV_TILE_WIDTH, y0 = blockIdx.y * ROWS;
    int x = (lane & 7) * 4, y = lane >> 3;
    const int own = y * ADACONV_TILE_WIDTH + x;
    const long long planeSize = static_cast<long long>(args.height) * args.width;
    const auto vertical = TapMaps<T>::of(args.vertical, args, n), horizontal = TapMaps<T>::of(args.horizontal, args, n);
    float *gradVertical = args.grad_vertical + n * args.grad_tap_stride, *gradHorizontal = args.grad_horizontal + n * args.grad_tap_stride;

    float h[ADACONV_CHUNK][1][4], dh[ADACONV_CHUNK][4] = {};
#pragma unroll
    for (int j = 0; j < ADACONV_CHUNK; j++) {
        forget(x), forget(y);
        if (chunk * ADACONV_CHUNK + j < taps) {
            horizontal.template block<1>(chunk * ADACONV_CHUNK + j, y0 + y, x0 + x, args.height, args.width, h[j]);
        } else {
#pragma unroll
            for (int q = 0; q < 4; q++)
                h[j][0][q] = 0;
        }
    }

    float *ring = shared, *staged = shared + RING * ADACONV_PLANES * pitch; // [BATCH][ROWS][32]
    float *sumV = staged + BATCH * PIXELS;                                 // [ROWS][32]
    float *partial = sumV + PIXELS;                                        // [chunks][BATCH][ROWS][32]
    for (int firstPlane = 0; firstPlane < args.planes; firstPlane += ADACONV_PLANES) {
        const int planes = smaller(ADACONV_PLANES, args.planes - firstPlane);
        const T *image = static_cast<const T *>(args.image) + n * args.image_stride + firstPlane * planeSize;
        const T *gradOutput = static_cast<const T *>(args.grad_output) + n * args.grad_output_stride + firstPlane * planeSize;
        float g[ADACONV_PLANES][4] = {};
#pragma unroll
        for (int plane = 0; plane < ADACONV_PLANES; plane++) {
#pragma unroll
            for (int q = 0; q < 4; q++) {
                if (plane < planes && y0 + y < args.height && x0 + x + q < args.width)
                    g[plane][q] = load(gradOutput + plane * planeSize + ((y0 + y) * args.width + x0 + x + q));
            }
        }

        for (int i = 0; i < taps; i += BATCH) {
            load_rows<T, RING>(ring, image, args, planes, y0 - taps / 2, x0 - taps / 2, i == 0 ? 0 : i + ROWS, i + RING);
#pragma unroll 1
            for (int item = thread; item < BATCH * PIXELS; item += threads) {
                const int tap = i + item / PIXELS, row = item / ADACONV_TILE_WIDTH % ROWS, px = x0 + item % ADACONV_TILE_WIDTH;
                staged[item] = tap < taps ? vertical.at(tap, clamp(y0 + row, args.height), clamp(px, args.width)) : 0;
            }
            __syncthreads();
            if (firstPlane == 0)
                add_taps<PIXELS>(sumV, staged, thread, threads, i == 0);
#pragma unroll 1
            for (int step = 0; step < BATCH; step++) {
                float v[4], dv[4] = {};
                load4(staged + step * PIXELS + own, v);
                const float *rows = ring + (i + step + y) % RING * ADACONV_PLANES * pitch + x + chunk * ADACONV_CHUNK;
#pragma unroll
                for (int j = 0; j < ADACONV_CHUNK; j += 4) { // in two parts: registers
                    float q[4][4] = {};
#pragma unroll
                    for (int plane = 0; plane < ADACONV_PLANES; plane++) {
                        if (plane < planes)
                            correlate_row(rows + plane * pitch + j, g[plane], q);
                    }
#pragma unroll
                    for (int jj = 0; jj < 4; jj++) {
#pragma unroll
                        for (int p = 0; p < 4; p++) {
                            dv[p] += h[j + jj][0][p] * q[jj][p];
                            dh[j + jj][p] += v[p] * q[jj][p];
                        }
                    }
                }
                store4(partial + (chunk * BATCH + step) * PIXELS + own, dv);
            }
            __syncthreads();
            for (int item = thread; item < BATCH * PIXELS; item += threads) {
                const int tap = i + item / PIXELS, row = y0 + item / ADACONV_TILE_WIDTH % ROWS, px = x0 + item % ADACONV_TILE_WIDTH;
                if (tap >= taps || row >= args.height || px >= args.width)
                    continue;
                float *target = gradVertical + tap * planeSize + static_cast<long long>(row) * args.width + px;
                float sum = firstPlane == 0 ? 0 : *target;
                for (int c = 0; c < chunks; c++)
                    sum += partial[c * BATCH * PIXELS + item];
                *target = sum;
            }
        }
    }
    __syncthreads(); // what follows takes the place of the partial sums

    forget(x), forget(y), forget(chunk);
    // For each pixel: the sums of its taps, D, and U/D.
    float *sumsH = partial, *sumsU = sumsH + chunks * PIXELS, *sumH = shared, *inverses = sumH + PIXELS, *factors = inverses + PIXELS;
#pragma unroll
    for (int p = 0; p < 4; p++) {
        float sum = 0, u = 0;
#pragma unroll
        for (int j = 0; j < ADACONV_CHUNK; j++) {
            sum += h[j][0][p];
            u += h[j][0][p] * dh[j][p];
        }
        sumsH[chunk * PIXELS + own + p] = sum;
        sumsU[chunk * PIXELS + own + p] = u;
    }
    __syncthreads();
    for (int pixel = thread; pixel < PIXELS; pixel += threads) {
        float sum = 0, u = 0;
        for (int c = 0; c < chunks; c++) {
            sum += sumsH[c * PIXELS + pixel];
            u += sumsU[c * PIXELS + pixel];
        }
        bool divides = false;
        const float divisor = args.normalize ? divisor_of(sumV[pixel], sum, divides) : 1.0f;
        sumH[pixel] = sum;
        inverses[pixel] = 1 / divisor;
        factors[pixel] = divides ? u / divisor : 0;
        const int py = y0 + pixel / ADACONV_TILE_WIDTH, px = x0 + pixel % ADACONV_TILE_WIDTH;
        if (py < args.height && px < args.width)
            args.divisor[n * planeSize + static_cast<long long>(py) * args.width + px] = divisor;
    }
    __syncthreads();

    const bool inside = y0 + y < args.height;
#pragma unroll
    for (int j = 0; j < ADACONV_CHUNK; j++) {
        const int tap = chunk * ADACONV_CHUNK + j;
#pragma unroll
        for (int p = 0; p < 4; p++) {
            if (inside && tap < taps && x0 + x + p < args.width)
                gradHorizontal[tap * planeSize + ((y0 + y) * args.width + x0 + x + p)] =
                    (dh[j][p] - factors[own + p] * sumV[own + p]) * inverses[own + p];
        }
    }
    if (!args.normalize)
        return;
    for (int item = thread; item < taps * PIXELS; item += threads) {
        const int tap = item / PIXELS, pixel = item % PIXELS;
        const int py = y0 + pixel / ADACONV_TILE_WIDTH, px = x0 + pixel % ADACONV_TILE_WIDTH;
        if (py < args.height && px < args.width) {
            float *target = gradVertical + tap * planeSize + static_cast<long long>(py) * args.width + px;
            *target = (*target - factors[pixel] * sumH[pixel]) * inverses[pixel];
        }
    }
}

/// A block gathers 16 rows of the image's gradient from all pixels of a strip of 32 columns that reach them; a thread owns one of the
/// 32 + K - 1 columns that the strip reaches. Rows and columns count from -K/2 on; what lies outside the image goes to its border.
template <typename T>
DEVICE void separable_image_gradient(const adaconv_separable_args &args) {
    constexpr int ROWS = ADACONV_IMAGE_ROWS, WIDTH = ADACONV_TILE_WIDTH, V_PITCH = ROWS + 4, H_PITCH = WIDTH + 1;
    ADACONV_SHARED_MEMORY(shared);
    const int taps = args.taps, column = threadIdx.x, threads = ADACONV_IMAGE_THREADS(taps);
    const int passes = ADACONV_PASSES(args.planes), n = blockIdx.z / passes, firstPlane = blockIdx.z % passes * ADACONV_PLANES;
    const int planes = smaller(ADACONV_PLANES, args.planes - firstPlane);
    const int x0 = blockIdx.x * WIDTH, row0 = blockIdx.y * ROWS;
    const long long planeSize = static_cast<long long>(args.height) * args.width;
    const auto vertical = TapMaps<T>::of(args.vertical, args, n), horizontal = TapMaps<T>::of(args.horizontal, args, n);
    const T *gradOutput = static_cast<const T *>(args.grad_output) + n * args.grad_output_stride + firstPlane * planeSize;
    float *gradients = shared;                  // [32][4]: a pixel's planes
    float *v = gradients + WIDTH * 4;           // [32][V_PITCH]: the taps of a pixel that meet the block's rows
    float *h = v + WIDTH * V_PITCH;             // [K][H_PITCH]: odd, so that a diagonal meets every bank

    // Pixels of the strip that reach a column of this warp.
    const int firstPixel = larger(0, (column & ~31) - taps + 1), lastPixel = smaller(WIDTH - 1, column | 31);
    float sums[ADACONV_PLANES][ROWS] = {};
    const int lastRow = smaller(args.height - 1, row0 + ROWS - 1);
    for (int y = larger(0, row0 - taps + 1); y <= lastRow; y++) {
        for (int item = column; item < WIDTH * 4; item += threads) {
            const int px = x0 + item / 4, plane = item % 4;
            const long long pixel = static_cast<long long>(y) * args.width + px;
            gradients[item] = plane < planes && px < args.width
                ? load(gradOutput + plane * planeSize + pixel) / args.divisor[n * planeSize + pixel] : 0;
        }
        for (int item = column; item < WIDTH * ROWS; item += threads) {
            const int px = item % WIDTH, row = item / WIDTH, tap = row0 + row - y;
            v[px * V_PITCH + row] = tap >= 0 && tap < taps && x0 + px < args.width ? vertical.at(tap, y, x0 + px) : 0;
        }
        for (int item = column; item < WIDTH * taps; item += threads) {
            const int px = item % WIDTH, tap = item / WIDTH;
            h[tap * H_PITCH + px] = x0 + px < args.width ? horizontal.at(tap, y, x0 + px) : 0;
        }
        __syncthreads();
#pragma unroll 1
        for (int px = firstPixel; px <= lastPixel; px++) {
            const int tap = column - px;
            const float weight = tap >= 0 && tap < taps ? h[tap * H_PITCH + px] : 0;
            float g[4];
            load4(gradients + px * 4, g);
#pragma unroll
            for (int row = 0; row < ROWS; row += 4) {
                float four[4];
                load4(v + px * V_PITCH + row, four);
#pragma unroll
                for (int plane = 0; plane < ADACONV_PLANES; plane++) {
#pragma unroll
                    for (int r = 0; r < 4; r++)
                        sums[plane][row + r] += weight * g[plane] * four[r];
                }
            }
        }
        __syncthreads(); // the next row's taps take the place of these
    }

    if (column >= WIDTH + taps - 1)
        return;
    const int x = clamp(x0 + column - taps / 2, args.width);
    float *target = args.grad_image + n * args.grad_image_stride + firstPlane * planeSize + x;
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
        const bool exists = row0 + row < args.height + taps - 1;
        const int y = clamp(row0 + row - taps / 2, args.height);
#pragma unroll
        for (int plane = 0; plane < ADACONV_PLANES; plane++) {
            if (exists && plane < planes)
                atomicAdd(target + plane * planeSize + static_cast<long long>(y) * args.width, sums[plane][row]);
        }
    }
}

/// The weight of full-resolution position `position` in map position `cell`; see TapMaps::neighbours.
DEVICE float fold_weight(int position, int cell, int size) {
    int first, second;
    const float weight = TapMaps<float>::neighbours(position, size, first, second);
    return (first == cell ? weight : 0) + (second == cell ? 1 - weight : 0);
}

/// A thread gathers one map value from the up to 4x4 pixels that it was mixed into.
DEVICE void fold_taps(const adaconv_fold_args &args) {
    const int height = (args.height + 1) / 2, width = (args.width + 1) / 2, n = blockIdx.z / args.taps, k = blockIdx.z % args.taps;
    const int x = blockIdx.x * ADACONV_TILE_WIDTH + threadIdx.x, y = blockIdx.y * ADACONV_PIXEL_ROWS + threadIdx.y;
    if (x >= width || y >= height)
        return;
    const float *full = args.full + n * args.full_stride + k * static_cast<long long>(args.height) * args.width;
    float sum = 0;
    for (int row = larger(0, 2 * y - 1); row <= smaller(args.height - 1, 2 * y + 2); row++) {
        for (int column = larger(0, 2 * x - 1); column <= smaller(args.width - 1, 2 * x + 2); column++) {
            sum += fold_weight(row, y, height) * fold_weight(column, x, width)
                * full[static_cast<long long>(row) * args.width + column];
        }
    }
    args.maps[n * args.map_stride + (static_cast<long long>(k) * height + y) * width + x] = sum;
}
