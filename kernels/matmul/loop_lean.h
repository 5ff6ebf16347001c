/* The micro-kernel's loop where a step of k is 12 multiply-adds of 32-byte vectors: there everything else
 * that is in a step takes time, most of all beside another hardware thread of the same core, which leaves
 * half of the instructions that can be begun in a cycle. So a step is its multiply-adds, 4 broadcasts and 3
 * loads, and nothing else; A and B are packed before (packed.c), or A is read where it lies.
 *
 * Refuses to be read alone: micro_kernel.c includes it, and says what a tile is. */
#ifndef ACELERA_MATMUL_LOOP_LEAN_H
#define ACELERA_MATMUL_LOOP_LEAN_H

#include "kernels/matmul/fetch.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/step_lean.h"

#include <stddef.h>

/* A turn's steps of a packed sliver; the same, of a packed A too. */
#define TURN_IN_PLACE(ROWS, VECTORS)                                                                         \
    do {                                                                                                     \
        UNROLL                                                                                               \
        for (int p = 0; p < LEAN_TURN; p++)                                                                  \
            LEAN_STEP(sum, ROWS, VECTORS, b + p * VECTORS * VECTOR_LANES, p);                                \
        LEAN_NEXT_ROW(b, LEAN_TURN *VECTORS *VECTOR_LANES);                                                  \
        LEAN_ADVANCE(LEAN_TURN);                                                                             \
    } while (0)
#define TURN_PACKED(ROWS, VECTORS)                                                                           \
    do {                                                                                                     \
        UNROLL                                                                                               \
        for (int p = 0; p < LEAN_TURN; p++)                                                                  \
            LEAN_STEP_PACKED(sum, ROWS, VECTORS, b + p * VECTORS * VECTOR_LANES, a, p);                      \
        LEAN_NEXT_ROW(b, LEAN_TURN *VECTORS *VECTOR_LANES);                                                  \
        LEAN_NEXT_ROW(a, LEAN_TURN *ROWS);                                                                   \
    } while (0)

/* All whole turns, and what is asked for meanwhile. */
#define TAKE_TURNS(TURN, ROWS, VECTORS)                                                                      \
    do {                                                                                                     \
        if (ask != NULL) {                                                                                   \
            KEEP_ROLLED                                                                                      \
            for (; left >= MATMUL_GROUP; left -= MATMUL_GROUP) {                                             \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++)                                                               \
                    __builtin_prefetch(ask + i * tile->ask_stride, 0, 2);                                    \
                ask += tile->ask_step;                                                                       \
                KEEP_ROLLED                                                                                  \
                for (int turn = 0; turn < MATMUL_GROUP / LEAN_TURN; turn++)                                  \
                    TURN(ROWS, VECTORS);                                                                     \
            }                                                                                                \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        for (; left >= LEAN_TURN; left -= LEAN_TURN)                                                         \
            TURN(ROWS, VECTORS);                                                                             \
    } while (0)

/* Adds the tile's products to `sum`. C is asked for at once: by the end it has come, even from memory. */
#define MULTIPLY_DEPTH(ROWS, VECTORS)                                                                        \
    const element *b = tile->b, *ask = tile->ask;                                                            \
    int64_t left = tile->depth;                                                                              \
    matmul_fetch_tile(tile->c_next, tile->c_stride, ROWS, VECTORS);                                          \
    if (tile->a_packed) {                                                                                    \
        const element *a = tile->a;                                                                          \
        TAKE_TURNS(TURN_PACKED, ROWS, VECTORS);                                                              \
        KEEP_ROLLED                                                                                          \
        for (; left > 0; left--) {                                                                           \
            LEAN_STEP_PACKED(sum, ROWS, VECTORS, b, a, 0);                                                   \
            LEAN_NEXT_ROW(b, VECTORS *VECTOR_LANES);                                                         \
            LEAN_NEXT_ROW(a, ROWS);                                                                          \
        }                                                                                                    \
    } else {                                                                                                 \
        LEAN_ROWS_OF_A(ROWS, tile->a, tile->a_stride);                                                       \
        if (tile->b_stride == VECTORS * VECTOR_LANES)                                                        \
            TAKE_TURNS(TURN_IN_PLACE, ROWS, VECTORS);                                                        \
        KEEP_ROLLED                                                                                          \
        for (; left > 0; left--) {                                                                           \
            LEAN_STEP(sum, ROWS, VECTORS, b, 0);                                                             \
            LEAN_NEXT_ROW(b, tile->b_stride);                                                                \
            LEAN_ADVANCE(1);                                                                                 \
        }                                                                                                    \
    }

#endif
