// Reading tap maps at full or half resolution, and the divisor of normalised taps.
#pragma once
#include "adaconv_kernels.h"
#include "device.h"

/// The maps of one item of the batch.
template <typename T>
struct TapMaps {
    const T *maps; // [K, h, w]
    int height, width, scale;
    long long plane;

    DEVICE TapMaps of(const void *all, const adaconv_separable_args &args, int n) {
        const int height = (args.height + args.tap_scale - 1) / args.tap_scale, width = (args.width + args.tap_scale - 1) / args.tap_scale;
        return {static_cast<const T *>(all) + n * args.tap_stride, height, width, args.tap_scale, static_cast<long long>(height) * width};
    }

    /// The two map positions around a pixel and the weight of the first, as in upsample_bilinear2d without align_corners.
    DEVICE float neighbours(int position, int size, int &first, int &second) {
        const int half = position >> 1;
        const bool odd = position & 1;
        first = odd ? half : larger(half - 1, 0);
        second = odd ? smaller(half + 1, size - 1) : half;
        return odd ? 0.75f : 0.25f;
    }

    /// Tap k of the pixel (y, x), which must lie inside the image.
    FORCE_INLINE float at(int k, int y, int x) const {
        const T *map = maps + k * plane;
        if (scale == 1)
            return load(map + (y * width + x));
        int top, bottom, left, right;
        const float down = neighbours(y, height, top, bottom), across = neighbours(x, width, left, right);
        const int upper = top * width, lower = bottom * width;
        const float first = down * load(map + (upper + left)) + (1 - down) * load(map + (lower + left));
        const float second = down * load(map + (upper + right)) + (1 - down) * load(map + (lower + right));
        return across * first + (1 - across) * second;
    }

    /// Tap k of ROWS rows (1, or 2 from an even y on) of four pixels from x on, a multiple of 4. At half resolution the pixels share
    /// most of the map values around them: each is read once. Pixels outside the image take the taps of its last row and column.
    template <int ROWS>
    FORCE_INLINE void block(int k, int y, int x, int imageHeight, int imageWidth, float (&taps)[ROWS][4]) const {
        const T *map = maps + k * plane;
        if (scale == 1) {
#pragma unroll
            for (int row = 0; row < ROWS; row++) {
                const int line = clamp(y + row, imageHeight) * width;
#pragma unroll
                for (int q = 0; q < 4; q++)
                    taps[row][q] = load(map + (line + clamp(x + q, imageWidth)));
            }
            return;
        }
#pragma unroll
        for (int row = 0; row < ROWS; row++) {
            int top, bottom;
            const float down = neighbours(clamp(y + row, imageHeight), height, top, bottom);
            const int upper = top * width, lower = bottom * width;
            float cells[4]; // columns x/2 − 1 to x/2 + 2
#pragma unroll
            for (int cell = 0; cell < 4; cell++) {
                const int column = clamp((x >> 1) - 1 + cell, width);
                cells[cell] = down * load(map + (upper + column)) + (1 - down) * load(map + (lower + column));
            }
            taps[row][0] = 0.25f * cells[0] + 0.75f * cells[1];
            taps[row][1] = 0.75f * cells[1] + 0.25f * cells[2];
            taps[row][2] = 0.25f * cells[1] + 0.75f * cells[2];
            taps[row][3] = 0.75f * cells[2] + 0.25f * cells[3];
        }
    }
};

/// What sums are divided by; a product of sums near zero does not divide (the limit is that of revisiting-sepconv).
DEVICE float divisor_of(float verticalSum, float horizontalSum, bool &divides) {
    const float product = verticalSum * horizontalSum;
    divides = !((product < 0 ? -product : product) < 0.01f);
    return divides ? product : 1.0f;
}
