/* The innermost loop of few rows: C += A · some rows of B, along the columns. The elements of A stay in
 * registers, and each vector of B is used for every row of C as it comes by. Refuses to choose how many rows
 * of B to take, or where C lies between its passes: near, or this is a poor loop.
 */
#include "kernels/matmul/edge.h"
#include "kernels/matmul/narrow.h"
#include "kernels/matmul/unroll.h"

#define MICRO_KERNEL(ROWS, DEPTH)                                                                            \
    WIDE_VECTORS static void multiply_##ROWS##x##DEPTH(const struct rows_strip *strip)                       \
    {                                                                                                        \
        vector a[ROWS][DEPTH];                                                                               \
        const element *b = strip->b;                                                                         \
        element *c = strip->c;                                                                               \
        const int64_t b_stride = strip->b_stride, c_stride = strip->c_stride;                                \
        const bool accumulate = strip->accumulate;                                                           \
        int64_t left = strip->columns;                                                                       \
        UNROLL                                                                                               \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            UNROLL                                                                                           \
            for (int p = 0; p < DEPTH; p++)                                                                  \
                a[i][p] = (vector){0} + strip->a[i * strip->a_stride + p];                                   \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        for (; left >= VECTOR_LANES; left -= VECTOR_LANES) {                                                 \
            vector sum[ROWS] = {0};                                                                          \
            if (accumulate) {                                                                                \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++)                                                               \
                    sum[i] = *(const vector_unaligned *)(c + i * c_stride);                                  \
            }                                                                                                \
            UNROLL                                                                                           \
            for (int p = 0; p < DEPTH; p++) {                                                                \
                vector row = *(const vector_unaligned *)(b + p * b_stride);                                  \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++)                                                               \
                    sum[i] += a[i][p] * row;                                                                 \
            }                                                                                                \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++)                                                                   \
                *(vector_unaligned *)(c + i * c_stride) = sum[i];                                            \
            b += VECTOR_LANES;                                                                               \
            c += VECTOR_LANES;                                                                               \
        }                                                                                                    \
        if (left == 0)                                                                                       \
            return;                                                                                          \
        UNROLL                                                                                               \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            vector sum = accumulate ? edge_load_first(c + i * c_stride, left) : (vector){0};                 \
            UNROLL                                                                                           \
            for (int p = 0; p < DEPTH; p++)                                                                  \
                sum += a[i][p] * edge_load_first(b + p * b_stride, left);                                    \
            edge_store_first(c + i * c_stride, sum, left);                                                   \
        }                                                                                                    \
    }

#if LEAN

/* Many rows: columns of `VECTORS` vectors, all rows of C. What the loop has of B is loaded once. */
#    define MANY_COLUMNS(DEPTH, VECTORS, LOAD, STORE)                                                        \
        do {                                                                                                 \
            vector row[DEPTH][VECTORS];                                                                      \
            const element *a = strip->a;                                                                     \
            element *to = c;                                                                                 \
            UNROLL                                                                                           \
            for (int p = 0; p < DEPTH; p++) {                                                                \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    row[p][v] = LOAD(b + p * b_stride + v * VECTOR_LANES);                                   \
            }                                                                                                \
            KEEP_ROLLED                                                                                      \
            for (int64_t i = strip->rows; i > 0; i--, to += c_stride, a += DEPTH) {                          \
                vector sum[VECTORS];                                                                         \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    sum[v] = LOAD(to + v * VECTOR_LANES);                                                    \
                UNROLL                                                                                       \
                for (int p = 0; p < DEPTH; p++) {                                                            \
                    const vector x = lean_broadcast(a, 0, 0, p * (int)sizeof(element));                      \
                    UNROLL                                                                                   \
                    for (int v = 0; v < VECTORS; v++)                                                        \
                        sum[v] = lean_add_product(sum[v], x, row[p][v]);                                     \
                }                                                                                            \
                UNROLL                                                                                       \
                for (int v = 0; v < VECTORS; v++)                                                            \
                    STORE(to + v * VECTOR_LANES, sum[v]);                                                    \
            }                                                                                                \
        } while (0)
#    define WHOLE_LOAD(FROM)       (*(const vector_unaligned *)(FROM))
#    define WHOLE_STORE(TO, VALUE) (*(vector_unaligned *)(TO) = (VALUE))
#    define SOME_LOAD(FROM)        edge_load_first(FROM, left)
#    define SOME_STORE(TO, VALUE)  edge_store_first(TO, VALUE, left)

#    define MANY_MICRO_KERNEL(NAME, DEPTH)                                                                   \
        static void NAME(const struct rows_strip *strip)                                                     \
        {                                                                                                    \
            const element *b = strip->b;                                                                     \
            element *c = strip->c;                                                                           \
            const int64_t b_stride = strip->b_stride, c_stride = strip->c_stride;                            \
            int64_t left = strip->columns;                                                                   \
            KEEP_ROLLED                                                                                      \
            for (; left >= MANY_VECTORS * VECTOR_LANES; left -= MANY_VECTORS * VECTOR_LANES) {               \
                MANY_COLUMNS(DEPTH, MANY_VECTORS, WHOLE_LOAD, WHOLE_STORE);                                  \
                b += MANY_VECTORS * VECTOR_LANES;                                                            \
                c += MANY_VECTORS * VECTOR_LANES;                                                            \
            }                                                                                                \
            KEEP_ROLLED                                                                                      \
            for (; left >= VECTOR_LANES; left -= VECTOR_LANES) {                                             \
                MANY_COLUMNS(DEPTH, 1, WHOLE_LOAD, WHOLE_STORE);                                             \
                b += VECTOR_LANES;                                                                           \
                c += VECTOR_LANES;                                                                           \
            }                                                                                                \
            if (left > 0)                                                                                    \
                MANY_COLUMNS(DEPTH, 1, SOME_LOAD, SOME_STORE);                                               \
        }

MANY_MICRO_KERNEL(multiply_many_by_one, 1)
MANY_MICRO_KERNEL(multiply_many, MANY_DEPTH)

#endif

#define DEFINE(ROWS, DEPTH) MICRO_KERNEL(ROWS, 1) MICRO_KERNEL(ROWS, DEPTH)
ROWS_DEPTH_OF(DEFINE)

rows_micro_kernel_function *TYPED(matmul_rows_micro_kernel)(int rows, bool whole)
{
#define NAME(ROWS, DEPTH) [ROWS] = {multiply_##ROWS##x1, multiply_##ROWS##x##DEPTH},
#if LEAN
    if (rows > ROWS_MOST)
        return whole ? multiply_many : multiply_many_by_one;
#endif
    static rows_micro_kernel_function *const function[][2] = {ROWS_DEPTH_OF(NAME)};
    return function[rows][whole];
}

int TYPED(matmul_rows_depth)(int rows)
{
#define DEPTH_OF(ROWS, DEPTH) [ROWS] = DEPTH,
    if (rows > ROWS_MOST)
        return MANY_DEPTH;
    static const int depth[] = {ROWS_DEPTH_OF(DEPTH_OF)};
    return depth[rows];
}
