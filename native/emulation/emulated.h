// What the emulated build exports to the tests.
#pragma once
#include "fibers.h"

namespace emulation {

using Kernel = void (*)(const void *args);

bool run(Kernel kernel, const void *args, Index grid, Index block, unsigned shared_bytes);
void fail(const char *text);

} // namespace emulation

extern "C" {

/// What a launch is made of: grid, block, and the dynamic shared memory of a block in bytes.
struct adaconv_launch {
    unsigned grid[3], block[3], shared_bytes;
};

/// Runs a kernel by its exported name. args: the kernel's structure. 0: done, 1: failed, see adaconv_emulation_error.
int adaconv_emulate(const char *kernel, const adaconv_launch *launch, const void *args);

/// The launch that adaconv_kernels.h lays down. 0: done, 1: no such kernel.
int adaconv_contract_launch(const char *kernel, const void *args, adaconv_launch *launch);

const char *adaconv_emulation_error(void);

/// 0: threads run in ascending order, 1: in descending.
void adaconv_emulation_order(int descend);

/// Barriers met so far, by their place in the source; numbered from 1.
int adaconv_emulation_barriers(void);
const char *adaconv_emulation_barrier(int number, int *line);

/// Lets every thread run through this barrier; 0: none.
void adaconv_emulation_skip_barrier(int number);
}
