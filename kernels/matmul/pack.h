/* Copies of A and B in the order in which the micro-kernel reads them (the layout: micro_kernel.h), padded
 * with zeros to whole tiles and whole groups. Refuses to know about threads: callers say which part.
 *
 * Goto & van de Geijn 2008: packing costs O(n²), saves TLB misses and cache conflicts in O(n³).
 */
#ifndef ACELERA_MATMUL_PACK_H
#define ACELERA_MATMUL_PACK_H

#include "kernels/element.h"

#include <stdint.h>

/* A block of A, rows × depth at `a` with `stride`, into slivers of TILE_ROWS rows, one after the other. */
void TYPED(matmul_pack_a)(const element *a, int64_t stride, int64_t rows, int64_t depth, element *packed);

/* Groups [begin, end) of a panel of B, depth × columns at `b` with `stride`, into their places in slivers of
 * TILE_COLUMNS columns. */
void TYPED(matmul_pack_b)(const element *b, int64_t stride, int64_t depth, int64_t columns, int64_t begin,
    int64_t end, element *packed);

#endif
