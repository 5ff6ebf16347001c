/* The micro-kernel's loop where a step of k is 16 to 24 multiply-adds: beside them there is time to copy the
 * next sliver of B, and to look after every few steps what else is to be done.
 *
 * Refuses to be read alone: micro_kernel.c includes it, and says what a tile is. */
#ifndef ACELERA_MATMUL_LOOP_PACKING_H
#define ACELERA_MATMUL_LOOP_PACKING_H

#include "kernels/matmul/fetch.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/unroll.h"

#include <stddef.h>

/* Steps of k between asking for a row of B and using it. Not more: rows a multiple of 4 KiB apart fall into
 * one set of L1, which holds 8 to 12 lines. */
enum { AHEAD_B = 8 };

/* The same for the tile of C: long enough to come from memory. Not from the begin of a deep tile: what it
 * reads of A and B fills L1 several times, and C would be out again when the sums are added to it. (Where the
 * registers hold 8 sums only, the loop has no register left to know when.) */
enum { AHEAD_C = 160, LATE_C = MATMUL_TILE_ROWS * MATMUL_TILE_VECTORS > 8 };

#define LEAST(X, Y) ((X) < (Y) ? (X) : (Y))

/* The next rows of B, into the packed sliver. */
static inline __attribute__((always_inline)) void copy_rows(struct matmul_copy *copy, int vectors)
{
    int64_t rows = copy->rows < copy->left ? copy->rows : copy->left;
    const element *from = copy->from;
    element *to = copy->to;
    copy->left -= rows;
    KEEP_ROLLED
    for (; rows > 0; rows--) {
        UNROLL
        for (int v = 0; v < vectors; v++) {
            *(vector_unaligned *)(to + v * VECTOR_LANES) =
                *(const vector_unaligned *)(from + v * VECTOR_LANES);
            __builtin_prefetch(from + AHEAD_B * copy->stride + v * VECTOR_LANES);
        }
        from += copy->stride;
        to += vectors * VECTOR_LANES;
    }
    copy->from = from;
    copy->to = to;
}

/* Adds the tile's products to `sum`. The steps of k stay rolled. */
#define MULTIPLY_DEPTH(ROWS, VECTORS)                                                                        \
    const element *b = tile->b;                                                                              \
    /* Every third row: the address of each is one of these and a register, or twice that. */                \
    const element *a0 = tile->a, *a3 = a0 + LEAST(3, ROWS) * tile->a_stride;                                 \
    const element *a6 = a0 + LEAST(6, ROWS) * tile->a_stride, *a9 = a0 + LEAST(9, ROWS) * tile->a_stride;    \
    const element *a12 = a0 + LEAST(12, ROWS) * tile->a_stride, *ask = tile->ask;                            \
    const int64_t b_stride = tile->b_stride, a_stride = tile->a_stride;                                      \
    struct matmul_copy *const copy = tile->copy;                                                             \
                                                                                                             \
    if (!LATE_C || tile->depth < AHEAD_C)                                                                    \
        matmul_fetch_tile(tile->c_next, tile->c_stride, ROWS, VECTORS);                                      \
    for (int64_t left = tile->depth; left > 0; left -= MATMUL_GROUP) {                                       \
        int64_t steps = left < MATMUL_GROUP ? left : MATMUL_GROUP;                                           \
        __asm__("" : "+r"(steps)); /* a loop, even where a group is two steps */                             \
        if (LATE_C && left >= AHEAD_C && left < AHEAD_C + MATMUL_GROUP)                                      \
            matmul_fetch_tile(tile->c_next, tile->c_stride, ROWS, VECTORS);                                  \
        if (copy->left > 0)                                                                                  \
            copy_rows(copy, VECTORS);                                                                        \
        if (ask != NULL) {                                                                                   \
            KEEP_ROLLED                                                                                      \
            for (int i = 0; i < ROWS; i++)                                                                   \
                __builtin_prefetch(ask + i * a_stride, 0, 2);                                                \
            ask += MATMUL_GROUP;                                                                             \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        do {                                                                                                 \
            vector row[VECTORS];                                                                             \
            UNROLL                                                                                           \
            for (int v = 0; v < VECTORS; v++) {                                                              \
                row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                                  \
                READ_ONCE_FOR(ROWS, row[v]);                                                                 \
                __builtin_prefetch(b + AHEAD_B * b_stride + v * VECTOR_LANES);                               \
            }                                                                                                \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                const element *third = i < 3 ? a0 : i < 6 ? a3 : i < 9 ? a6 : i < 12 ? a9 : a12;             \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    sum[i][v] += third[i % 3 * a_stride] * row[v];                                           \
            }                                                                                                \
            b += b_stride;                                                                                   \
            a0++, a3++, a6++, a9++, a12++;                                                                   \
            __asm__("" : "+r"(a0), "+r"(a3)); /* else the compiler makes a pointer for each row */           \
            if (ROWS > 6)                                                                                    \
                __asm__("" : "+r"(a6), "+r"(a9), "+r"(a12));                                                 \
        } while (--steps > 0);                                                                               \
    }

#endif
