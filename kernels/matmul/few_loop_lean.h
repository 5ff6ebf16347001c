/* Few's loop on the instruction sets of kernels/lean.h, where a step has no time for more than its
 * multiply-adds: every so many turns the tile asks for as many rows of the next panel as a turn has steps. A
 * row of a panel is a line there, or the ends of two.
 *
 * Refuses to be read alone: few_micro_kernel.c includes it. */
#ifndef ACELERA_MATMUL_FEW_LOOP_LEAN_H
#define ACELERA_MATMUL_FEW_LOOP_LEAN_H

#include "kernels/matmul/few.h"
#include "kernels/matmul/step_lean.h"

/* Steps of k between asking L2 for a row of B, which is there by now, and using it. */
enum { AHEAD_L1 = 8 };

#define SUM_STEP(ROWS, VECTORS, P)                                                                           \
    do {                                                                                                     \
        __builtin_prefetch(b + AHEAD_L1 * b_stride);                                                         \
        LEAN_STEP(sum, ROWS, VECTORS, b, P);                                                                 \
        LEAN_NEXT_ROW(b, b_stride);                                                                          \
    } while (0)

/* Adds the tile's products to `sum`, and asks for `lines` lines (1) of as many rows as a turn has, in each of
 * so many turns. */
#define SUM_DEPTH(ROWS, VECTORS, lines, every)                                                               \
    LEAN_ROWS_OF_A(ROWS, tile->a, tile->a_stride);                                                           \
    const element *b = tile->b, *ahead = tile->ahead;                                                        \
    const int64_t b_stride = tile->b_stride;                                                                 \
    _Static_assert(FEW_LINES_OF(VECTORS) == 1, "a row of a panel is a line");                                \
    (void)lines;                                                                                             \
    int64_t left = tile->depth, until = 0;                                                                   \
    KEEP_ROLLED                                                                                              \
    for (; left >= LEAN_TURN; left -= LEAN_TURN, until--) {                                                  \
        if (until == 0) {                                                                                    \
            until = every;                                                                                   \
            UNROLL_FULLY                                                                                     \
            for (int p = 0; p < LEAN_TURN; p++, ahead += b_stride)                                           \
                __builtin_prefetch(ahead, 0, 2);                                                             \
        }                                                                                                    \
        UNROLL_FULLY                                                                                         \
        for (int p = 0; p < LEAN_TURN; p++)                                                                  \
            SUM_STEP(ROWS, VECTORS, p);                                                                      \
        LEAN_ADVANCE(LEAN_TURN);                                                                             \
    }                                                                                                        \
    KEEP_ROLLED                                                                                              \
    for (; left > 0; left--) {                                                                               \
        SUM_STEP(ROWS, VECTORS, 0);                                                                          \
        LEAN_ADVANCE(1);                                                                                     \
    }

#define SUM_TILE(ROWS, VECTORS) sum_##ROWS##x##VECTORS(tile, 1, tile->every)

#endif
