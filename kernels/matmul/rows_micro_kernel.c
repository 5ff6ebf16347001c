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
        UNROLL_FULLY                                                                                         \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            UNROLL_FULLY                                                                                     \
            for (int p = 0; p < DEPTH; p++)                                                                  \
                a[i][p] = (vector){0} + strip->a[i * strip->a_stride + p];                                   \
        }                                                                                                    \
        KEEP_ROLLED                                                                                          \
        for (; left >= VECTOR_LANES; left -= VECTOR_LANES) {                                                 \
            vector sum[ROWS] = {0};                                                                          \
            if (accumulate) {                                                                                \
                UNROLL_FULLY                                                                                 \
                for (int i = 0; i < ROWS; i++)                                                               \
                    sum[i] = *(const vector_unaligned *)(c + i * c_stride);                                  \
            }                                                                                                \
            UNROLL_FULLY                                                                                     \
            for (int p = 0; p < DEPTH; p++) {                                                                \
                vector row = *(const vector_unaligned *)(b + p * b_stride);                                  \
                UNROLL_FULLY                                                                                 \
                for (int i = 0; i < ROWS; i++)                                                               \
                    sum[i] += a[i][p] * row;                                                                 \
            }                                                                                                \
            UNROLL_FULLY                                                                                     \
            for (int i = 0; i < ROWS; i++)                                                                   \
                *(vector_unaligned *)(c + i * c_stride) = sum[i];                                            \
            b += VECTOR_LANES;                                                                               \
            c += VECTOR_LANES;                                                                               \
        }                                                                                                    \
        if (left == 0)                                                                                       \
            return;                                                                                          \
        UNROLL_FULLY                                                                                         \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            vector sum = accumulate ? edge_load_first(c + i * c_stride, left) : (vector){0};                 \
            UNROLL_FULLY                                                                                     \
            for (int p = 0; p < DEPTH; p++)                                                                  \
                sum += a[i][p] * edge_load_first(b + p * b_stride, left);                                    \
            edge_store_first(c + i * c_stride, sum, left);                                                   \
        }                                                                                                    \
    }

#define DEFINE(ROWS, DEPTH) MICRO_KERNEL(ROWS, 1) MICRO_KERNEL(ROWS, DEPTH)
ROWS_DEPTH_OF(DEFINE)

rows_micro_kernel_function *TYPED(matmul_rows_micro_kernel)(int rows, bool whole)
{
#define NAME(ROWS, DEPTH) [ROWS] = {multiply_##ROWS##x1, multiply_##ROWS##x##DEPTH},
    static rows_micro_kernel_function *const function[][2] = {ROWS_DEPTH_OF(NAME)};
    return function[rows][whole];
}

int TYPED(matmul_rows_depth)(int rows)
{
#define DEPTH_OF(ROWS, DEPTH) [ROWS] = DEPTH,
    static const int depth[] = {ROWS_DEPTH_OF(DEPTH_OF)};
    return depth[rows];
}
