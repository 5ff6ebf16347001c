/* The innermost loop: a tile of C in registers, one broadcast element of A times a row of vectors of B at a
 * time. One function for each size of tile, all from one source.
 *
 * Refuses to know where tiles come from. It is alone in its object file so that a test can look at its
 * machine code: nothing in the loop may refer to the stack.
 */
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/edge.h"
#include "kernels/matmul/tile_sizes.h"
#include "kernels/matmul/unroll.h"

#if MATMUL_PACKS_BESIDE
#    include "kernels/matmul/loop_packing.h"
#else
#    include "kernels/matmul/loop_lean.h"
#endif

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
        MULTIPLY_DEPTH(ROWS, VECTORS)                                                                        \
        element *c = tile->c;                                                                                \
        const bool whole = tile->columns >= VECTORS * VECTOR_LANES, accumulate = tile->accumulate;           \
        UNROLL                                                                                               \
        for (int i = 0; i < ROWS; i++, c += tile->c_stride) {                                                \
            UNROLL                                                                                           \
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
#define WIDTHS_3_4(ROWS, X) ROWS(X, 3) ROWS(X, 4)
#define WIDTHS_1_2(ROWS, X) ROWS(X, 1) ROWS(X, 2)
#if MATMUL_TILE_VECTORS == 3
#    define WIDTHS_1_3(ROWS, X) WIDTHS_1_2(ROWS, X) ROWS(X, 3)
#    define SIZES(X)            WIDTHS_1_3(ROWS_TO(MATMUL_TILE_ROWS), X)
#elif MATMUL_TILE_VECTORS > 3
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
