/* Products that read A and B where they lie: small ones, and all whose B is near or used by few rows. Nothing
 * is packed. A path beside the blocks of packed.c; path.c chooses. (small.c, small_micro_kernel.c, and for
 * half a vector small_half_micro_kernel.c)
 *
 * While B is near, packing it saves nothing: a panel of its columns stays in L1 while a band of rows passes
 * by, and that band's A in L2 while all panels do. Nor does it for few rows and a B that is not too far: the
 * fetch units bring it in time, and what is used a few dozen times only, is copied at a price that shows.
 * With so little depth that writing C is the work, all else that a tile does is too much; a C from afar is
 * asked for before, and so are an A, or a B, by tiles that are over before it would come. Where C has too few
 * tiles for a team, the depth is parted, and the parts' sums added in the end. Small products want a way of
 * their own: Heinecke et al., "LIBXSMM: Accelerating Small Matrix Multiplications by Runtime Code
 * Generation", SC 2016.
 *
 * Refuses to know of threads and memory: matmul.h has those.
 */
#ifndef ACELERA_MATMUL_SMALL_H
#define ACELERA_MATMUL_SMALL_H

#include "kernels/element.h"

#include <stdbool.h>
#include <stdint.h>

/* The most rows and vectors of a tile: its sums, a row of B and an element of A are in registers; the offsets
 * of as many rows of A in those for addresses. */
#if defined(__AVX512F__) /* 24 + 3 + 1 of 32 */
#    define SMALL_ROWS    8
#    define SMALL_VECTORS 3
#elif defined(__FMA__) /* 12 + 2 + 1 of 16: B is read in rows of a line, and A thrice as often as B */
#    define SMALL_ROWS    6
#    define SMALL_VECTORS 2
#elif defined(__aarch64__) /* 15 + 3 + 1 of 32; GCC spills from 17 sums on */
#    define SMALL_ROWS    5
#    define SMALL_VECTORS 3
#else /* 8 + 2 + 1 of 16, and one for the product */
#    define SMALL_ROWS    4
#    define SMALL_VECTORS 2
#endif

/* The most vectors of a panel, of a matrix of so many rows. Where registers allow, fewer rows than a tile has
 * make wider panels: longer runs of B, and as many sums. */
#if defined(__AVX512F__) /* 24 + 6 + 1 of 32 */
enum { FLAT_VECTORS = 6 };
static inline int flat_vectors(int64_t rows)
{
    return rows <= 4 ? FLAT_VECTORS : rows <= 6 ? 4 : SMALL_VECTORS;
}
#    define FLAT_SIZES(X)                                                                                    \
        X(1, 4)                                                                                              \
        X(1, 5)                                                                                              \
        X(1, 6) X(2, 4) X(2, 5) X(2, 6) X(3, 4) X(3, 5) X(3, 6) X(4, 4) X(4, 5) X(4, 6) X(5, 4) X(6, 4)
#elif defined(__FMA__) /* 12 + 1 + 3 of 16 */
enum { FLAT_VECTORS = 4 };
static inline int flat_vectors(int64_t rows)
{
    return rows <= 3 ? FLAT_VECTORS : SMALL_VECTORS;
}
#    define FLAT_SIZES(X) X(1, 3) X(1, 4) X(2, 3) X(2, 4) X(3, 3) X(3, 4)
#else
enum { FLAT_VECTORS = SMALL_VECTORS };
static inline int flat_vectors(int64_t rows)
{
    (void)rows;
    return SMALL_VECTORS;
}
#    define FLAT_SIZES(X)
#endif

/* Can half of the last vector be computed alone (small_half_micro_kernel.c)? In tiles of so many rows or
 * more, of so few columns that it shows. */
#if defined(__AVX512F__)
#    define SMALL_HALVES 1
#else
#    define SMALL_HALVES 0
#endif
enum { SMALL_HALVES_ROWS_LEAST = 4, SMALL_HALVES_MOST_COLUMNS = 8 * VECTOR_LANES };

/* Up to so many columns the next rows of A come too late by themselves; with less depth than this writing C
 * is the work. */
enum { SMALL_ASKING_COLUMNS = 8 * VECTOR_LANES, SMALL_ASKING_DEPTH = 24 };

/* One call: `tiles` times the function's rows of C = rows of A · columns of B, over `depth`. The old C is
 * never read. Reads B up to one vector past its last element; what is read there enters no sum that is
 * kept. */
struct small_block {
    int64_t depth, tiles;
    int64_t columns; /* panels of the function's vectors; the last may be narrower by less than a vector */
    const element *a;
    int64_t a_stride;
    const element *b;
    int64_t b_stride;
    element *c;
    int64_t c_stride;
    int64_t a_ahead; /* asks for A: elements from a tile's to those that are fetched meanwhile */
    int64_t c_ahead; /* elements of C from a tile to the one that is fetched meanwhile; 0: none */
};

typedef void small_micro_kernel_function(const struct small_block *block);

/* Streams: C is written past the caches; it is aligned to a vector then, and so are its rows and columns.
 * Asks: A is asked for some tiles ahead, its rows being `depth` apart; or each row of B some panels ahead. */
enum small_kind { SMALL_PLAIN, SMALL_STREAMS, SMALL_ASKS_A, SMALL_ASKS_B, SMALL_KINDS };

/* For `rows` (1 … SMALL_ROWS) × `vectors` (1 … flat_vectors(rows)); a plain one where there is none of the
 * kind: the sizes of many rows stream and ask for A, those of a first tile ask for B. Sizes and the depth
 * decide in which order an element is summed. */
small_micro_kernel_function *TYPED(matmul_small_micro_kernel)(enum small_kind kind, int rows, int vectors);

/* Where SMALL_HALVES: for a single panel of `vectors` (1 … SMALL_VECTORS), the last of which is a half, and
 * at least SMALL_HALVES_ROWS_LEAST rows; one that asks for A if its rows are many. Reads B up to half a
 * vector past its last element. */
small_micro_kernel_function *TYPED(matmul_small_half_micro_kernel)(bool asks_a, int rows, int vectors);

#endif
