/* A tile of C on its way to the caches, to be written. */
#ifndef ACELERA_MATMUL_FETCH_H
#define ACELERA_MATMUL_FETCH_H

#include "kernels/element.h"
#include "kernels/matmul/unroll.h"

#include <stdint.h>

/* Rows `stride` elements apart, the lines at `c` and each vector from there. The tile may not exist: never a
 * fault. */
static inline __attribute__((always_inline)) void matmul_fetch_tile(
    const element *c, int64_t stride, int rows, int vectors)
{
    KEEP_ROLLED
    for (int i = 0; i < rows; i++, c += stride)
        for (int v = 0; v < vectors; v++)
            __builtin_prefetch(c + v * VECTOR_LANES, 1);
}

#endif
