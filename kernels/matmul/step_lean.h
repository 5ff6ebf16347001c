/* A step of k on the instruction sets of kernels/lean.h: the row of B, an element of each row of A, a
 * multiply-add for each sum, and nothing else. What all lean loops of this folder are made of.
 *
 * They have A as `a0` and `a3` three rows below, and the bytes from row to row as `stride`: then the address
 * of each element is one of these and a register, or twice that.
 *
 * Refuses to know how many steps there are. */
#ifndef ACELERA_MATMUL_STEP_LEAN_H
#define ACELERA_MATMUL_STEP_LEAN_H

#include "kernels/lean.h"
#include "kernels/matmul/unroll.h"

#include <stdint.h>

/* Steps in a turn of a loop: what a turn has besides is little then, and more make no difference. */
enum { LEAN_TURN = 4 };

/* The three names, for rows `A_STRIDE` elements apart. */
#define LEAN_ROWS_OF_A(ROWS, A, A_STRIDE)                                                                    \
    const element *a0 = (A), *a3 = a0 + (ROWS < 3 ? ROWS : 3) * (A_STRIDE);                                  \
    const int64_t stride = (A_STRIDE) * (int64_t)sizeof(element)

/* A vector of B. */
static inline __attribute__((always_inline)) vector lean_load(const element *from)
{
    vector x = *(const vector_unaligned *)from;
    IN_REGISTER(x);
    return x;
}

/* A step of k that adds to `SUM[rows][vectors]`, `P` after the one where `a0` and `a3` are, with its row of B
 * at `FROM`. */
#define LEAN_STEP(SUM, ROWS, VECTORS, FROM, P)                                                               \
    LEAN_STEP_OF(SUM, ROWS, VECTORS, FROM, i < 3 ? a0 : a3, stride, i % 3, (P) * (int)sizeof(element))

/* The same, `P` after the one where `A` is, whose elements of a step lie side by side. */
#define LEAN_STEP_PACKED(SUM, ROWS, VECTORS, FROM, A, P)                                                     \
    LEAN_STEP_OF(SUM, ROWS, VECTORS, FROM, A, 0, 0, ((P)*ROWS + i) * (int)sizeof(element))

/* The element of row `i` is at `BASE` + `TIMES` strides + `OFFSET`. The fewer, elements or vectors of the row
 * of B, stay in registers, the others come by one at a time. */
#define LEAN_STEP_OF(SUM, ROWS, VECTORS, FROM, BASE, STRIDE, TIMES, OFFSET)                                  \
    do {                                                                                                     \
        if (VECTORS > ROWS) {                                                                                \
            vector x[3];                                                                                     \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++)                                                                   \
                x[i] = lean_broadcast(BASE, STRIDE, TIMES, OFFSET);                                          \
            UNROLL                                                                                           \
            for (int v = 0; v < VECTORS; v++) {                                                              \
                if (ROWS == 3) {                                                                             \
                    lean_add_vector(&(SUM)[0][v], &(SUM)[ROWS > 1][v], &(SUM)[ROWS - 1][v], x,               \
                        (FROM) + v * VECTOR_LANES);                                                          \
                    continue;                                                                                \
                }                                                                                            \
                const vector row = lean_load((FROM) + v * VECTOR_LANES);                                     \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++)                                                               \
                    (SUM)[i][v] = lean_add_product((SUM)[i][v], x[i], row);                                  \
            }                                                                                                \
        } else {                                                                                             \
            vector row[4];                                                                                   \
            UNROLL                                                                                           \
            for (int v = 0; v < VECTORS; v++)                                                                \
                row[v] = lean_load((FROM) + v * VECTOR_LANES);                                               \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                if (VECTORS == 3) {                                                                          \
                    lean_add_broadcast(&(SUM)[i][0], &(SUM)[i][VECTORS > 1], &(SUM)[i][VECTORS - 1], row,    \
                        BASE, STRIDE, TIMES, OFFSET);                                                        \
                    continue;                                                                                \
                }                                                                                            \
                const vector x = lean_broadcast(BASE, STRIDE, TIMES, OFFSET);                                \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    (SUM)[i][v] = lean_add_product((SUM)[i][v], x, row[v]);                                  \
            }                                                                                                \
        }                                                                                                    \
    } while (0)

/* To the step after `STEPS` more. The compiler is told nothing of how pointers hang together: it would keep
 * one for each row. */
#define LEAN_ADVANCE(STEPS)                                                                                  \
    do {                                                                                                     \
        a0 += (STEPS);                                                                                       \
        a3 += (STEPS);                                                                                       \
        __asm__("" : "+r"(a0), "+r"(a3));                                                                    \
    } while (0)

/* To the next row of B. */
#define LEAN_NEXT_ROW(B, B_STRIDE)                                                                           \
    do {                                                                                                     \
        (B) += (B_STRIDE);                                                                                   \
        __asm__("" : "+r"(B));                                                                               \
    } while (0)

#endif
