/* What the tests' program.c says of calls that do not do what they must. */
#ifndef ADACONV_EXPECTATIONS_H
#define ADACONV_EXPECTATIONS_H

#include "adaconv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    failures++;
}

static const char *last_error(void)
{
    static __thread char text[1000];
    adaconv_last_error(text, sizeof text);
    return text;
}

/* A call that must give a code, and a message where it is an error. */
static void expect(const char *what, adaconv_result got, adaconv_result wanted, const char *words)
{
    if (got != wanted)
        fail("%s gave %d (%s), not %d", what, got, got ? last_error() : "", wanted);
    else if (words && !strstr(last_error(), words))
        fail("%s says '%s', without '%s'", what, last_error(), words);
}

#endif
