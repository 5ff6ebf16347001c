/* The innermost loop of few rows and a far B: a tile of C in registers, A and B read where they lie. Refuses
 * to choose what is fetched ahead.
 */
#include "kernels/matmul/edge.h"
#include "kernels/matmul/fetch.h"
#include "kernels/matmul/few.h"
#include "kernels/matmul/unroll.h"

#define LEAST(X, Y) ((X) < (Y) ? (X) : (Y))

/* The sums are an array only for the reader: with its loops unrolled, each is a register. The steps of k stay
 * rolled. */
#define MICRO_KERNEL(ROWS, VECTORS)                                                                          \
    WIDE_VECTORS static inline __attribute__((always_inline)) void sum_##ROWS##x##VECTORS(                   \
        const struct few_tile *tile, int lines, int64_t every)                                               \
    {                                                                                                        \
        vector sum[ROWS][VECTORS] = {0};                                                                     \
        /* Every third row: the address of each is one of these and a register, or twice that. */            \
        const int64_t a_stride = tile->a_stride, b_stride = tile->b_stride;                                  \
        const element *a0 = tile->a, *a3 = a0 + LEAST(3, ROWS) * a_stride;                                   \
        const element *a6 = a0 + LEAST(6, ROWS) * a_stride, *b = tile->b, *ahead = tile->ahead;              \
        /* Lines by their last element: the panel before asked for that of the first. */                     \
        if (tile->c != NULL)                                                                                 \
            matmul_fetch_tile(tile->c + VECTOR_LANES - 1, tile->c_stride, ROWS, VECTORS);                    \
        KEEP_ROLLED                                                                                          \
        for (int64_t left = tile->depth; left > 0; left -= every) {                                          \
            int64_t steps = every == 1 ? 1 : LEAST(left, every);                                             \
            for (int line = 0; line < lines; line++)                                                         \
                __builtin_prefetch(ahead + line * FEW_LINE, 0, 2);                                           \
            ahead += b_stride;                                                                               \
            KEEP_ROLLED                                                                                      \
            do {                                                                                             \
                vector row[VECTORS];                                                                         \
                UNROLL_FULLY                                                                                 \
                for (int v = 0; v < VECTORS; v++) {                                                          \
                    row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                              \
                    READ_ONCE_FOR(ROWS, row[v]);                                                             \
                }                                                                                            \
                UNROLL_FULLY                                                                                 \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    const element *third = i < 3 ? a0 : i < 6 ? a3 : a6;                                     \
                    UNROLL_FULLY                                                                             \
                    for (int v = 0; v < VECTORS; v++)                                                        \
                        sum[i][v] += third[i % 3 * a_stride] * row[v];                                       \
                }                                                                                            \
                b += b_stride;                                                                               \
                a0++, a3++, a6++;                                                                            \
                /* Else the compiler makes a pointer for each row. */                                        \
                __asm__("" : "+r"(a0), "+r"(a3), "+r"(a6));                                                  \
            } while (--steps > 0);                                                                           \
        }                                                                                                    \
        element *sums = tile->sums, *c = tile->c;                                                            \
        const int64_t c_stride = tile->c_stride;                                                             \
        if (tile->accumulate) {                                                                              \
            UNROLL_FULLY                                                                                     \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                UNROLL_FULLY                                                                                 \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    sum[i][v] += *(const vector_unaligned *)(sums + (i * VECTORS + v) * VECTOR_LANES);       \
            }                                                                                                \
        }                                                                                                    \
        if (c == NULL) {                                                                                     \
            UNROLL_FULLY                                                                                     \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                UNROLL_FULLY                                                                                 \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    *(vector_unaligned *)(sums + (i * VECTORS + v) * VECTOR_LANES) = sum[i][v];              \
            }                                                                                                \
            return;                                                                                          \
        }                                                                                                    \
        const int64_t rest = tile->columns - (VECTORS - 1) * VECTOR_LANES;                                   \
        const int64_t last = rest < VECTOR_LANES ? rest : VECTOR_LANES;                                      \
        UNROLL_FULLY                                                                                         \
        for (int i = 0; i < ROWS; i++, c += c_stride) {                                                      \
            UNROLL_FULLY                                                                                     \
            for (int v = 0; v < VECTORS - 1; v++)                                                            \
                *(vector_unaligned *)(c + v * VECTOR_LANES) = sum[i][v];                                     \
            edge_store_first(c + (VECTORS - 1) * VECTOR_LANES, sum[i][VECTORS - 1], last);                   \
        }                                                                                                    \
    }                                                                                                        \
    WIDE_VECTORS static void multiply_##ROWS##x##VECTORS(const struct few_tile *tile)                        \
    {                                                                                                        \
        /* A wide panel has one tile of rows, which asks for all of the next one, wider by one at most. */   \
        if (VECTORS > FEW_VECTORS) {                                                                         \
            if (tile->lines > FEW_LINES_OF(VECTORS))                                                         \
                sum_##ROWS##x##VECTORS(tile, FEW_LINES_OF(VECTORS + 1), 1);                                  \
            else                                                                                             \
                sum_##ROWS##x##VECTORS(tile, FEW_LINES_OF(VECTORS), 1);                                      \
            return;                                                                                          \
        }                                                                                                    \
        if (tile->every > 1 || tile->lines == 0) {                                                           \
            sum_##ROWS##x##VECTORS(tile, tile->lines, tile->every);                                          \
            return;                                                                                          \
        }                                                                                                    \
        switch (tile->lines) {                                                                               \
        case 1:                                                                                              \
            sum_##ROWS##x##VECTORS(tile, 1, 1);                                                              \
            break;                                                                                           \
        case 2:                                                                                              \
            sum_##ROWS##x##VECTORS(tile, 2, 1);                                                              \
            break;                                                                                           \
        case 3:                                                                                              \
            sum_##ROWS##x##VECTORS(tile, 3, 1);                                                              \
            break;                                                                                           \
        default:                                                                                             \
            sum_##ROWS##x##VECTORS(tile, FEW_LINES_OF(VECTORS + 1), 1);                                      \
        }                                                                                                    \
    }

/* Every size of tile, as X(rows, vectors). */
#define ROWS_TO_4(X, V)     X(1, V) X(2, V) X(3, V) X(4, V)
#define ROWS_TO_5(X, V)     ROWS_TO_4(X, V) X(5, V)
#define ROWS_TO_8(X, V)     ROWS_TO_5(X, V) X(6, V) X(7, V) X(8, V)
#define EXPAND(NAME, COUNT) NAME##COUNT
#define ROWS_TO(COUNT)      EXPAND(ROWS_TO_, COUNT)
#if FEW_VECTORS > 2
#    define SIZES(X) ROWS_TO(FEW_ROWS)(X, 2) ROWS_TO(FEW_ROWS)(X, 3) FLAT_SIZES(X)
#else
#    define SIZES(X) ROWS_TO(FEW_ROWS)(X, 1) ROWS_TO(FEW_ROWS)(X, 2)
#endif
SIZES(MICRO_KERNEL)

few_micro_kernel_function *TYPED(matmul_few_micro_kernel)(int rows, int vectors)
{
#define NAME(ROWS, VECTORS) [VECTORS][ROWS] = multiply_##ROWS##x##VECTORS,
    static few_micro_kernel_function *const function[FLAT_VECTORS + 1][FEW_ROWS + 1] = {SIZES(NAME)};
    return function[vectors][rows];
}
