/*
 * NVIDIA's driver as far as libav's decoder (NVDEC) needs it: libcuda.so.1 and libnvcuvid.so.1, both made of this file.
 * It cannot decode: the n-th picture that it is given becomes the n-th frame of a file of raw nv12 frames.
 *
 *   FAKE_CARD_FRAMES  that file
 *   FAKE_CARD_WIDTH, FAKE_CARD_HEIGHT  the size of its frames; the coded size may be larger
 *   FAKE_CARD_REFUSES  when set, it says of every video that it cannot decode it
 *   FAKE_CARD_FAILS_AT  the number of the picture, from 0, that fails
 *   FAKE_CARD_LOG  a file that gets a line for each decoder: the pictures it decoded, and surfaces that nobody gave back
 *
 * Declarations: the parts of NVIDIA's interface that are used here, as in nv-codec-headers 11.1 (dynlink_cuda.h, dynlink_cuviddec.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
enum { SUCCESS = 0, INVALID_VALUE = 1, UNKNOWN = 999, SURFACES = 64 };
typedef unsigned long long DevicePointer;

typedef struct
{
    size_t srcXInBytes, srcY;
    int srcMemoryType;
    const void *srcHost;
    DevicePointer srcDevice;
    void *srcArray;
    size_t srcPitch, dstXInBytes, dstY;
    int dstMemoryType;
    void *dstHost;
    DevicePointer dstDevice;
    void *dstArray;
    size_t dstPitch, WidthInBytes, Height;
} Copy;

typedef struct
{
    int codec, chroma;
    unsigned bitDepthMinus8, reserved1[3];
    unsigned char isSupported, count;
    unsigned short outputFormats;
    unsigned maxWidth, maxHeight, maxMacroblocks;
    unsigned short minWidth, minHeight;
} Caps;

typedef struct
{
    unsigned long width, height, surfaces;
    int codec, chroma;
    unsigned long flags, bitDepthMinus8, intraOnly, maxWidth, maxHeight, reserved;
    short display[4];
    int outputFormat, deinterlace;
    unsigned long targetWidth, targetHeight;
} CreateInfo;

typedef struct
{
    int widthInBlocks, heightInBlocks, index;
} Picture;

typedef struct
{
    CreateInfo info;
    long number[SURFACES];
    long pictures, mapped;
    FILE *frames;
} Decoder;

static long setting(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

/* libcuda */
EXPORT int cuInit(unsigned flags) { return SUCCESS; }
EXPORT int cuDeviceGetCount(int *count) { *count = 1; return SUCCESS; }
EXPORT int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return SUCCESS; }
EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = 512; return SUCCESS; } /* the alignment of textures */
EXPORT int cuCtxCreate_v2(void **context, unsigned flags, int device) { *context = malloc(1); return SUCCESS; }
EXPORT int cuCtxDestroy_v2(void *context) { free(context); return SUCCESS; }
EXPORT int cuCtxPushCurrent_v2(void *context) { return context ? SUCCESS : INVALID_VALUE; }
EXPORT int cuCtxPopCurrent_v2(void **context) { return SUCCESS; }
EXPORT int cuStreamSynchronize(void *stream) { return SUCCESS; }
EXPORT int cuGetErrorName(int error, const char **name) { *name = "FAKE_ERROR"; return SUCCESS; }
EXPORT int cuGetErrorString(int error, const char **text) { *text = "the fake card was told to fail"; return SUCCESS; }

EXPORT int cuMemcpy2DAsync_v2(const Copy *copy, void *stream)
{
    const char *from = (const char *)copy->srcDevice + copy->srcY * copy->srcPitch + copy->srcXInBytes;
    char *to = (char *)copy->dstHost + copy->dstY * copy->dstPitch + copy->dstXInBytes;
    if (!copy->srcDevice || !copy->dstHost)
        return INVALID_VALUE;
    for (size_t y = 0; y < copy->Height; y++)
        memcpy(to + y * copy->dstPitch, from + y * copy->srcPitch, copy->WidthInBytes);
    return SUCCESS;
}

EXPORT int cuMemcpy2D_v2(const Copy *copy) { return cuMemcpy2DAsync_v2(copy, NULL); }

/* libnvcuvid */
EXPORT int cuvidCtxLockCreate(void **lock, void *context) { *lock = context; return SUCCESS; }
EXPORT int cuvidCtxLockDestroy(void *lock) { return SUCCESS; }
EXPORT int cuvidCtxLock(void *lock, unsigned flags) { return SUCCESS; }
EXPORT int cuvidCtxUnlock(void *lock, unsigned flags) { return SUCCESS; }

EXPORT int cuvidGetDecoderCaps(Caps *caps)
{
    caps->isSupported = getenv("FAKE_CARD_REFUSES") == NULL;
    caps->count = 1;
    caps->outputFormats = 1; /* nv12 */
    caps->maxWidth = caps->maxHeight = 4096;
    caps->maxMacroblocks = 65536;
    caps->minWidth = caps->minHeight = 16;
    return SUCCESS;
}

EXPORT int cuvidCreateDecoder(void **handle, CreateInfo *info)
{
    Decoder *decoder = calloc(1, sizeof *decoder);
    decoder->info = *info;
    decoder->frames = fopen(getenv("FAKE_CARD_FRAMES"), "rb");
    *handle = decoder;
    return decoder->frames ? SUCCESS : INVALID_VALUE;
}

EXPORT int cuvidDestroyDecoder(void *handle)
{
    Decoder *decoder = handle;
    FILE *log = fopen(getenv("FAKE_CARD_LOG"), "a");
    if (log)
    {
        fprintf(log, "%ld pictures, %ld not given back\n", decoder->pictures, decoder->mapped);
        fclose(log);
    }
    fclose(decoder->frames);
    free(decoder);
    return SUCCESS;
}

EXPORT int cuvidDecodePicture(void *handle, Picture *picture)
{
    Decoder *decoder = handle;
    if (picture->index < 0 || picture->index >= SURFACES || (unsigned long)picture->index >= decoder->info.surfaces)
        return INVALID_VALUE;
    if (decoder->pictures == setting("FAKE_CARD_FAILS_AT", -1))
        return UNKNOWN;
    decoder->number[picture->index] = decoder->pictures++;
    return SUCCESS;
}

EXPORT int cuvidMapVideoFrame64(void *handle, int index, DevicePointer *address, unsigned *pitch, void *how)
{
    Decoder *decoder = handle;
    long width = setting("FAKE_CARD_WIDTH", 0), height = setting("FAKE_CARD_HEIGHT", 0);
    unsigned long rows = decoder->info.targetHeight;
    *pitch = (unsigned)((decoder->info.targetWidth + 255) & ~255ul);
    char *memory = malloc(*pitch * rows * 3 / 2);
    memset(memory, 77, *pitch * rows * 3 / 2); /* what lies outside the picture shows if it is taken */
    fseek(decoder->frames, decoder->number[index] * width * height * 3 / 2, SEEK_SET);
    for (long y = 0; y < height * 3 / 2; y++)
    {
        unsigned long row = y < height ? (unsigned long)y : rows + (unsigned long)(y - height);
        if (fread(memory + row * *pitch, 1, (size_t)width, decoder->frames) != (size_t)width)
            return INVALID_VALUE;
    }
    *address = (DevicePointer)memory;
    decoder->mapped++;
    return SUCCESS;
}

EXPORT int cuvidUnmapVideoFrame64(void *handle, DevicePointer address)
{
    free((void *)address);
    ((Decoder *)handle)->mapped--;
    return SUCCESS;
}

/* libav looks all of these up, and calls none of them to decode. */
#define ABSENT(name) EXPORT int name(void) { fprintf(stderr, "fake card: %s was called\n", #name); return UNKNOWN; }
ABSENT(cuDeviceGetName) ABSENT(cuDeviceComputeCapability) ABSENT(cuCtxSetLimit) ABSENT(cuMemAlloc_v2)
ABSENT(cuMemAllocPitch_v2) ABSENT(cuMemAllocManaged) ABSENT(cuMemsetD8Async) ABSENT(cuMemFree_v2) ABSENT(cuMemcpy) ABSENT(cuMemcpyAsync)
ABSENT(cuMemcpyHtoD_v2) ABSENT(cuMemcpyHtoDAsync_v2) ABSENT(cuMemcpyDtoH_v2) ABSENT(cuMemcpyDtoHAsync_v2) ABSENT(cuMemcpyDtoD_v2)
ABSENT(cuMemcpyDtoDAsync_v2) ABSENT(cuCtxGetDevice) ABSENT(cuDevicePrimaryCtxRetain) ABSENT(cuDevicePrimaryCtxRelease)
ABSENT(cuDevicePrimaryCtxSetFlags) ABSENT(cuDevicePrimaryCtxGetState) ABSENT(cuDevicePrimaryCtxReset) ABSENT(cuStreamCreate)
ABSENT(cuStreamQuery) ABSENT(cuStreamDestroy_v2) ABSENT(cuStreamAddCallback) ABSENT(cuEventCreate) ABSENT(cuEventDestroy_v2)
ABSENT(cuEventSynchronize) ABSENT(cuEventQuery) ABSENT(cuEventRecord) ABSENT(cuLaunchKernel) ABSENT(cuLinkCreate) ABSENT(cuLinkAddData)
ABSENT(cuLinkComplete) ABSENT(cuLinkDestroy) ABSENT(cuModuleLoadData) ABSENT(cuModuleUnload) ABSENT(cuModuleGetFunction)
ABSENT(cuModuleGetGlobal) ABSENT(cuTexObjectCreate) ABSENT(cuTexObjectDestroy) ABSENT(cuGLGetDevices_v2) ABSENT(cuGraphicsGLRegisterImage)
ABSENT(cuGraphicsUnregisterResource) ABSENT(cuGraphicsMapResources) ABSENT(cuGraphicsUnmapResources)
ABSENT(cuGraphicsSubResourceGetMappedArray) ABSENT(cuGraphicsResourceGetMappedPointer_v2) ABSENT(cuArray3DCreate_v2) ABSENT(cuArrayDestroy)
ABSENT(cuvidGetDecodeStatus) ABSENT(cuvidReconfigureDecoder) ABSENT(cuvidCreateVideoSource) ABSENT(cuvidCreateVideoSourceW)
ABSENT(cuvidDestroyVideoSource) ABSENT(cuvidSetVideoSourceState) ABSENT(cuvidGetVideoSourceState) ABSENT(cuvidGetSourceVideoFormat)
ABSENT(cuvidGetSourceAudioFormat) ABSENT(cuvidCreateVideoParser) ABSENT(cuvidParseVideoData) ABSENT(cuvidDestroyVideoParser)
