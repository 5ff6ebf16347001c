/* The innermost loop of small products: a tile of C in registers, A and B read where they lie.
 *
 * A tile of few sums takes several steps of k at a time, each into sums of its own, or each addition would
 * wait for the one before. Refuses to know how C is cut: callers pass whole tiles, but for the last column.
 */
#include "kernels/matmul/edge.h"
#include "kernels/matmul/fetch.h"
#include "kernels/matmul/small.h"
#include "kernels/matmul/tile_sizes.h"
#include "kernels/matmul/unroll.h"
#include "kernels/streaming.h"

#include <stddef.h>

/* Steps of k that a tile takes at a time: some 8 sums under way, two pipes times a latency of four cycles. */
#define STEPS_OF(SUMS) ((SUMS) <= 2 ? 4 : (SUMS) <= 4 ? 2 : 1)

#if LEAN
#    include "kernels/matmul/small_loop_lean.h"
#else
#    include "kernels/matmul/small_loop.h"
#endif

/* The sums are an array only for the reader: with its loops unrolled, each is a register. The steps of k stay
 * rolled. */
#define MICRO_KERNEL(NAME, KIND, ROWS, VECTORS)                                                              \
    WIDE_VECTORS static void NAME(const struct small_block *block)                                           \
    {                                                                                                        \
        enum { STEPS = STEPS_OF(ROWS * VECTORS), WIDTH = VECTORS * VECTOR_LANES };                           \
        const int64_t a_stride = block->a_stride, b_stride = block->b_stride, c_stride = block->c_stride;    \
        const element *a_tile = block->a;                                                                    \
        const int64_t c_ahead = block->c_ahead;                                                              \
        element *c_tile = block->c;                                                                          \
        KEEP_ROLLED                                                                                          \
        for (int64_t tile = 0; tile < block->tiles; tile++) {                                                \
            KEEP_ROLLED                                                                                      \
            for (int64_t column = 0; column < block->columns; column += WIDTH) {                             \
                vector sum[STEPS][ROWS][VECTORS] = {0};                                                      \
                const element *a = a_tile, *b = block->b + column;                                           \
                /* The first panel of a tile asks for all of another tile. */                                \
                const element *a_ahead = a + block->a_ahead;                                                 \
                const int64_t a_step = column == 0 ? ROWS : 0;                                               \
                int64_t left = block->depth;                                                                 \
                if (c_ahead > 0)                                                                             \
                    matmul_fetch_tile(c_tile + column + c_ahead, c_stride, ROWS, VECTORS);                   \
                KEEP_ROLLED                                                                                  \
                for (; STEPS > 1 && left >= STEPS; left -= STEPS) {                                          \
                    UNROLL                                                                                   \
                    for (int p = 0; p < STEPS; p++) {                                                        \
                        UNROLL                                                                               \
                        for (int v = 0; v < VECTORS; v++) {                                                  \
                            vector row = *(const vector_unaligned *)(b + v * VECTOR_LANES);                  \
                            READ_ONCE_FOR(ROWS, row);                                                        \
                            UNROLL                                                                           \
                            for (int i = 0; i < ROWS; i++)                                                   \
                                sum[p][i][v] += a[i * a_stride + p] * row;                                   \
                        }                                                                                    \
                        b += b_stride;                                                                       \
                    }                                                                                        \
                    a += STEPS;                                                                              \
                }                                                                                            \
                SUM_DEPTH(KIND, ROWS, VECTORS);                                                              \
                const int64_t rest = block->columns - column - (WIDTH - VECTOR_LANES);                       \
                const int64_t last = rest < VECTOR_LANES ? rest : VECTOR_LANES;                              \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    element *c = c_tile + i * c_stride + column;                                             \
                    UNROLL                                                                                   \
                    for (int v = 0; v < VECTORS; v++) {                                                      \
                        UNROLL                                                                               \
                        for (int p = 1; p < STEPS; p++)                                                      \
                            sum[0][i][v] += sum[p][i][v];                                                    \
                        if (KIND == SMALL_STREAMS)                                                           \
                            streaming_put(c + v * VECTOR_LANES, (streaming_vector)sum[0][i][v]);             \
                        else if (v < VECTORS - 1)                                                            \
                            *(vector_unaligned *)(c + v * VECTOR_LANES) = sum[0][i][v];                      \
                        else                                                                                 \
                            edge_store_first(c + v * VECTOR_LANES, sum[0][i][v], last);                      \
                    }                                                                                        \
                }                                                                                            \
            }                                                                                                \
            a_tile += ROWS * a_stride;                                                                       \
            c_tile += ROWS * c_stride;                                                                       \
        }                                                                                                    \
    }

/* Every size of tile, as X(rows, vectors). */
#if SMALL_VECTORS > 2
#    define SIZES(X)                                                                                         \
        ROWS_TO(SMALL_ROWS)(X, 1) ROWS_TO(SMALL_ROWS)(X, 2) ROWS_TO(SMALL_ROWS)(X, 3) FLAT_SIZES(X)
#else
#    define SIZES(X) ROWS_TO(SMALL_ROWS)(X, 1) ROWS_TO(SMALL_ROWS)(X, 2) FLAT_SIZES(X)
#endif
#define PLAIN(ROWS, VECTORS) MICRO_KERNEL(plain_##ROWS##x##VECTORS, SMALL_PLAIN, ROWS, VECTORS)
SIZES(PLAIN)

/* The sizes that many rows are cut into. */
#if SMALL_ROWS == 8
#    define HIGH(X, V) X(7, V) X(8, V)
#elif SMALL_ROWS == 6
#    define HIGH(X, V) X(5, V) X(6, V)
#elif SMALL_ROWS == 5
#    define HIGH(X, V) X(4, V) X(5, V)
#else
#    define HIGH(X, V) X(3, V) X(4, V)
#endif
#if SMALL_VECTORS > 2
#    define STREAM_SIZES(X) HIGH(X, 2) HIGH(X, 3)
#else
#    define STREAM_SIZES(X) HIGH(X, 2)
#endif
#if SMALL_ROWS == 8
#    define ASK_A_SIZES(X) HIGH(X, 1) STREAM_SIZES(X)
#else /* a tile of so few sums takes several steps of k at a time, and asks for nothing */
#    define ASK_A_SIZES(X) STREAM_SIZES(X)
#endif
#define STREAM(ROWS, VECTORS) MICRO_KERNEL(streams_##ROWS##x##VECTORS, SMALL_STREAMS, ROWS, VECTORS)
STREAM_SIZES(STREAM)
#define ASK_A(ROWS, VECTORS) MICRO_KERNEL(asks_a_##ROWS##x##VECTORS, SMALL_ASKS_A, ROWS, VECTORS)
ASK_A_SIZES(ASK_A)

/* The sizes of panels that the first tile of rows is cut into. */
#if defined(__AVX512F__)
#    define ASK_B_SIZES(X)                                                                                   \
        X(1, 5)                                                                                              \
        X(1, 6)                                                                                              \
        X(2, 5)                                                                                              \
        X(2, 6)                                                                                              \
        X(3, 5)                                                                                              \
        X(3, 6) X(4, 3) X(4, 5) X(4, 6) X(5, 3) X(5, 4) X(6, 3) X(6, 4) X(7, 2) X(7, 3) X(8, 2) X(8, 3)
#elif LEAN
#    define ASK_B_SIZES(X) X(4, 2) STREAM_SIZES(X) FLAT_SIZES(X)
#else
#    define ASK_B_SIZES(X) STREAM_SIZES(X)
#endif
#define ASK_B(ROWS, VECTORS) MICRO_KERNEL(asks_b_##ROWS##x##VECTORS, SMALL_ASKS_B, ROWS, VECTORS)
ASK_B_SIZES(ASK_B)

small_micro_kernel_function *TYPED(matmul_small_micro_kernel)(enum small_kind kind, int rows, int vectors)
{
#define PLAIN_NAME(ROWS, VECTORS)  [SMALL_PLAIN][VECTORS][ROWS] = plain_##ROWS##x##VECTORS,
#define STREAM_NAME(ROWS, VECTORS) [SMALL_STREAMS][VECTORS][ROWS] = streams_##ROWS##x##VECTORS,
#define ASK_A_NAME(ROWS, VECTORS)  [SMALL_ASKS_A][VECTORS][ROWS] = asks_a_##ROWS##x##VECTORS,
#define ASK_B_NAME(ROWS, VECTORS)  [SMALL_ASKS_B][VECTORS][ROWS] = asks_b_##ROWS##x##VECTORS,
    static small_micro_kernel_function *const function[SMALL_KINDS][FLAT_VECTORS + 1][SMALL_ROWS + 1] = {
        SIZES(PLAIN_NAME) STREAM_SIZES(STREAM_NAME) ASK_A_SIZES(ASK_A_NAME) ASK_B_SIZES(ASK_B_NAME)};
    small_micro_kernel_function *const special = function[kind][vectors][rows];
    return special != NULL ? special : function[SMALL_PLAIN][vectors][rows];
}
