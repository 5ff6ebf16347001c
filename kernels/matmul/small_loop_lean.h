/* Small's loop on the instruction sets of kernels/lean.h.
 *
 * Refuses to be read alone: small_micro_kernel.c includes it. */
#ifndef ACELERA_MATMUL_SMALL_LOOP_LEAN_H
#define ACELERA_MATMUL_SMALL_LOOP_LEAN_H

#include "kernels/matmul/fetch.h"
#include "kernels/matmul/small.h"
#include "kernels/matmul/step_lean.h"

/* Where the depth is less than what memory takes to answer: how far along the rows of B they are asked for.
 */
enum { B_LINES_AHEAD = 2 };

#define SUM_STEP(KIND, ROWS, VECTORS, P)                                                                     \
    do {                                                                                                     \
        if (KIND == SMALL_ASKS_A) {                                                                          \
            __builtin_prefetch(a_ahead);                                                                     \
            a_ahead += a_step;                                                                               \
        }                                                                                                    \
        if (KIND == SMALL_ASKS_B) {                                                                          \
            UNROLL                                                                                           \
            for (int line = 1; line <= FETCH_LINES_OF(VECTORS); line++)                                      \
                __builtin_prefetch(b + (B_LINES_AHEAD + line) * FETCH_LINE - 1);                             \
        }                                                                                                    \
        LEAN_STEP(sum[0], ROWS, VECTORS, b, P);                                                              \
        LEAN_NEXT_ROW(b, b_stride);                                                                          \
    } while (0)

/* Adds what is `left` of the depth to `sum[0]`. */
#define SUM_DEPTH(KIND, ROWS, VECTORS)                                                                       \
    LEAN_ROWS_OF_A(ROWS, a, a_stride);                                                                       \
    KEEP_ROLLED                                                                                              \
    for (; left >= LEAN_TURN; left -= LEAN_TURN) {                                                           \
        UNROLL                                                                                               \
        for (int p = 0; p < LEAN_TURN; p++)                                                                  \
            SUM_STEP(KIND, ROWS, VECTORS, p);                                                                \
        LEAN_ADVANCE(LEAN_TURN);                                                                             \
    }                                                                                                        \
    KEEP_ROLLED                                                                                              \
    for (; left > 0; left--) {                                                                               \
        SUM_STEP(KIND, ROWS, VECTORS, 0);                                                                    \
        LEAN_ADVANCE(1);                                                                                     \
    }

#endif
