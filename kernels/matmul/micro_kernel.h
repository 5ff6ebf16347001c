/* The register tile: how much of C one call of the micro-kernel computes, and how its operands lie.
 *
 * Refuses to know about matrices: it sees some rows of A, one sliver of B, and a tile of C.
 *
 * Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008, section 6;
 * the size of the tile: Low et al., "Analytical Modeling Is Enough for High-Performance BLIS", ACM TOMS
 * 43(2), 2016, section 4.1 (enough independent sums to cover the FMA latency, in the registers there are).
 *
 * A is read where it lies. A tile has few rows and is wide, so that a handful of streams along k is all that
 * is to be fetched of A, and one element of each row serves a whole row of vectors: 10 loads for 24
 * multiply-adds in a tile of 6 × 4 vectors. A taller, narrower tile has more loads, and would want a packed
 * A. Lean loops (kernels/lean.h) have no time to ask for A, and a thread packs it if it is used often enough.
 * Sliver of B: for each step of k, the tile's columns, consecutive; from one step to the next any stride, so
 * that B too may be read where it lies.
 *
 * Packing B happens, where there is time for it, beside the arithmetic, by the calls before the one that
 * needs the sliver: a copy in their shadow is nearly free, where a pass of its own would wait for memory.
 * (Asking for B's lines ahead of time is not enough: with rows 4 KiB apart they all fall into the same few
 * sets of the cache, and push each other out again.)
 */
#ifndef ACELERA_MATMUL_MICRO_KERNEL_H
#define ACELERA_MATMUL_MICRO_KERNEL_H

#include "kernels/lean.h"

#include <stdbool.h>
#include <stdint.h>

/* The most rows and vectors of a tile; its registers: the sums, the row of B, 1 or 2 for the broadcast
 * element of A. TALL_ROWS: the most rows of a tile of 2 vectors, for a matrix that has no more. */
#if defined(__AVX512F__) /* 24 + 4 + 1 of 32, tall 28 + 2 + 1 */
#    define MATMUL_TILE_ROWS    6
#    define MATMUL_TILE_VECTORS 4
#    define MATMUL_TALL_ROWS    14
#elif defined(__FMA__) /* 12 + 3 + 1 of 16 */
#    define MATMUL_TILE_ROWS    4
#    define MATMUL_TILE_VECTORS 3
#    define MATMUL_TALL_ROWS    4
#elif defined(__aarch64__) /* 16 + 4 + 2 of 32, tall 16 + 2 + 2; GCC spills from 17 sums on */
#    define MATMUL_TILE_ROWS    4
#    define MATMUL_TILE_VECTORS 4
#    define MATMUL_TALL_ROWS    8
#else /* 8 + 2 + 1 of 16, and one for the product, which has no FMA to hide in */
#    define MATMUL_TILE_ROWS    4
#    define MATMUL_TILE_VECTORS 2
#    define MATMUL_TALL_ROWS    4
#endif

/* Is there time beside the arithmetic to copy the next sliver of B (loop_packing.h)? Else a panel is packed
 * before, and the loop has nothing else to do (loop_lean.h). */
#define MATMUL_PACKS_BESIDE (!LEAN)
#define MATMUL_TILE_COLUMNS (MATMUL_TILE_VECTORS * VECTOR_LANES)

/* Steps of k between two looks at what else is to be done: a line of each row of A. */
#define MATMUL_GROUP (64 / (int)sizeof(element))

/* Rows of B on their way into a packed sliver: `left` rows at `from`, `stride` elements apart. A call of the
 * micro-kernel copies `rows` of them, each as wide as its tile, in each group of k. */
struct matmul_copy {
    const element *from;
    element *to;
    int64_t stride, left, rows;
};

/* One call: C tile (+)= rows of A · B sliver, over `depth` ≥ 1 steps of k.
 *
 * Reads B to the end of its last vector. What is read there enters no sum that is kept. */
struct matmul_tile {
    int64_t depth;
    const element *a;
    int64_t a_stride; /* between rows */
    bool a_packed;    /* lean loops only: or the rows' elements of a step side by side, and B dense */
    /* NULL, or fetched to L2 meanwhile: the next tile's rows, or a part of a sliver of B. */
    const element *ask;
    int64_t ask_stride; /* between as many lines as the tile has rows */
    int64_t ask_step;   /* and from these to the next ones, each MATMUL_GROUP steps of k */
    const element *b;
    int64_t b_stride; /* between steps of k */
    element *c;
    int64_t c_stride;
    const element *c_next;    /* fetched meanwhile: this tile's C or a later one's; it may not exist */
    int64_t columns;          /* of C from here on; where the tile has more, they are left alone */
    bool accumulate;          /* else the old C is never read */
    struct matmul_copy *copy; /* never NULL */
};

typedef void matmul_micro_kernel_function(const struct matmul_tile *tile);

/* For 1 … TILE_ROWS rows × 1 … TILE_VECTORS vectors, and up to TALL_ROWS × 1 or 2. */
matmul_micro_kernel_function *TYPED(matmul_micro_kernel)(int rows, int vectors);

#endif
