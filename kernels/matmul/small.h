/* Small products: nothing is packed, A and B are read where they lie. A path beside the blocks of packed.c;
 * blocks.c chooses. (small.c, small_micro_kernel.c)
 *
 * While B is near, packing it saves nothing: each row of tiles reads it once, a panel of columns at a time.
 * And what is used a few dozen times only, is copied at a price that shows. Small products want a way of
 * their own: Heinecke et al., "LIBXSMM: Accelerating Small Matrix Multiplications by Runtime Code
 * Generation", SC 2016.
 *
 * Refuses to know of threads and memory: matmul.h has those.
 */
#ifndef ACELERA_MATMUL_SMALL_H
#define ACELERA_MATMUL_SMALL_H

#include "kernels/element.h"

#include <stdint.h>

/* The most rows and vectors of a tile: its sums, a row of B and an element of A are in registers; the offsets
 * of as many rows of A in those for addresses. */
#if defined(__AVX512F__) /* 24 + 3 + 1 of 32 */
#    define SMALL_ROWS    8
#    define SMALL_VECTORS 3
#elif defined(__FMA__) /* 12 + 3 + 1 of 16 */
#    define SMALL_ROWS    4
#    define SMALL_VECTORS 3
#elif defined(__aarch64__) /* 15 + 3 + 1 of 32; GCC spills from 17 sums on */
#    define SMALL_ROWS    5
#    define SMALL_VECTORS 3
#else /* 8 + 2 + 1 of 16, and one for the product */
#    define SMALL_ROWS    4
#    define SMALL_VECTORS 2
#endif

/* One call: `tiles` times the function's rows of C = rows of A · columns of B, over the whole depth. The old
 * C is never read. Reads B up to one vector past its last element; what is read there enters no sum that is
 * kept. */
struct small_block {
    int64_t depth, tiles;
    int64_t columns; /* panels of the function's vectors; the last may be narrower by less than a vector */
    const element *a;
    int64_t a_stride;
    const element *b;
    int64_t b_stride;
    element *c;
    int64_t c_stride;
};

typedef void small_micro_kernel_function(const struct small_block *block);

/* For `rows` (1 … SMALL_ROWS) × `vectors` (1 … SMALL_VECTORS). These and the depth decide in which order an
 * element is summed. */
small_micro_kernel_function *TYPED(matmul_small_micro_kernel)(int rows, int vectors);

#endif
