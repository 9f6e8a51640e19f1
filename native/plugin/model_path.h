/* Where plug-ins of libadaconv find models; include with _GNU_SOURCE. */
#ifndef ADACONV_MODEL_PATH_H
#define ADACONV_MODEL_PATH_H

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* A model's name stands for models/NAME.safetensors beside the plug-in; anything with a slash or that ending is a path. */
static void adaconv_model_path(const char *model, char *path, size_t size)
{
    static const char ending[] = ".safetensors";
    size_t length = strlen(model);
    Dl_info here;
    const char *slash;
    int is_path = strchr(model, '/') || (length >= sizeof ending - 1 && !strcmp(model + length - (sizeof ending - 1), ending));
    if (is_path || !dladdr((void *)adaconv_model_path, &here) || !(slash = strrchr(here.dli_fname, '/')))
        snprintf(path, size, "%s", model);
    else
        snprintf(path, size, "%.*s/models/%s%s", (int)(slash - here.dli_fname), here.dli_fname, model, ending);
}

#endif
