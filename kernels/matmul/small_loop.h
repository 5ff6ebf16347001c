/* Small's loop where a step of k is up to 24 multiply-adds, or the compiler has registers to spare.
 *
 * Refuses to be read alone: small_micro_kernel.c includes it. */
#ifndef ACELERA_MATMUL_SMALL_LOOP_H
#define ACELERA_MATMUL_SMALL_LOOP_H

#include "kernels/matmul/small.h"
#include "kernels/matmul/unroll.h"

/* Steps of k between asking for a row of B and using it, where so few rows use it that reading it takes the
 * time. With more rows the loop has better things to do. */
enum { AHEAD = 16, LEAST_ROWS_WITHOUT = 4 };

/* Where the depth is less than what memory takes to answer: how far along the rows of B they are asked for.
 */
enum { PANELS_AHEAD = 2 };

/* Adds what is `left` of the depth to `sum[0]`. */
#define SUM_DEPTH(KIND, ROWS, VECTORS)                                                                       \
    KEEP_ROLLED                                                                                              \
    for (; left > 0; left--) {                                                                               \
        vector row[VECTORS];                                                                                 \
        if (KIND == SMALL_ASKS_A) {                                                                          \
            __builtin_prefetch(a_ahead);                                                                     \
            a_ahead += a_step;                                                                               \
        }                                                                                                    \
        UNROLL                                                                                               \
        for (int v = 0; v < VECTORS; v++) {                                                                  \
            row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                                      \
            READ_ONCE_FOR(ROWS, row[v]);                                                                     \
            if (KIND == SMALL_ASKS_B)                                                                        \
                __builtin_prefetch(b + (PANELS_AHEAD * VECTORS + v) * VECTOR_LANES);                         \
            else if (VECTORS > SMALL_VECTORS && ROWS < LEAST_ROWS_WITHOUT)                                   \
                __builtin_prefetch(b + AHEAD * b_stride + v * VECTOR_LANES);                                 \
        }                                                                                                    \
        UNROLL                                                                                               \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            UNROLL                                                                                           \
            for (int v = 0; v < VECTORS; v++)                                                                \
                sum[0][i][v] += a[i * a_stride] * row[v];                                                    \
        }                                                                                                    \
        a++;                                                                                                 \
        b += b_stride;                                                                                       \
    }

#endif
