/* Few's loop where a step of k is 9 to 28 multiply-adds: beside each a tile asks for some lines of the next
 * panel's row, or after some steps for all of a row.
 *
 * Refuses to be read alone: few_micro_kernel.c includes it. */
#ifndef ACELERA_MATMUL_FEW_LOOP_H
#define ACELERA_MATMUL_FEW_LOOP_H

#include "kernels/matmul/few.h"
#include "kernels/matmul/unroll.h"

#define LEAST(X, Y) ((X) < (Y) ? (X) : (Y))

/* Adds the tile's products to `sum`, and asks for `lines` lines every so many steps. */
#define SUM_DEPTH(ROWS, VECTORS, lines, every)                                                               \
    /* Every third row: the address of each is one of these and a register, or twice that. */                \
    const int64_t a_stride = tile->a_stride, b_stride = tile->b_stride;                                      \
    const element *a0 = tile->a, *a3 = a0 + LEAST(3, ROWS) * a_stride;                                       \
    const element *a6 = a0 + LEAST(6, ROWS) * a_stride, *b = tile->b, *ahead = tile->ahead;                  \
    KEEP_ROLLED                                                                                              \
    for (int64_t left = tile->depth; left > 0; left -= every) {                                              \
        int64_t steps = every == 1 ? 1 : LEAST(left, every);                                                 \
        for (int line = 0; line < lines; line++)                                                             \
            __builtin_prefetch(ahead + line * FETCH_LINE, 0, 2);                                             \
        ahead += b_stride;                                                                                   \
        KEEP_ROLLED                                                                                          \
        do {                                                                                                 \
            vector row[VECTORS];                                                                             \
            UNROLL                                                                                           \
            for (int v = 0; v < VECTORS; v++) {                                                              \
                row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                                  \
                READ_ONCE_FOR(ROWS, row[v]);                                                                 \
            }                                                                                                \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                const element *third = i < 3 ? a0 : i < 6 ? a3 : a6;                                         \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    sum[i][v] += third[i % 3 * a_stride] * row[v];                                           \
            }                                                                                                \
            b += b_stride;                                                                                   \
            a0++, a3++, a6++;                                                                                \
            /* Else the compiler makes a pointer for each row. */                                            \
            __asm__("" : "+r"(a0), "+r"(a3), "+r"(a6));                                                      \
        } while (--steps > 0);                                                                               \
    }

/* Calls sum_ROWSxVECTORS with numbers that the compiler knows, where it can. */
#define SUM_TILE(ROWS, VECTORS)                                                                              \
    /* A wide panel has one tile of rows, which asks for all of the next one, wider by one at most. */       \
    if (VECTORS > FEW_VECTORS) {                                                                             \
        if (tile->lines > FETCH_LINES_OF(VECTORS))                                                           \
            sum_##ROWS##x##VECTORS(tile, FETCH_LINES_OF(VECTORS + 1), 1);                                    \
        else                                                                                                 \
            sum_##ROWS##x##VECTORS(tile, FETCH_LINES_OF(VECTORS), 1);                                        \
        return;                                                                                              \
    }                                                                                                        \
    if (tile->every > 1 || tile->lines == 0) {                                                               \
        sum_##ROWS##x##VECTORS(tile, tile->lines, tile->every);                                              \
        return;                                                                                              \
    }                                                                                                        \
    switch (tile->lines) {                                                                                   \
    case 1:                                                                                                  \
        sum_##ROWS##x##VECTORS(tile, 1, 1);                                                                  \
        break;                                                                                               \
    case 2:                                                                                                  \
        sum_##ROWS##x##VECTORS(tile, 2, 1);                                                                  \
        break;                                                                                               \
    case 3:                                                                                                  \
        sum_##ROWS##x##VECTORS(tile, 3, 1);                                                                  \
        break;                                                                                               \
    default:                                                                                                 \
        sum_##ROWS##x##VECTORS(tile, FETCH_LINES_OF(VECTORS + 1), 1);                                        \
    }

#endif
