/* The innermost loop: a tile of C in registers, one broadcast element of A times a row of vectors of B at a
 * time. One function for each size of tile, all from one source.
 *
 * Refuses to know where tiles come from. It is alone in its object file so that a test can look at its
 * machine code: nothing in the loop may refer to the stack.
 */
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/edge.h"
#include "kernels/matmul/fetch.h"
#include "kernels/matmul/unroll.h"

#include <stddef.h>

/* Steps of k between asking for a row of B and using it. Not more: rows a multiple of 4 KiB apart fall into
 * one set of L1, which holds 8 to 12 lines. */
enum { AHEAD_B = 8 };

/* The same for the tile of C: long enough to come from memory. Not from the begin of a deep tile: what it
 * reads of A and B fills L1 several times, and C would be out again when the sums are added to it. (Where the
 * registers hold 8 sums only, the loop has no register left to know when.) */
enum { AHEAD_C = 160, LATE_C = MATMUL_TILE_ROWS * MATMUL_TILE_VECTORS > 8 };

#define LEAST(X, Y) ((X) < (Y) ? (X) : (Y))

/* The next rows of B, into the packed sliver. */
static inline __attribute__((always_inline)) void copy_rows(struct matmul_copy *copy, int vectors)
{
    int64_t rows = copy->rows < copy->left ? copy->rows : copy->left;
    const element *from = copy->from;
    element *to = copy->to;
    copy->left -= rows;
    KEEP_ROLLED
    for (; rows > 0; rows--) {
        UNROLL_FULLY
        for (int v = 0; v < vectors; v++) {
            *(vector_unaligned *)(to + v * VECTOR_LANES) =
                *(const vector_unaligned *)(from + v * VECTOR_LANES);
            __builtin_prefetch(from + AHEAD_B * copy->stride + v * VECTOR_LANES);
        }
        from += copy->stride;
        to += vectors * VECTOR_LANES;
    }
    copy->from = from;
    copy->to = to;
}

static inline __attribute__((always_inline)) void store_vector(element *c, vector sum, bool accumulate)
{
    vector_unaligned *to = (vector_unaligned *)c;
    if (accumulate)
        sum += *to;
    *to = sum;
}

/* Of a vector that is not all C's: the columns that exist. */
static inline __attribute__((always_inline)) void store_edge(
    element *c, vector sum, bool accumulate, int64_t columns)
{
    columns = columns < VECTOR_LANES ? columns : VECTOR_LANES;
    if (accumulate)
        sum += edge_load_first(c, columns);
    edge_store_first(c, sum, columns);
}

/* The sums are an array only for the reader: with its loops unrolled, each is a register. The steps of k stay
 * rolled. */
#define MICRO_KERNEL(ROWS, VECTORS)                                                                          \
    WIDE_VECTORS static void multiply_##ROWS##x##VECTORS(const struct matmul_tile *tile)                     \
    {                                                                                                        \
        vector sum[ROWS][VECTORS] = {0};                                                                     \
        const element *b = tile->b;                                                                          \
        /* Every third row: the address of each is one of these and a register, or twice that. */            \
        const element *a0 = tile->a, *a3 = a0 + LEAST(3, ROWS) * tile->a_stride;                             \
        const element *a6 = a0 + LEAST(6, ROWS) * tile->a_stride,                                            \
                      *a9 = a0 + LEAST(9, ROWS) * tile->a_stride;                                            \
        const element *a12 = a0 + LEAST(12, ROWS) * tile->a_stride, *a_next = tile->a_next;                  \
        const int64_t b_stride = tile->b_stride, a_stride = tile->a_stride;                                  \
        struct matmul_copy *const copy = tile->copy;                                                         \
                                                                                                             \
        if (!LATE_C || tile->depth < AHEAD_C)                                                                \
            matmul_fetch_tile(tile->c_next, tile->c_stride, ROWS, VECTORS);                                  \
        for (int64_t left = tile->depth; left > 0; left -= MATMUL_GROUP) {                                   \
            int64_t steps = left < MATMUL_GROUP ? left : MATMUL_GROUP;                                       \
            __asm__("" : "+r"(steps)); /* a loop, even where a group is two steps */                         \
            if (LATE_C && left >= AHEAD_C && left < AHEAD_C + MATMUL_GROUP)                                  \
                matmul_fetch_tile(tile->c_next, tile->c_stride, ROWS, VECTORS);                              \
            if (copy->left > 0)                                                                              \
                copy_rows(copy, VECTORS);                                                                    \
            if (a_next != NULL) {                                                                            \
                KEEP_ROLLED                                                                                  \
                for (int i = 0; i < ROWS; i++)                                                               \
                    __builtin_prefetch(a_next + i * a_stride, 0, 2);                                         \
                a_next += MATMUL_GROUP;                                                                      \
            }                                                                                                \
            KEEP_ROLLED                                                                                      \
            do {                                                                                             \
                vector row[VECTORS];                                                                         \
                UNROLL_FULLY                                                                                 \
                for (int v = 0; v < VECTORS; v++) {                                                          \
                    row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                              \
                    READ_ONCE_FOR(ROWS, row[v]);                                                             \
                    __builtin_prefetch(b + AHEAD_B * b_stride + v * VECTOR_LANES);                           \
                }                                                                                            \
                UNROLL_FULLY                                                                                 \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    const element *third = i < 3 ? a0 : i < 6 ? a3 : i < 9 ? a6 : i < 12 ? a9 : a12;         \
                    UNROLL_FULLY                                                                             \
                    for (int v = 0; v < VECTORS; v++)                                                        \
                        sum[i][v] += third[i % 3 * a_stride] * row[v];                                       \
                }                                                                                            \
                b += b_stride;                                                                               \
                a0++, a3++, a6++, a9++, a12++;                                                               \
                __asm__("" : "+r"(a0), "+r"(a3)); /* else the compiler makes a pointer for each row */       \
                if (ROWS > 6)                                                                                \
                    __asm__("" : "+r"(a6), "+r"(a9), "+r"(a12));                                             \
            } while (--steps > 0);                                                                           \
        }                                                                                                    \
        element *c = tile->c;                                                                                \
        const bool whole = tile->columns >= VECTORS * VECTOR_LANES, accumulate = tile->accumulate;           \
        UNROLL_FULLY                                                                                         \
        for (int i = 0; i < ROWS; i++, c += tile->c_stride) {                                                \
            UNROLL_FULLY                                                                                     \
            for (int v = 0; v < VECTORS; v++) {                                                              \
                if (whole)                                                                                   \
                    store_vector(c + v * VECTOR_LANES, sum[i][v], accumulate);                               \
                else                                                                                         \
                    store_edge(                                                                              \
                        c + v * VECTOR_LANES, sum[i][v], accumulate, tile->columns - v * VECTOR_LANES);      \
            }                                                                                                \
        }                                                                                                    \
    }

/* Every size of tile that the registers hold, as X(rows, vectors). */
#define ROWS_TO_4(X, V)     X(1, V) X(2, V) X(3, V) X(4, V)
#define ROWS_TO_6(X, V)     ROWS_TO_4(X, V) X(5, V) X(6, V)
#define ROWS_TO_8(X, V)     ROWS_TO_6(X, V) X(7, V) X(8, V)
#define ROWS_TO_14(X, V)    ROWS_TO_8(X, V) X(9, V) X(10, V) X(11, V) X(12, V) X(13, V) X(14, V)
#define WIDTHS_3_4(ROWS, X) ROWS(X, 3) ROWS(X, 4)
#define WIDTHS_1_2(ROWS, X) ROWS(X, 1) ROWS(X, 2)
#define EXPAND(NAME, COUNT) NAME##COUNT
#define ROWS_TO(COUNT)      EXPAND(ROWS_TO_, COUNT)
#if MATMUL_TILE_VECTORS > 2
#    define SIZES(X) WIDTHS_1_2(ROWS_TO(MATMUL_TALL_ROWS), X) WIDTHS_3_4(ROWS_TO(MATMUL_TILE_ROWS), X)
#else
#    define SIZES(X) WIDTHS_1_2(ROWS_TO(MATMUL_TALL_ROWS), X)
#endif
SIZES(MICRO_KERNEL)

matmul_micro_kernel_function *TYPED(matmul_micro_kernel)(int rows, int vectors)
{
#define NAME(ROWS, VECTORS) [ROWS][VECTORS] = multiply_##ROWS##x##VECTORS,
    static matmul_micro_kernel_function *const function[MATMUL_TALL_ROWS + 1][MATMUL_TILE_VECTORS + 1] = {
        SIZES(NAME)};
    return function[rows][vectors];
}
