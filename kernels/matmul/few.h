/* Products with few rows, and a B that is far. A path beside the blocks of packed.c; path.c chooses. (few.c,
 * few_micro_kernel.c)
 *
 * B is used too seldom for a copy to pay, so it is read where it lies: some rows of it, panel of columns
 * after panel, so that what a fetch unit of the caches brings beside the lines of one panel belongs to the
 * next. That next panel is also asked for while this one is computed, in small, even portions: memory has
 * work all the time, and what a panel reads of B waits in L2. Up to three tiles of rows share the lines of
 * each of its rows, so many for each step of k; more share its rows, and each asks for a row in so many steps
 * as there are tiles. Lean loops (kernels/lean.h) always share rows, and their panels
 * stay in L1.
 *
 * Refuses to know of threads and memory: matmul.h has those.
 */
#ifndef ACELERA_MATMUL_FEW_H
#define ACELERA_MATMUL_FEW_H

#include "kernels/matmul/fetch.h"
#include "kernels/matmul/small.h"
#include "kernels/matmul/step_lean.h"

#include <stdbool.h>

/* The tile of small products: as many registers. */
#define FEW_ROWS    SMALL_ROWS
#define FEW_VECTORS SMALL_VECTORS

/* The most tiles of rows that share the lines of each row of the next panel. */
enum { FEW_TILES_ABREAST = 3 };

/* Is it worth the stores to copy a panel for so many tiles? Measured: of two or three .92 to 1 times as fast,
 * from then on 1.0 to 1.03, and 1.05 to 1.18 where rows of B are not aligned. */
static inline bool few_copies_panels(int64_t tiles)
{
    return LEAN && tiles > 3;
}

/* One call: the function's rows × vectors of C (+)= rows of A · columns of B, over `depth` ≥ 1 steps of k.
 * Reads B to the end of its last vector. What is read there enters no sum that is kept. */
struct few_tile {
    int64_t depth;
    const element *a;
    int64_t a_stride;
    const element *b;
    int64_t b_stride;
    element *copy;        /* lean loops only: NULL, or the panel goes there too, row after row */
    const element *ahead; /* fetched to L2 meanwhile: `lines` lines of 64 bytes, ... */
    int lines;            /* ... of the next panel's at most; then, as far away as its rows are, ... */
    int64_t ahead_stride;
    int64_t every;   /* ... so many again after so many steps; 1 where tiles share lines. In a lean loop
                      * it counts turns, and each asks for a turn's rows */
    element *sums;   /* rows × the tile's vectors */
    bool accumulate; /* to the sums; else these are never read */
    element *c;      /* NULL: the result goes to the sums */
    int64_t c_stride;
    int64_t columns; /* of C, from here on */
};

typedef void few_micro_kernel_function(const struct few_tile *tile);

/* For 1 … FEW_ROWS rows × 2 … flat_vectors(rows) vectors; where that is less than 2, from 1 on. */
few_micro_kernel_function *TYPED(matmul_few_micro_kernel)(int rows, int vectors);

#endif
