/* The micro-kernel's loop where a step of k is 12 multiply-adds of 32-byte vectors: there everything else
 * that is in a step takes time, most of all beside another hardware thread of the same core, which leaves
 * half of the instructions that can be begun in a cycle. So a step is its multiply-adds, 6 broadcasts and 2
 * loads, and nothing else; B is packed before (packed.c).
 *
 * Refuses to be read alone: micro_kernel.c includes it, and says what a tile is. */
#ifndef ACELERA_MATMUL_LOOP_LEAN_H
#define ACELERA_MATMUL_LOOP_LEAN_H

#include "kernels/lean.h"
#include "kernels/matmul/fetch.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/unroll.h"

#include <stddef.h>

/* Steps of k in a turn of the loop: what a turn has besides is little then, and more make no difference. */
enum { ABREAST = 4 };

/* Steps of k before the end of a tile where its C is asked for: long enough to come from memory. */
enum { AHEAD_C = 160 };

/* A step of k, `P` after the one where the pointers are, with its row of B at `FROM`. */
#define STEP(ROWS, VECTORS, FROM, P)                                                                         \
    do {                                                                                                     \
        vector row[VECTORS];                                                                                 \
        UNROLL_FULLY                                                                                         \
        for (int v = 0; v < VECTORS; v++) {                                                                  \
            row[v] = *(const vector_unaligned *)((FROM) + v * VECTOR_LANES);                                 \
            IN_REGISTER(row[v]);                                                                             \
        }                                                                                                    \
        UNROLL_FULLY                                                                                         \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            const vector x = lean_broadcast(i < 3 ? a0 : a3, stride, i % 3, (P) * (int)sizeof(element));     \
            UNROLL_FULLY                                                                                     \
            for (int v = 0; v < VECTORS; v++)                                                                \
                sum[i][v] = lean_add_product(sum[i][v], x, row[v]);                                          \
        }                                                                                                    \
    } while (0)

#define ADVANCE(STEPS, B_STRIDE)                                                                             \
    do {                                                                                                     \
        b += (STEPS) * (B_STRIDE);                                                                           \
        a0 += (STEPS);                                                                                       \
        a3 += (STEPS);                                                                                       \
        __asm__("" : "+r"(a0), "+r"(a3), "+r"(b));                                                           \
    } while (0)

/* ABREAST steps of a packed sliver. */
#define TURN(ROWS, VECTORS)                                                                                  \
    do {                                                                                                     \
        UNROLL_FULLY                                                                                         \
        for (int p = 0; p < ABREAST; p++)                                                                    \
            STEP(ROWS, VECTORS, b + p * VECTORS * VECTOR_LANES, p);                                          \
        ADVANCE(ABREAST, VECTORS *VECTOR_LANES);                                                             \
    } while (0)

/* Adds the tile's products to `sum`: up to where C is asked for, and the rest. */
#define MULTIPLY_DEPTH(ROWS, VECTORS)                                                                        \
    const element *b = tile->b, *a0 = tile->a, *a3 = a0 + (ROWS < 3 ? ROWS : 3) * tile->a_stride;            \
    const element *ask = tile->ask;                                                                          \
    const int64_t stride = tile->a_stride * (int64_t)sizeof(element);                                        \
    int64_t left = tile->depth, rest = left < AHEAD_C ? left : AHEAD_C;                                      \
    const bool dense = tile->b_stride == VECTORS * VECTOR_LANES;                                             \
    KEEP_ROLLED                                                                                              \
    for (int part = 0; part < 2; part++, rest = 0) {                                                         \
        if (part > 0)                                                                                        \
            matmul_fetch_tile(tile->c_next, tile->c_stride, ROWS, VECTORS);                                  \
        if (dense) {                                                                                         \
            if (ask != NULL) {                                                                               \
                KEEP_ROLLED                                                                                  \
                for (; left >= rest + MATMUL_GROUP; left -= MATMUL_GROUP) {                                  \
                    KEEP_ROLLED                                                                              \
                    for (int i = 0; i < ROWS; i++)                                                           \
                        __builtin_prefetch(ask + i * tile->ask_stride, 0, 2);                                \
                    ask += tile->ask_step;                                                                   \
                    KEEP_ROLLED                                                                              \
                    for (int turn = 0; turn < MATMUL_GROUP / ABREAST; turn++)                                \
                        TURN(ROWS, VECTORS);                                                                 \
                }                                                                                            \
            }                                                                                                \
            KEEP_ROLLED                                                                                      \
            for (; left >= rest + ABREAST; left -= ABREAST)                                                  \
                TURN(ROWS, VECTORS);                                                                         \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        for (; left > rest; left--) {                                                                        \
            STEP(ROWS, VECTORS, b, 0);                                                                       \
            ADVANCE(1, tile->b_stride);                                                                      \
        }                                                                                                    \
    }

#endif
