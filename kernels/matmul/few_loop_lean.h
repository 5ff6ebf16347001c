/* Few's loop on the instruction sets of kernels/lean.h, where a step has no time for more than its
 * multiply-adds: every so many turns the tile asks for as many rows of the next panel as a turn has steps. Of
 * many tiles the first copies the panel, whose rows are a line there or the ends of two, for the others,
 * which then read each row in one line, one after the other.
 *
 * Refuses to be read alone: few_micro_kernel.c includes it. */
#ifndef ACELERA_MATMUL_FEW_LOOP_LEAN_H
#define ACELERA_MATMUL_FEW_LOOP_LEAN_H

#include "kernels/matmul/few.h"
#include "kernels/matmul/step_lean.h"

/* Steps of k between asking L2 for a row of B, which is there by now, and using it. */
enum { AHEAD_L1 = 8 };

/* A step in place; the same, and its row of B to the copy; of a copy. And what a number of steps end with. */
#define STEP_IN_PLACE(ROWS, VECTORS, P)                                                                      \
    do {                                                                                                     \
        UNROLL                                                                                               \
        for (int line = 0; line < FETCH_LINES_OF(VECTORS); line++)                                           \
            __builtin_prefetch(b + AHEAD_L1 * b_stride + line * FETCH_LINE);                                 \
        LEAN_STEP(sum, ROWS, VECTORS, b, P);                                                                 \
        LEAN_NEXT_ROW(b, b_stride);                                                                          \
    } while (0)
#define STEP_COPYING(ROWS, VECTORS, P)                                                                       \
    do {                                                                                                     \
        UNROLL                                                                                               \
        for (int v = 0; v < VECTORS; v++)                                                                    \
            ((vector_unaligned *)to)[(P)*VECTORS + v] = ((const vector_unaligned *)b)[v];                    \
        STEP_IN_PLACE(ROWS, VECTORS, P);                                                                     \
    } while (0)
#define STEP_OF_COPY(ROWS, VECTORS, P) LEAN_STEP(sum, ROWS, VECTORS, b + (P)*VECTORS * VECTOR_LANES, P)
#define END_IN_PLACE(VECTORS, STEPS)   (void)0
#define END_COPYING(VECTORS, STEPS)    LEAN_NEXT_ROW(to, (STEPS)*VECTORS *VECTOR_LANES)
#define END_OF_COPY(VECTORS, STEPS)    LEAN_NEXT_ROW(b, (STEPS)*VECTORS *VECTOR_LANES)

#define SUM_STEPS(ROWS, VECTORS, every, WAY)                                                                 \
    do {                                                                                                     \
        KEEP_ROLLED                                                                                          \
        for (; left >= LEAN_TURN; left -= LEAN_TURN, until--) {                                              \
            if (until == 0) {                                                                                \
                until = every;                                                                               \
                UNROLL                                                                                       \
                for (int p = 0; p < LEAN_TURN; p++, ahead += tile->ahead_stride) {                           \
                    UNROLL                                                                                   \
                    for (int line = 0; line < FETCH_LINES_OF(VECTORS); line++)                               \
                        __builtin_prefetch(ahead + line * FETCH_LINE, 0, 2);                                 \
                }                                                                                            \
            }                                                                                                \
            UNROLL                                                                                           \
            for (int p = 0; p < LEAN_TURN; p++)                                                              \
                STEP_##WAY(ROWS, VECTORS, p);                                                                \
            END_##WAY(VECTORS, LEAN_TURN);                                                                   \
            LEAN_ADVANCE(LEAN_TURN);                                                                         \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        for (; left > 0; left--) {                                                                           \
            STEP_##WAY(ROWS, VECTORS, 0);                                                                    \
            END_##WAY(VECTORS, 1);                                                                           \
            LEAN_ADVANCE(1);                                                                                 \
        }                                                                                                    \
    } while (0)

/* Adds the tile's products to `sum`, and asks for as many rows as a turn has, in each of `every` turns. */
#define SUM_DEPTH(ROWS, VECTORS, lines, every)                                                               \
    LEAN_ROWS_OF_A(ROWS, tile->a, tile->a_stride);                                                           \
    const element *b = tile->b, *ahead = tile->ahead;                                                        \
    element *to = tile->copy;                                                                                \
    const int64_t b_stride = tile->b_stride;                                                                 \
    int64_t left = tile->depth, until = 0;                                                                   \
    (void)lines;                                                                                             \
    if (to != NULL)                                                                                          \
        SUM_STEPS(ROWS, VECTORS, every, COPYING);                                                            \
    else if (b_stride == VECTORS * VECTOR_LANES)                                                             \
        SUM_STEPS(ROWS, VECTORS, every, OF_COPY);                                                            \
    else                                                                                                     \
        SUM_STEPS(ROWS, VECTORS, every, IN_PLACE)

#define SUM_TILE(ROWS, VECTORS) sum_##ROWS##x##VECTORS(tile, 1, tile->every)

#endif
