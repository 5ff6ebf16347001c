/* The micro-kernel's loop where a step of k is 12 multiply-adds of 32-byte vectors: there everything else
 * that is in a step takes time, most of all beside another hardware thread of the same core, which leaves
 * half of the instructions that can be begun in a cycle. So a step is its multiply-adds, 6 broadcasts and 2
 * loads, and nothing else; B is packed before (packed.c).
 *
 * Refuses to be read alone: micro_kernel.c includes it, and says what a tile is. */
#ifndef ACELERA_MATMUL_LOOP_LEAN_H
#define ACELERA_MATMUL_LOOP_LEAN_H

#include "kernels/matmul/fetch.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/step_lean.h"

#include <stddef.h>

/* Steps of k before the end of a tile where its C is asked for: long enough to come from memory. */
enum { AHEAD_C = 160 };

/* A turn's steps of a packed sliver. */
#define TURN(ROWS, VECTORS)                                                                                  \
    do {                                                                                                     \
        UNROLL_FULLY                                                                                         \
        for (int p = 0; p < LEAN_TURN; p++)                                                                  \
            LEAN_STEP(sum, ROWS, VECTORS, b + p * VECTORS * VECTOR_LANES, p);                                \
        LEAN_NEXT_ROW(b, LEAN_TURN *VECTORS *VECTOR_LANES);                                                  \
        LEAN_ADVANCE(LEAN_TURN);                                                                             \
    } while (0)

/* Adds the tile's products to `sum`: up to where C is asked for, and the rest. */
#define MULTIPLY_DEPTH(ROWS, VECTORS)                                                                        \
    LEAN_ROWS_OF_A(ROWS, tile->a, tile->a_stride);                                                           \
    const element *b = tile->b, *ask = tile->ask;                                                            \
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
                    for (int turn = 0; turn < MATMUL_GROUP / LEAN_TURN; turn++)                              \
                        TURN(ROWS, VECTORS);                                                                 \
                }                                                                                            \
            }                                                                                                \
            KEEP_ROLLED                                                                                      \
            for (; left >= rest + LEAN_TURN; left -= LEAN_TURN)                                              \
                TURN(ROWS, VECTORS);                                                                         \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        for (; left > rest; left--) {                                                                        \
            LEAN_STEP(sum, ROWS, VECTORS, b, 0);                                                             \
            LEAN_NEXT_ROW(b, tile->b_stride);                                                                \
            LEAN_ADVANCE(1);                                                                                 \
        }                                                                                                    \
    }

#endif
