/* The register tile: how much of C one call of the micro-kernel computes, and how its operands are packed.
 *
 * Refuses to know about matrices: it sees one packed sliver of A, one of B, and a full tile of C.
 *
 * Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008, section 6;
 * the size of the tile: Low et al., "Analytical Modeling Is Enough for High-Performance BLIS", ACM TOMS
 * 43(2), 2016, section 4.1 (enough independent sums to cover the FMA latency, in the registers there are).
 *
 * Sliver of A: TILE_ROWS rows, cut along k into groups of MATMUL_GROUP; a group holds MATMUL_GROUP
 * consecutive elements of each row in turn. Packing thus copies short runs instead of transposing, and every
 * element is at a constant distance from the group's begin.
 * Sliver of B: for each step of k, TILE_COLUMNS consecutive elements of a row.
 */
#ifndef ACELERA_MATMUL_MICRO_KERNEL_H
#define ACELERA_MATMUL_MICRO_KERNEL_H

#include "kernels/element.h"

#include <stdbool.h>
#include <stdint.h>

/* Registers: 2·rows sums, 2 for the row of B, 1 or 2 for the broadcast element of A. */
#if defined(__AVX512F__)
#    define MATMUL_TILE_ROWS 14 /* 28 + 2 + 1 of 32 */
#elif defined(__FMA__)
#    define MATMUL_TILE_ROWS 6 /* 12 + 2 + 1 of 16 */
#elif defined(__aarch64__)
#    define MATMUL_TILE_ROWS 8 /* 16 + 2 + 2 of 32; GCC spills from 17 sums on */
#else
#    define MATMUL_TILE_ROWS 4 /* 8 + 2 + 1 of 16, and one for the product, which has no FMA to hide in */
#endif
#define MATMUL_TILE_COLUMNS (2 * VECTOR_LANES)
#define MATMUL_GROUP        4

/* C tile (+)= A sliver · B sliver over `groups`·MATMUL_GROUP steps of k. c: TILE_ROWS rows of TILE_COLUMNS
 * elements, `stride` elements apart. Without `accumulate` the old C is never read. */
void TYPED(matmul_micro_kernel)(
    int64_t groups, const element *a, const element *b, element *c, int64_t stride, bool accumulate);

#endif
