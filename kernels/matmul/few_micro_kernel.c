/* The innermost loop of few rows and a far B: a tile of C in registers, A and B read where they lie. Refuses
 * to choose what is fetched ahead.
 */
#include "kernels/matmul/edge.h"
#include "kernels/matmul/fetch.h"
#include "kernels/matmul/few.h"
#include "kernels/matmul/tile_sizes.h"
#include "kernels/matmul/unroll.h"

#if LEAN
#    include "kernels/matmul/few_loop_lean.h"
#else
#    include "kernels/matmul/few_loop.h"
#endif

/* The sums are an array only for the reader: with its loops unrolled, each is a register. The steps of k stay
 * rolled. */
#define MICRO_KERNEL(ROWS, VECTORS)                                                                          \
    WIDE_VECTORS static inline __attribute__((always_inline)) void sum_##ROWS##x##VECTORS(                   \
        const struct few_tile *tile, int lines, int64_t every)                                               \
    {                                                                                                        \
        vector sum[ROWS][VECTORS] = {0};                                                                     \
        /* Lines by their last element: the panel before asked for that of the first. */                     \
        if (tile->c != NULL)                                                                                 \
            matmul_fetch_tile(tile->c + VECTOR_LANES - 1, tile->c_stride, ROWS, VECTORS);                    \
        SUM_DEPTH(ROWS, VECTORS, lines, every);                                                              \
        element *sums = tile->sums, *c = tile->c;                                                            \
        const int64_t c_stride = tile->c_stride;                                                             \
        if (tile->accumulate) {                                                                              \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    sum[i][v] += *(const vector_unaligned *)(sums + (i * VECTORS + v) * VECTOR_LANES);       \
            }                                                                                                \
        }                                                                                                    \
        if (c == NULL) {                                                                                     \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    *(vector_unaligned *)(sums + (i * VECTORS + v) * VECTOR_LANES) = sum[i][v];              \
            }                                                                                                \
            return;                                                                                          \
        }                                                                                                    \
        const int64_t rest = tile->columns - (VECTORS - 1) * VECTOR_LANES;                                   \
        const int64_t last = rest < VECTOR_LANES ? rest : VECTOR_LANES;                                      \
        UNROLL                                                                                               \
        for (int i = 0; i < ROWS; i++, c += c_stride) {                                                      \
            UNROLL                                                                                           \
            for (int v = 0; v < VECTORS - 1; v++)                                                            \
                *(vector_unaligned *)(c + v * VECTOR_LANES) = sum[i][v];                                     \
            edge_store_first(c + (VECTORS - 1) * VECTOR_LANES, sum[i][VECTORS - 1], last);                   \
        }                                                                                                    \
    }                                                                                                        \
    WIDE_VECTORS static void multiply_##ROWS##x##VECTORS(const struct few_tile *tile)                        \
    {                                                                                                        \
        SUM_TILE(ROWS, VECTORS);                                                                             \
    }

/* Every size of tile, as X(rows, vectors). */
#if FEW_VECTORS > 2
#    define SIZES(X) ROWS_TO(FEW_ROWS)(X, 2) ROWS_TO(FEW_ROWS)(X, 3) FLAT_SIZES(X)
#else
#    define SIZES(X) ROWS_TO(FEW_ROWS)(X, 1) ROWS_TO(FEW_ROWS)(X, 2) FLAT_SIZES(X)
#endif
SIZES(MICRO_KERNEL)

few_micro_kernel_function *TYPED(matmul_few_micro_kernel)(int rows, int vectors)
{
#define NAME(ROWS, VECTORS) [VECTORS][ROWS] = multiply_##ROWS##x##VECTORS,
    static few_micro_kernel_function *const function[FLAT_VECTORS + 1][FEW_ROWS + 1] = {SIZES(NAME)};
    return function[vectors][rows];
}
