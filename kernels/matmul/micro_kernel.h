/* The register tile: how much of C one call of the micro-kernel computes, and how its operands lie.
 *
 * Refuses to know about matrices: it sees one sliver of A, one of B, and a full tile of C.
 *
 * Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008, section 6;
 * the size of the tile: Low et al., "Analytical Modeling Is Enough for High-Performance BLIS", ACM TOMS
 * 43(2), 2016, section 4.1 (enough independent sums to cover the FMA latency, in the registers there are).
 *
 * Packed sliver of A: the rows of the tile, cut along k into groups of MATMUL_GROUP; a group holds
 * MATMUL_GROUP consecutive elements of each row in turn. Packing thus copies whole vectors instead of
 * transposing, and every element is at a constant distance from the group's begin.
 * Sliver of B: for each step of k, the tile's columns, consecutive; from one step to the next any stride, so
 * that B may be read where it lies.
 *
 * Loads: a step of k takes 2 vectors of B and a broadcast for each row: 16 loads for 28 multiply-adds in a
 * tile of 14 × 2 vectors, so that the arithmetic is the narrowest pipe.
 *
 * Packing happens beside the arithmetic, by the call that needs a sliver of A first, and by the calls before
 * the one that needs a sliver of B: a copy in their shadow is nearly free, where a pass of its own would wait
 * for memory. (Asking for B's lines ahead of time is not enough: with rows 4 KiB apart they all fall into
 * the same few sets of the cache, and push each other out again.)
 */
#ifndef ACELERA_MATMUL_MICRO_KERNEL_H
#define ACELERA_MATMUL_MICRO_KERNEL_H

#include "kernels/element.h"

#include <stdbool.h>
#include <stdint.h>

/* TILE_ROWS: the most rows of a tile two vectors wide; its registers: 2·rows sums, 2 for the row of B, 1 or 2
 * for the broadcast element of A. Few rows leave registers for wider tiles, which read B in longer runs:
 * ROWS_OF_4 is the most rows of a tile four vectors wide. */
#if defined(__AVX512F__) /* 28 + 2 + 1 of 32 */
#    define MATMUL_TILE_ROWS 14
#    define MATMUL_ROWS_OF_4 6
#elif defined(__FMA__) /* 12 + 2 + 1 of 16 */
#    define MATMUL_TILE_ROWS 6
#    define MATMUL_ROWS_OF_4 2
#elif defined(__aarch64__) /* 16 + 2 + 2 of 32; GCC spills from 17 sums on */
#    define MATMUL_TILE_ROWS 8
#    define MATMUL_ROWS_OF_4 4
#else /* 8 + 2 + 1 of 16, and one for the product, which has no FMA to hide in */
#    define MATMUL_TILE_ROWS 4
#    define MATMUL_ROWS_OF_4 2
#endif
#define MATMUL_TILE_COLUMNS (2 * VECTOR_LANES)
#define MATMUL_WIDEST       4 /* vectors in the widest tile */
#define MATMUL_GROUP        VECTOR_LANES

/* Rows of B on their way into a packed sliver: `left` rows at `from`, `stride` elements apart. A call of the
 * micro-kernel copies `rows` of them, each as wide as its tile, in each group of k. */
struct matmul_copy {
    const element *from;
    element *to;
    int64_t stride, left, rows;
    const element *ahead; /* besides, fetched to L2 a group at a time: a row as deep as the tile */
};

/* One call: C tile (+)= A sliver · B sliver, over `depth` steps of k.
 *
 * Reads A to the end of its last group and B to the end of its last vector: up to one vector past the last
 * element of each. What is read there enters no sum that is kept. */
struct matmul_tile {
    int64_t depth;
    element *a;            /* packed sliver, whole groups */
    const element *a_from; /* NULL: `a` is packed already; else its first row in A, to be packed into `a` */
    int64_t a_stride;      /* between rows at a_from */
    const element *b;
    int64_t b_stride;
    element *c;
    int64_t c_stride;
    bool accumulate;          /* else the old C is never read */
    struct matmul_copy *copy; /* never NULL */
};

typedef void matmul_micro_kernel_function(const struct matmul_tile *tile);

/* For `rows` (1 … TILE_ROWS) × `vectors` (1, 2; 4 up to ROWS_OF_4 rows). */
matmul_micro_kernel_function *TYPED(matmul_micro_kernel)(int rows, int vectors);

#endif
