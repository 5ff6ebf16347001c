/* Products with few rows, more than the path rows takes, and a B that is far: it is read from memory once, in
 * the same turn as the first tile of rows is computed and a copy of it kept in L1 for the others. A path
 * beside the blocks of packed.c; blocks.c chooses. (few.c, few_micro_kernel.c)
 *
 * While the other tiles are computed, the next part of B is asked for, a line or two for each step of k:
 * memory has work all the time. The copy costs a store for each vector, where the copy beside the arithmetic
 * that packed.c makes would be a large part of the work of a handful of tiles.
 *
 * Refuses to know of threads and memory: matmul.h has those.
 */
#ifndef ACELERA_MATMUL_FEW_H
#define ACELERA_MATMUL_FEW_H

#include "kernels/matmul/small.h"

#include <stdbool.h>

/* The tile of small products: as many registers. */
#define FEW_ROWS    SMALL_ROWS
#define FEW_VECTORS SMALL_VECTORS

/* One call: the function's rows × vectors of C (+)= rows of A · columns of B, over `depth` ≥ 1 steps of k.
 * Reads B to the end of its last vector. What is read there enters no sum that is kept. */
struct few_tile {
    int64_t depth;
    const element *a;
    int64_t a_stride;
    const element *b;
    int64_t b_stride;
    element *copy;        /* B comes here, row after row, the tile's vectors each; NULL: it is here already */
    const element *ahead; /* fetched to L2 meanwhile, if not copied: for each step one line of 64 bytes ... */
    int64_t b_far;        /* ... so far from the one before; or ... */
    bool whole_lines;     /* ... all lines of a row of the tile */
    element *sums;        /* rows × the tile's vectors */
    bool accumulate;      /* to the sums; else these are never read */
    element *c;           /* NULL: the result goes to the sums */
    int64_t c_stride;
    int64_t columns; /* of C, from here on */
};

typedef void few_micro_kernel_function(const struct few_tile *tile);

/* For 1 … FEW_ROWS rows × FEW_VECTORS vectors, or one less. */
few_micro_kernel_function *TYPED(matmul_few_micro_kernel)(int rows, int vectors);

#endif
