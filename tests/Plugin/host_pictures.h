/* Pictures as hosts hold them: for the tests' program.c. */
#ifndef ADACONV_HOST_PICTURES_H
#define ADACONV_HOST_PICTURES_H

#include "adaconv.h"

#include <stdio.h>
#include <stdlib.h>

/* Planes with rows farther apart than they must be, at odd addresses, bottom up where the format is of an odd width. */
struct picture {
    adaconv_frame frame;
    unsigned char *memory;
    size_t bytes;
};

static int shift_of(const adaconv_format *format, int component, int rows)
{
    if (format->family != ADACONV_YCBCR || (component != 1 && component != 2))
        return 0;
    return (int)(rows ? format->chroma_shift_y : format->chroma_shift_x);
}

static int components_of(const adaconv_format *format) { return (format->family == ADACONV_GREY ? 1 : 3) + (int)format->has_alpha; }

static void plane_size(const adaconv_format *format, int plane, size_t *row, size_t *rows)
{
    *row = *rows = 0;
    for (int c = 0; c < components_of(format); c++) {
        if ((int)format->component[c].plane != plane)
            continue;
        int x = shift_of(format, c, 0), y = shift_of(format, c, 1);
        size_t bytes = ((format->width + (1u << x) - 1) >> x) * format->component[c].step;
        *row = bytes > *row ? bytes : *row;
        *rows = (format->height + (1u << y) - 1) >> y;
    }
}

static struct picture allocate(const adaconv_format *format)
{
    struct picture picture = { .frame = ADACONV_FRAME_INIT };
    size_t row, rows, at = 1;
    for (int plane = 0; plane < 4; plane++) {
        plane_size(format, plane, &row, &rows);
        picture.bytes += (row + 5) * rows;
    }
    picture.memory = calloc(1, picture.bytes + 1);
    for (int plane = 0; plane < 4; plane++) {
        plane_size(format, plane, &row, &rows);
        if (!rows)
            continue;
        int up = format->width & 1;
        picture.frame.stride[plane] = up ? -(int64_t)(row + 5) : (int64_t)(row + 5);
        picture.frame.data[plane] = picture.memory + at + (up ? (row + 5) * (rows - 1) : 0);
        at += (row + 5) * rows;
    }
    return picture;
}

/* Rows without gaps from or to a file. */
static int transfer(const adaconv_format *format, struct picture *picture, const char *path, int write)
{
    FILE *file = fopen(path, write ? "wb" : "rb");
    size_t row, rows, done = 0, wanted = 0;
    if (!file)
        return -1;
    for (int plane = 0; plane < 4; plane++) {
        plane_size(format, plane, &row, &rows);
        for (size_t y = 0; y < rows; y++) {
            char *line = (char *)picture->frame.data[plane] + (int64_t)y * picture->frame.stride[plane];
            done += write ? fwrite(line, 1, row, file) : fread(line, 1, row, file);
            wanted += row;
        }
    }
    fclose(file);
    return done == wanted ? 0 : -1;
}

static void set_component(adaconv_format *format, int c, uint32_t plane, uint32_t step, uint32_t offset, uint32_t shift, uint32_t depth)
{
    format->component[c] = (adaconv_component){ .plane = plane, .step = step, .offset = offset, .shift = shift, .depth = depth };
}

static void fill(struct picture *picture, unsigned seed)
{
    for (size_t i = 0; i < picture->bytes; i++)
        picture->memory[i + 1] = (unsigned char)((i / 7 + i * seed + (i >> 6)) * 5);
}

#endif
