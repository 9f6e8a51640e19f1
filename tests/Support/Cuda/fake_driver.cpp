// A CUDA driver without a device, for the tests: it holds memory on the host, checks what it is given, notes every call, fails when told
// to, and runs kernels by their emulation.
#define ADACONV_EMULATED
#include "emulation/emulated.h"
#include "adaconv_kernels.h"
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

std::string calls, failing, failing_always, spoiled;
int failure, devices = 1, version = 12040, major = 8, contexts, modules, host_memory, failing_call = -1;
long long memory = 1LL << 30;
std::map<char *, std::size_t> blocks;
std::vector<std::string> kernels;
int current, kernel_version = ADACONV_VERSION;

const int InvalidValue = 1, OutOfMemory = 2, InvalidContext = 201, NotFound = 500, LaunchFailed = 719;

/// Notes a call; what it must return, 0: nothing special.
int enter(const char *name) {
    calls += name;
    calls += '\n';
    if (failing_always == name)
        return failure;
    if (failing_call >= 0 && failing_call-- == 0)
        return failure;
    if (failing != name)
        return 0;
    failing.clear();
    return failure;
}

// Kernels and the device's own stream work at once, as tensors on the host do; copies of other streams as late as the rules allow, so that
// what forgets to wait for them sees what was there before.
struct Stream {
    std::vector<std::function<void()>> copies;
    void run() {
        for (auto &copy : copies)
            copy();
        copies.clear();
    }
};
struct Event {
    Stream *stream; // null: the device's own, or not recorded
};
std::map<Stream *, int> streams;
std::map<Event *, int> events;
std::map<char *, std::size_t> pinned;

bool is_pinned(const void *address, std::size_t bytes) {
    const char *start = static_cast<const char *>(address);
    for (auto &block : pinned) {
        if (start >= block.first && start + bytes <= block.first + block.second)
            return true;
    }
    return false;
}

bool holds(const char *address, std::size_t bytes) {
    if (host_memory)
        return address;
    if (address == reinterpret_cast<char *>(&kernel_version))
        return bytes == sizeof kernel_version;
    auto block = blocks.upper_bound(const_cast<char *>(address));
    if (block == blocks.begin())
        return false;
    --block;
    return address + bytes <= block->first + block->second;
}

} // namespace

#define ENTER(name) \
    if (int result = enter(name)) \
    return result
#define IN_CONTEXT \
    if (!current) \
    return InvalidContext

extern "C" {

// What tests ask of it.
void fake_reset() {
    calls.clear();
    failing.clear();
    failing_always.clear();
    spoiled.clear();
    failing_call = -1, host_memory = 0;
    devices = 1, version = 12040, major = 8, memory = 1LL << 30, kernel_version = ADACONV_VERSION;
}
void fake_fail(const char *name, int result) { failing = name, failure = result; }
void fake_fail_always(const char *name, int result) { failing_always = name, failure = result; }
void fake_spoil(const char *kernel) { spoiled = kernel; }
void fake_fail_at(int index, int result) { failing_call = index, failure = result; }
void fake_host_memory(int value) { host_memory = value; }
void fake_devices(int count) { devices = count; }
void fake_version(int value) { version = value; }
void fake_capability(int value) { major = value; }
void fake_memory(long long bytes) { memory = bytes; }
void fake_kernel_version(int value) { kernel_version = value; }
const char *fake_calls() { return calls.c_str(); }
int fake_open() { return contexts + modules + static_cast<int>(blocks.size() + streams.size() + events.size() + pinned.size()); }

int cuInit(unsigned flags) {
    ENTER("cuInit");
    return flags == 0 ? 0 : InvalidValue;
}
int cuDriverGetVersion(int *value) {
    ENTER("cuDriverGetVersion");
    *value = version;
    return 0;
}
int cuDeviceGetCount(int *count) {
    ENTER("cuDeviceGetCount");
    *count = devices;
    return 0;
}
int cuDeviceGet(int *device, int ordinal) {
    ENTER("cuDeviceGet");
    *device = ordinal + 40; // handles are not ordinals
    return ordinal < devices ? 0 : InvalidValue;
}
int cuDeviceGetName(char *name, int size, int device) {
    ENTER("cuDeviceGetName");
    std::snprintf(name, size, "Emulated Device %d", device - 40);
    return device >= 40 ? 0 : InvalidValue;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    ENTER("cuDeviceGetAttribute");
    *value = attribute == 75 ? major : attribute == 76 ? 6 : attribute == 16 ? 28 : attribute == 13 ? 1777000
        : attribute == 36 ? 7501000 : attribute == 37 ? 192 : -1; // an RTX 3060's
    return device >= 40 && *value >= 0 ? 0 : InvalidValue;
}
int cuDeviceTotalMem_v2(std::size_t *bytes, int device) {
    ENTER("cuDeviceTotalMem_v2");
    *bytes = memory;
    return device >= 40 ? 0 : InvalidValue;
}
int cuDevicePrimaryCtxRetain(void **context, int device) {
    ENTER("cuDevicePrimaryCtxRetain");
    *context = &contexts;
    contexts++;
    return device >= 40 ? 0 : InvalidValue;
}
int cuDevicePrimaryCtxRelease_v2(int device) {
    const int result = enter("cuDevicePrimaryCtxRelease_v2"); // told, but done all the same
    contexts--;
    return result ? result : device >= 40 ? 0 : InvalidValue;
}
int cuCtxSetCurrent(void *context) {
    ENTER("cuCtxSetCurrent");
    current = context == &contexts;
    return current ? 0 : InvalidContext;
}
int cuModuleLoadDataEx(void **module, const void *image, unsigned count, const int *options, void **values) {
    IN_CONTEXT;
    if (int result = enter("cuModuleLoadDataEx")) {
        for (unsigned i = 0; i < count; i++) {
            if (options[i] == 5)
                std::strcpy(static_cast<char *>(values[i]), "ptxas fatal: fake words");
        }
        return result;
    }
    if (!std::strstr(static_cast<const char *>(image), ".target sm_70"))
        return InvalidValue;
    modules++;
    *module = &modules;
    return 0;
}
int cuModuleUnload(void *module) {
    const int result = enter("cuModuleUnload"); // told, but done all the same
    modules--;
    return result ? result : module == &modules ? 0 : InvalidValue;
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
    ENTER("cuModuleGetFunction");
    if (module != &modules || std::strncmp(name, "adaconv_", 8) != 0)
        return NotFound;
    kernels.push_back(name);
    *function = reinterpret_cast<void *>(kernels.size());
    return 0;
}
int cuModuleGetGlobal_v2(void **address, std::size_t *bytes, void *module, const char *name) {
    ENTER("cuModuleGetGlobal_v2");
    *address = &kernel_version;
    *bytes = sizeof kernel_version;
    return module == &modules && std::strcmp(name, "adaconv_version") == 0 ? 0 : NotFound;
}
int cuLaunchKernel(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
    unsigned shared, void *stream, void **parameters, void **extra) {
    IN_CONTEXT;
    ENTER("cuLaunchKernel");
    const adaconv_launch launch = {{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, shared};
    if (blockX * blockY * blockZ > 1024 || gridY > 65535 || gridZ > 65535 || shared > 48 * 1024 || stream || !parameters || extra)
        return InvalidValue;
    calls += "  " + kernels[reinterpret_cast<std::size_t>(function) - 1] + '\n';
    if (kernels[reinterpret_cast<std::size_t>(function) - 1] == spoiled)
        return 0;
    return adaconv_emulate(kernels[reinterpret_cast<std::size_t>(function) - 1].c_str(), &launch, parameters[0]) ? LaunchFailed : 0;
}
int cuMemsetD32Async(char *address, unsigned value, std::size_t count, void *) {
    IN_CONTEXT;
    ENTER("cuMemsetD32Async");
    if (!holds(address, 4 * count) || value)
        return InvalidValue;
    std::memset(address, 0, 4 * count);
    return 0;
}
int cuMemAlloc_v2(void **address, std::size_t bytes) {
    IN_CONTEXT;
    ENTER("cuMemAlloc_v2");
    if (static_cast<long long>(bytes) > memory)
        return OutOfMemory;
    char *block = static_cast<char *>(std::malloc(bytes));
    std::memset(block, 0xff, bytes); // not a number
    blocks[block] = bytes;
    *address = block;
    return 0;
}
int cuMemFree_v2(char *address) {
    const int result = enter("cuMemFree_v2"); // told, but done all the same
    blocks.erase(address);
    std::free(address);
    return result;
}
int cuMemcpyHtoD_v2(char *target, const void *source, std::size_t bytes) {
    IN_CONTEXT;
    ENTER("cuMemcpyHtoD_v2");
    if (!holds(target, bytes))
        return InvalidValue;
    std::memcpy(target, source, bytes);
    return 0;
}
int cuMemcpyDtoH_v2(void *target, const char *source, std::size_t bytes) {
    IN_CONTEXT;
    ENTER("cuMemcpyDtoH_v2");
    if (!holds(source, bytes))
        return InvalidValue;
    std::memcpy(target, source, bytes);
    return 0;
}
int cuStreamSynchronize(Stream *stream) {
    IN_CONTEXT;
    ENTER("cuStreamSynchronize");
    if (stream)
        stream->run();
    return !stream || streams.count(stream) ? 0 : InvalidValue;
}
int cuMemGetInfo_v2(std::size_t *free, std::size_t *total) {
    IN_CONTEXT;
    ENTER("cuMemGetInfo_v2");
    *free = *total = memory;
    return 0;
}
int cuMemHostAlloc(void **address, std::size_t bytes, unsigned flags) {
    IN_CONTEXT;
    ENTER("cuMemHostAlloc");
    char *block = static_cast<char *>(std::malloc(bytes));
    std::memset(block, 0xff, bytes);
    pinned[block] = bytes;
    *address = block;
    return flags ? InvalidValue : 0;
}
int cuMemFreeHost(char *address) {
    const int result = enter("cuMemFreeHost"); // told, but done all the same
    pinned.erase(address);
    std::free(address);
    return result;
}
int cuStreamCreate(Stream **stream, unsigned flags) {
    IN_CONTEXT;
    ENTER("cuStreamCreate");
    streams[*stream = new Stream]++;
    return flags == 1 ? 0 : InvalidValue; // does not wait for the device's own stream
}
int cuStreamDestroy_v2(Stream *stream) {
    const int result = enter("cuStreamDestroy_v2"); // told, but done all the same
    streams.erase(stream);
    delete stream;
    return result;
}
int cuEventCreate(Event **event, unsigned flags) {
    IN_CONTEXT;
    ENTER("cuEventCreate");
    events[*event = new Event{nullptr}]++;
    return flags == 2 ? 0 : InvalidValue; // does not measure time
}
int cuEventDestroy_v2(Event *event) {
    const int result = enter("cuEventDestroy_v2"); // told, but done all the same
    events.erase(event);
    delete event;
    return result;
}
int cuEventRecord(Event *event, Stream *stream) {
    IN_CONTEXT;
    ENTER("cuEventRecord");
    event->stream = stream;
    return events.count(event) && (!stream || streams.count(stream)) ? 0 : InvalidValue;
}
int cuStreamWaitEvent(Stream *stream, Event *event, unsigned flags) {
    IN_CONTEXT;
    ENTER("cuStreamWaitEvent");
    if (!events.count(event) || (stream && !streams.count(stream)) || flags)
        return InvalidValue;
    if (event->stream)
        event->stream->run();
    return 0;
}
int cuMemcpyHtoDAsync_v2(char *target, const void *source, std::size_t bytes, Stream *stream) {
    IN_CONTEXT;
    ENTER("cuMemcpyHtoDAsync_v2");
    if (!holds(target, bytes) || !is_pinned(source, bytes) || !streams.count(stream))
        return InvalidValue;
    stream->copies.push_back([=] { std::memcpy(target, source, bytes); });
    return 0;
}
int cuMemcpyDtoHAsync_v2(void *target, const char *source, std::size_t bytes, Stream *stream) {
    IN_CONTEXT;
    ENTER("cuMemcpyDtoHAsync_v2");
    if (!holds(source, bytes) || !is_pinned(target, bytes) || !streams.count(stream))
        return InvalidValue;
    stream->copies.push_back([=] { std::memcpy(target, source, bytes); });
    return 0;
}
int cuGetErrorName(int result, const char **name) {
    *name = result == 1 ? "CUDA_ERROR_INVALID_VALUE" : result == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : result == 100 ? "CUDA_ERROR_NO_DEVICE"
        : result == 218 ? "CUDA_ERROR_INVALID_PTX" : result == 719 ? "CUDA_ERROR_LAUNCH_FAILED" : nullptr;
    return *name ? 0 : InvalidValue;
}
int cuGetErrorString(int result, const char **words) {
    *words = result == 2 ? "out of memory" : result == 100 ? "no CUDA-capable device is detected" : nullptr;
    return *words ? 0 : InvalidValue;
}
}
