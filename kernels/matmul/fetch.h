/* Lines on their way to the caches. Refuses to say what to ask for, and when: only how. */
#ifndef ACELERA_MATMUL_FETCH_H
#define ACELERA_MATMUL_FETCH_H

#include "kernels/element.h"
#include "kernels/matmul/unroll.h"

#include <stdint.h>

#define FETCH_LINE (64 / (int)sizeof(element)) /* elements that memory gives at a time */

/* Lines that a row of so many vectors begins, wherever it lies. Asking for the last element of each, of one
 * row of panels after another, asks for all that there is. */
#define FETCH_LINES_OF(VECTORS) (((VECTORS)*VECTOR_LANES + FETCH_LINE - 1) / FETCH_LINE)

/* A tile of C, to be written: rows `stride` elements apart, the lines at `c` and each vector from there. The
 * tile may not exist: never a fault. */
static inline __attribute__((always_inline)) void matmul_fetch_tile(
    const element *c, int64_t stride, int rows, int vectors)
{
    KEEP_ROLLED
    for (int i = 0; i < rows; i++, c += stride)
        for (int v = 0; v < vectors; v++)
            __builtin_prefetch(c + v * VECTOR_LANES, 1);
}

#endif
