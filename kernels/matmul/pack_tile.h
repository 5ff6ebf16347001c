/* A tile's rows of A, copied step after step: what a lean loop reads in one stream (loop_lean.h).
 *
 * Refuses to know where the copy is kept: packed.c does. */
#ifndef ACELERA_MATMUL_PACK_TILE_H
#define ACELERA_MATMUL_PACK_TILE_H

#include "kernels/element.h"

#include <stdint.h>

typedef element pack_part __attribute__((vector_size(16)));
typedef element pack_part_unaligned __attribute__((vector_size(16), aligned(sizeof(element)), may_alias));

enum { PACK_LANES = 16 / (int)sizeof(element) };

/* As many steps of four rows as a part has lanes. */
static inline __attribute__((always_inline)) void pack_four(const element *from, int64_t stride, element *to)
{
    pack_part row[4], *const end = row + 4;
    for (pack_part *next = row; next < end; next++, from += stride)
        *next = *(const pack_part_unaligned *)from;
#if ELEMENT_BITS == 32
    const pack_part low01 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5),
                    low23 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5),
                    high01 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7),
                    high23 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
    const pack_part packed[4] = {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
        __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
        __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
        __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
#else
    const pack_part packed[4] = {__builtin_shufflevector(row[0], row[1], 0, 2),
        __builtin_shufflevector(row[2], row[3], 0, 2), __builtin_shufflevector(row[0], row[1], 1, 3),
        __builtin_shufflevector(row[2], row[3], 1, 3)};
#endif
    for (int i = 0; i < 4; i++)
        ((pack_part_unaligned *)to)[i] = packed[i];
}

/* `rows` of A, `stride` elements apart, over `depth`, to rows × depth elements. */
static void pack_tile(const element *from, int64_t stride, int64_t rows, int64_t depth, element *to)
{
    int64_t p = 0;
    for (; rows == 4 && p + PACK_LANES <= depth; p += PACK_LANES, to += 4 * PACK_LANES)
        pack_four(from + p, stride, to);
    for (; p < depth; p++)
        for (int64_t i = 0; i < rows; i++)
            *to++ = from[i * stride + p];
}

#endif
