// out(p, y, x) = sum over i, j of v(i, y, x) h(j, y, x) I(p, y + i - K/2, x + j - K/2), the image's border replicated.
//
// A block makes 32x8 pixels of up to three planes. Each of its warps holds eight horizontal taps of every pixel in registers, a thread
// those of 4x2 pixels, and so each tap is read from memory once. Image rows pass through a ring in shared memory; twelve values read
// there serve 64 products. Vertical taps pass through shared memory too, as all warps want them. At the end the warps' sums are added.
#pragma once
#include "taps.cuh"

/// Copies image rows [from, to) of a tile, borders replicated, into their places in the ring: [slot][plane][pitch].
template <typename T, int RING>
DEVICE void load_rows(float *ring, const T *image, const adaconv_separable_args &args, int planes, int top, int left, int from,
    int to) {
    const int pitch = ADACONV_PITCH(args.taps), warps = ADACONV_CHUNKS(args.taps);
    for (int item = from * planes + threadIdx.y; item < to * planes; item += warps) {
        const int row = item / planes, plane = item - row * planes;
        const T *line = image + (static_cast<long long>(plane) * args.height + clamp(top + row, args.height)) * args.width;
        float *target = ring + (row % RING * ADACONV_PLANES + plane) * pitch;
        for (int column = threadIdx.x; column < pitch; column += 32)
            target[column] = load(line + clamp(left + column, args.width));
    }
}

/// Adds a batch of staged taps, or sets to their sum: a pixel belongs to the same thread each time.
template <int PIXELS>
DEVICE void add_taps(float *sums, const float *staged, int thread, int threads, bool first) {
#pragma unroll 1
    for (int pixel = thread; pixel < PIXELS; pixel += threads) {
        float sum = first ? 0 : sums[pixel];
        for (int step = 0; step < ADACONV_BATCH; step++)
            sum += staged[step * PIXELS + pixel];
        sums[pixel] = sum;
    }
}

/// A row's share of 4x2 pixels' sums: eight of its products for each.
DEVICE void convolve_row(const float *row, const float (&h)[ADACONV_CHUNK][2][4], const float (&v)[2][4], float (&sums)[2][4]) {
    float window[12];
    load4(row, window);
    load4(row + 4, window + 4);
    load4(row + 8, window + 8);
#pragma unroll
    for (int q = 0; q < 4; q++) {
        float upper = 0, lower = 0;
#pragma unroll
        for (int j = 0; j < ADACONV_CHUNK; j++) {
            upper += h[j][0][q] * window[q + j];
            lower += h[j][1][q] * window[q + j];
        }
        sums[0][q] += v[0][q] * upper;
        sums[1][q] += v[1][q] * lower;
    }
}

template <typename T>
DEVICE void separable_forward(const adaconv_separable_args &args) {
    constexpr int ROWS = ADACONV_FORWARD_ROWS, RING = ADACONV_FORWARD_RING, BATCH = ADACONV_BATCH, PIXELS = ROWS * ADACONV_TILE_WIDTH;
    ADACONV_SHARED_MEMORY(shared);
    const int taps = args.taps, pitch = ADACONV_PITCH(taps), chunks = ADACONV_CHUNKS(taps), threads = 32 * chunks;
    const int passes = ADACONV_PASSES(args.planes), n = blockIdx.z / passes, firstPlane = blockIdx.z % passes * ADACONV_PLANES;
    const int planes = smaller(ADACONV_PLANES, args.planes - firstPlane);
    const int lane = threadIdx.x, thread = threadIdx.y * 32 + lane;
    const int x0 = blockIdx.x * ADACONV_TILE_WIDTH, y0 = blockIdx.y * ROWS;
    int chunk = threadIdx.y, x = (lane & 7) * 4, y = (lane >> 3) * 2; // of the thread's 4x2 pixels, inside the tile
    const T *image = static_cast<const T *>(args.image) + n * args.image_stride
        + static_cast<long long>(firstPlane) * args.height * args.width;
    const auto vertical = TapMaps<T>::of(args.vertical, args, n), horizontal = TapMaps<T>::of(args.horizontal, args, n);

    float h[ADACONV_CHUNK][2][4];
#pragma unroll
    for (int j = 0; j < ADACONV_CHUNK; j++) {
        forget(x), forget(y);
        if (chunk * ADACONV_CHUNK + j < taps) {
            horizontal.template block<2>(chunk * ADACONV_CHUNK + j, y0 + y, x0 + x, args.height, args.width, h[j]);
        } else {
#pragma unroll
            for (int q = 0; q < 8; q++)
                h[j][q >> 2][q & 3] = 0;
        }
    }

    float *ring = shared, *staged = shared + RING * ADACONV_PLANES * pitch; // [BATCH][ROWS][32]
    float *divisors = staged + BATCH * PIXELS;                              // [ROWS][32], the sums of vertical taps at first
    float sums[ADACONV_PLANES][2][4] = {};
    // Image row r of the tile meets tap r of the thread's upper pixels and tap r - 1 of the lower ones: K + 1 rows in all.
    for (int r = 0; r <= taps; r += BATCH) {
        load_rows<T, RING>(ring, image, args, planes, y0 - taps / 2, x0 - taps / 2, r == 0 ? 0 : r + ROWS, r + RING);
#pragma unroll 1
        for (int item = thread; item < BATCH * PIXELS; item += threads) {
            const int row = item / ADACONV_TILE_WIDTH % ROWS, tap = r + item / PIXELS - (row & 1), px = x0 + item % ADACONV_TILE_WIDTH;
            const bool exists = tap >= 0 && tap < taps;
            staged[item] = exists ? vertical.at(tap, clamp(y0 + row, args.height), clamp(px, args.width)) : 0;
        }
        __syncthreads();
        if (args.normalize)
            add_taps<PIXELS>(divisors, staged, thread, threads, r == 0);
#pragma unroll 1
        for (int step = 0; step < BATCH; step++) {
            float v[2][4];
            load4(staged + (step * ROWS + y) * ADACONV_TILE_WIDTH + x, v[0]);
            load4(staged + (step * ROWS + y + 1) * ADACONV_TILE_WIDTH + x, v[1]);
            const float *rows = ring + (r + step + y) % RING * ADACONV_PLANES * pitch + x + chunk * ADACONV_CHUNK;
#pragma unroll
            for (int plane = 0; plane < ADACONV_PLANES; plane++) {
                if (plane < planes)
                    convolve_row(rows + plane * pitch, h, v, sums[plane]);
            }
        }
        __syncthreads(); // the next rows take the place of these
    }

    forget(x), forget(y), forget(chunk);
    // Each warp's sums lie side by side, [chunks][ROWS][32]; then thread t adds up pixels t, t + threads ...
    float *partial = shared, *own = partial + chunk * PIXELS + y * ADACONV_TILE_WIDTH + x;
    if (args.normalize) {
        float horizontalSums[2][4];
#pragma unroll
        for (int q = 0; q < 8; q++) {
            float sum = 0;
#pragma unroll
            for (int j = 0; j < ADACONV_CHUNK; j++)
                sum += h[j][q >> 2][q & 3];
            horizontalSums[q >> 2][q & 3] = sum;
        }
        store4(own, horizontalSums[0]);
        store4(own + ADACONV_TILE_WIDTH, horizontalSums[1]);
        __syncthreads();
        for (int pixel = thread; pixel < PIXELS; pixel += threads) {
            float sum = 0;
            for (int c = 0; c < chunks; c++)
                sum += partial[c * PIXELS + pixel];
            bool divides;
            divisors[pixel] = divisor_of(divisors[pixel], sum, divides);
        }
        __syncthreads(); // the first plane's sums take the place of the taps'
    }

    T *output = static_cast<T *>(args.output) + n * args.output_stride;
#pragma unroll
    for (int plane = 0; plane < ADACONV_PLANES; plane++) {
        if (plane < planes) {
            store4(own, sums[plane][0]);
            store4(own + ADACONV_TILE_WIDTH, sums[plane][1]);
        }
        __syncthreads();
        for (int pixel = thread; pixel < PIXELS; pixel += threads) {
            const int py = y0 + pixel / ADACONV_TILE_WIDTH, px = x0 + pixel % ADACONV_TILE_WIDTH;
            if (plane >= planes || py >= args.height || px >= args.width)
                continue;
            float sum = 0;
            for (int c = 0; c < chunks; c++)
                sum += partial[c * PIXELS + pixel];
            store(output + (static_cast<long long>(firstPlane + plane) * args.height + py) * args.width + px,
                args.normalize ? sum / divisors[pixel] : sum);
        }
        __syncthreads(); // the next plane's sums take the place of these
    }
}
