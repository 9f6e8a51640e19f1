// The scheduler behind fibers.h.
#include "fibers.h"
#include "emulated.h"
#include <cstdio>
#include <limits>
#include <memory>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

namespace emulation {

thread_local Index thread_index, block_index, block_size;

namespace {

constexpr std::size_t StackSize = 32 * 1024;

struct Fiber {
    ucontext_t context;
    const char *file; // of the barrier it waits at
    int line;
    bool ended;
};

/// Memory that ends at an unreadable page.
class GuardedMemory {
public:
    explicit GuardedMemory(std::size_t bytes) : size((bytes + page() - 1) / page() * page()), bytes(bytes) {
        memory = static_cast<char *>(mmap(nullptr, size + page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        mprotect(memory + size, page(), PROT_NONE);
    }
    ~GuardedMemory() { munmap(memory, size + page()); }
    GuardedMemory(const GuardedMemory &) = delete;
    GuardedMemory &operator=(const GuardedMemory &) = delete;
    float *data() const { return reinterpret_cast<float *>(memory + size - (bytes + 15) / 16 * 16); }

private:
    static std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
    char *memory;
    std::size_t size, bytes;
};

struct Launch {
    std::vector<Fiber> fibers;
    std::unique_ptr<char[]> stacks;
    ucontext_t scheduler;
    unsigned current;
    Kernel kernel;
    const void *args;
    float *shared;
};

thread_local Launch *launch;
thread_local char message[256];
bool descending;
int skipped_barrier; // its number among the barriers met, by place; 0: none
struct Barrier {
    const char *file;
    int line;
};
std::vector<Barrier> barriers;

int number_of(const char *file, int line) {
    for (std::size_t i = 0; i < barriers.size(); i++) {
        if (barriers[i].line == line && std::strcmp(barriers[i].file, file) == 0)
            return static_cast<int>(i) + 1;
    }
    barriers.push_back({file, line});
    return static_cast<int>(barriers.size());
}

void run_fiber() {
    launch->kernel(launch->args);
    launch->fibers[launch->current].ended = true;
}

bool run_block(unsigned threads) {
    for (unsigned t = 0; t < threads; t++) {
        Fiber &fiber = launch->fibers[t];
        getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = &launch->stacks[t * StackSize];
        fiber.context.uc_stack.ss_size = StackSize;
        fiber.context.uc_link = &launch->scheduler;
        fiber.ended = false;
        makecontext(&fiber.context, run_fiber, 0);
    }
    for (;;) {
        for (unsigned i = 0; i < threads; i++) {
            const unsigned t = launch->current = descending ? threads - 1 - i : i;
            thread_index = {t % block_size.x, t / block_size.x % block_size.y, t / (block_size.x * block_size.y)};
            swapcontext(&launch->scheduler, &launch->fibers[t].context);
        }
        const Fiber &first = launch->fibers[0];
        for (unsigned t = 1; t < threads; t++) {
            const Fiber &fiber = launch->fibers[t];
            if (fiber.ended != first.ended || (!fiber.ended && (fiber.line != first.line || fiber.file != first.file))) {
                std::snprintf(message, sizeof message, "divergent barrier: thread 0 %s at line %d, thread %u %s at line %d",
                    first.ended ? "ended, last" : "waits", first.line, t, fiber.ended ? "ended, last" : "waits", fiber.line);
                return false;
            }
        }
        if (first.ended)
            return true;
    }
}

} // namespace

float *shared_memory() { return launch->shared; }

void synchronize(const char *file, int line) {
    if (number_of(file, line) == skipped_barrier)
        return;
    Fiber &fiber = launch->fibers[launch->current];
    fiber.file = file;
    fiber.line = line;
    swapcontext(&fiber.context, &launch->scheduler);
}

bool run(Kernel kernel, const void *args, Index grid, Index block, unsigned shared_bytes) {
    const unsigned threads = block.x * block.y * block.z;
    GuardedMemory shared(shared_bytes);
    Launch here{std::vector<Fiber>(threads), std::unique_ptr<char[]>(new char[threads * StackSize]), {}, 0, kernel, args, shared.data()};
    launch = &here;
    block_size = block;
    bool whole = true;
    for (unsigned b = 0; b < grid.x * grid.y * grid.z && whole; b++) {
        block_index = {b % grid.x, b / grid.x % grid.y, b / (grid.x * grid.y)};
        for (unsigned i = 0; i < shared_bytes / sizeof(float); i++)
            here.shared[i] = std::numeric_limits<float>::quiet_NaN();
        whole = run_block(threads);
    }
    launch = nullptr;
    return whole;
}

} // namespace emulation

using namespace emulation;

extern "C" const char *adaconv_emulation_error(void) { return message; }

extern "C" void adaconv_emulation_order(int descend) { descending = descend != 0; }

extern "C" int adaconv_emulation_barriers(void) { return static_cast<int>(barriers.size()); }

extern "C" void adaconv_emulation_skip_barrier(int number) { skipped_barrier = number; }

extern "C" const char *adaconv_emulation_barrier(int number, int *line) {
    *line = barriers[number - 1].line;
    return barriers[number - 1].file;
}

void emulation::fail(const char *text) { std::snprintf(message, sizeof message, "%s", text); }
