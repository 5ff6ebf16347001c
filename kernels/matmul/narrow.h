/* Products with a side so short that tiles of C leave registers empty, or that packing costs more than it
 * saves. Two paths beside the blocks of packed.c; path.c chooses by the shape alone.
 *
 * dots (few columns): each element of C is a dot product, its vectors along k. No lane is lost however few
 * the columns are. (dots.c, dots_micro_kernel.c)
 * rows (one row or few): rows of B are added to C, several at a time, in long runs, so that the fetch units
 * of the caches see a handful of streams. (rows.c, rows_micro_kernel.c)
 *
 * The special shapes of a product, and that each wants its own way: Goto & van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008.
 *
 * Refuses to know of threads and memory: matmul.h has those.
 */
#ifndef ACELERA_MATMUL_NARROW_H
#define ACELERA_MATMUL_NARROW_H

#include "kernels/element.h"
#include "kernels/lean.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- dots ---- */

/* As X(most rows of A, columns of B): rows × columns sums, a vector of each row or of each column, whichever
 * are fewer, and one of the other stay in registers. Not more rows than the FMA latency wants: each is a
 * stream of memory. */
#if defined(__AVX512F__)
#    define DOTS_ROWS_OF(X) X(8, 1) X(6, 2) X(6, 3) X(6, 4) X(4, 5) X(4, 6)
enum { DOTS_COLUMNS = 6, DOTS_ROWS = 8 };
#elif defined(__aarch64__)
#    define DOTS_ROWS_OF(X) X(6, 1) X(6, 2) X(5, 3) X(4, 4)
enum { DOTS_COLUMNS = 4, DOTS_ROWS = 6 };
#else
#    define DOTS_ROWS_OF(X) X(6, 1) X(4, 2) X(3, 3) X(2, 4)
enum { DOTS_COLUMNS = 4, DOTS_ROWS = 6 };
#endif

/* One call: `rows` × `columns` of C (+)= rows of A · columns of B, over `depth` elements. */
struct dots_tile {
    int64_t depth;
    const element *a; /* the rows, a_stride apart */
    int64_t a_stride;
    int64_t ahead; /* elements from one of A to that which is asked for meanwhile */
    const element
        *b; /* for each whole vector of the depth: that vector of each column; zeros fill the last */
    element *c;
    int64_t c_stride;
    bool accumulate; /* else the old C is never read */
};

typedef void dots_micro_kernel_function(const struct dots_tile *tile);

/* For columns 1 … DOTS_COLUMNS and as many rows as DOTS_ROWS_OF says at most. The order in which an element
 * is summed depends on the depth alone, except in the tile of one element, which sums in four parts. */
dots_micro_kernel_function *TYPED(matmul_dots_micro_kernel)(int rows, int columns);
int TYPED(matmul_dots_rows)(int columns);

/* ---- rows ---- */

/* As X(rows of C, rows of B in one pass): rows × depth elements of A, a sum for each row and a vector of B
 * stay in registers. More rows of C than here are no longer bound by reading B; nor are more than
 * ROWS_MOST_FIT where few.h can read B in wide panels. */
#if defined(__AVX512F__)
#    define ROWS_DEPTH_OF(X) X(1, 8) X(2, 8) X(3, 8)
enum { ROWS_MOST = 3, ROWS_MOST_FIT = 0 };
#elif defined(__aarch64__)
#    define ROWS_DEPTH_OF(X) X(1, 8) X(2, 8) X(3, 6) X(4, 4) X(5, 3) X(6, 3)
enum { ROWS_MOST = 6, ROWS_MOST_FIT = 6 };
#elif LEAN
#    define ROWS_DEPTH_OF(X) X(1, 8) X(2, 4)
enum { ROWS_MOST = 2 };
#else
#    define ROWS_DEPTH_OF(X) X(1, 8) X(2, 4) X(3, 2) X(4, 2)
enum { ROWS_MOST = 4, ROWS_MOST_FIT = 2 };
#endif

/* More rows than these keep vectors of MANY_DEPTH rows of B in registers, while the rows of C pass by, whose
 * strip is in L2: so B, from memory, still comes in long runs, where tiles would ask for a line here and a
 * line there. In lean loops alone; MANY_ROWS: the most of which it pays. */
enum { MANY_DEPTH = 6, MANY_VECTORS = 2, MANY_ROWS = 16 };

/* One call: `rows` × `columns` of C (+)= A · as many rows of B as the function takes. */
struct rows_strip {
    int64_t rows, columns; /* rows: for many alone, the others know theirs */
    const element *a;
    int64_t a_stride;
    const element *b;
    int64_t b_stride;
    element *c;
    int64_t c_stride;
    bool accumulate; /* else the old C is never read */
};

typedef void rows_micro_kernel_function(const struct rows_strip *strip);

/* For 1 … ROWS_MOST rows, lean for any number, of which a function for more than ROWS_MOST wants its part of
 * A side by side, and always accumulates. whole: takes matmul_rows_depth() rows of B, else one. */
rows_micro_kernel_function *TYPED(matmul_rows_micro_kernel)(int rows, bool whole);
int TYPED(matmul_rows_depth)(int rows);

/* From row to row of its C, for a strip of so many columns: no multiple of 4 KiB, or rows share sets of L1.
 */
static inline int64_t matmul_strip_stride(int64_t rows, int64_t columns)
{
    enum { LINE = 64 / (int)sizeof(element), PAGE = 4096 / (int)sizeof(element) };
    return rows > ROWS_MOST && columns % PAGE == 0 ? columns + LINE : columns;
}

#endif
