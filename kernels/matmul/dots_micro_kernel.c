/* The innermost loop of few columns: dot products of some rows of A with some columns of B, all at once, so
 * that a vector of A serves each column and a vector of B each row.
 *
 * The lanes of each sum are added at the end, pairwise, all sums together: a tree over adjacent lanes that
 * ends with the sums side by side. Refuses to know how B came to lie by columns.
 */
#include "kernels/matmul/edge.h"
#include "kernels/matmul/narrow.h"
#include "kernels/matmul/unroll.h"

enum { MOST_SUMS = 24 };

/* Sums of adjacent lanes: of x in the lower half, of y in the upper one. */
static inline vector add_adjacent(vector x, vector y)
{
#if VECTOR_BYTES == 64 && ELEMENT_BITS == 32
    return __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
           __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif VECTOR_BYTES / ELEMENT_BITS == 1
    return __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14) +
           __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15);
#else
    vector sum;
    for (int l = 0; l < VECTOR_LANES / 2; l++) {
        sum[l] = x[2 * l] + x[2 * l + 1];
        sum[VECTOR_LANES / 2 + l] = y[2 * l] + y[2 * l + 1];
    }
    return sum;
#endif
}

/* Halves `count` vectors; a last one without a partner is halved alone. */
static inline __attribute__((always_inline)) void add_level(vector *sums, int count)
{
    UNROLL
    for (int q = 0; q < count / 2; q++)
        sums[q] = add_adjacent(sums[2 * q], sums[2 * q + 1]);
    if (count % 2 > 0)
        sums[count / 2] = add_adjacent(sums[count - 1], (vector){0});
}

/* Adds the lanes of each sum, and stores the tile. */
static inline __attribute__((always_inline)) void store_sums(
    const struct dots_tile *tile, vector *sums, int rows, int columns)
{
    element *c = tile->c;
    int count = rows * columns;
    UNROLL
    for (int lanes = VECTOR_LANES; lanes > 1; lanes /= 2) {
        add_level(sums, count);
        count = (count + 1) / 2;
    }
    element sum[MOST_SUMS + VECTOR_LANES];
    memcpy(sum, sums, (size_t)count * sizeof(vector));
    const bool accumulate = tile->accumulate;
    KEEP_ROLLED
    for (int i = 0; i < rows; i++, c += tile->c_stride) {
        UNROLL
        for (int j = 0; j < columns; j++)
            c[j] = accumulate ? c[j] + sum[i * columns + j] : sum[i * columns + j];
    }
}

/* Is A asked for ahead? Of a single column reading A is all the work, and where a register is half a line,
 * asking for each takes longer than the fetch units do: 1 to 1.6 times, measured on a Zen 3. */
#define ASKS(COLUMNS) (!LEAN || (COLUMNS) > 1)

#define MICRO_KERNEL(ROWS, COLUMNS)                                                                          \
    WIDE_VECTORS static void multiply_##ROWS##x##COLUMNS(const struct dots_tile *tile)                       \
    {                                                                                                        \
        vector sum[ROWS][COLUMNS] = {0};                                                                     \
        const element *a = tile->a, *b = tile->b, *ahead = a + tile->ahead;                                  \
        const int64_t stride = tile->a_stride, rest = tile->depth % VECTOR_LANES;                            \
        KEEP_ROLLED                                                                                          \
        for (int64_t left = tile->depth / VECTOR_LANES; left > 0; left--) {                                  \
            if (ROWS > COLUMNS) {                                                                            \
                vector column[COLUMNS];                                                                      \
                UNROLL                                                                                       \
                for (int j = 0; j < COLUMNS; j++)                                                            \
                    column[j] = *(const vector_unaligned *)(b + j * VECTOR_LANES);                           \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    vector row = *(const vector_unaligned *)(a + i * stride);                                \
                    if (ASKS(COLUMNS))                                                                       \
                        __builtin_prefetch(ahead + i * stride);                                              \
                    UNROLL                                                                                   \
                    for (int j = 0; j < COLUMNS; j++)                                                        \
                        sum[i][j] += row * column[j];                                                        \
                }                                                                                            \
            } else {                                                                                         \
                vector row[ROWS];                                                                            \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    row[i] = *(const vector_unaligned *)(a + i * stride);                                    \
                    if (ASKS(COLUMNS))                                                                       \
                        __builtin_prefetch(ahead + i * stride);                                              \
                }                                                                                            \
                UNROLL                                                                                       \
                for (int j = 0; j < COLUMNS; j++) {                                                          \
                    vector column = *(const vector_unaligned *)(b + j * VECTOR_LANES);                       \
                    UNROLL                                                                                   \
                    for (int i = 0; i < ROWS; i++)                                                           \
                        sum[i][j] += row[i] * column;                                                        \
                }                                                                                            \
            }                                                                                                \
            a += VECTOR_LANES;                                                                               \
            ahead += VECTOR_LANES;                                                                           \
            b += COLUMNS * VECTOR_LANES;                                                                     \
        }                                                                                                    \
        if (rest > 0) {                                                                                      \
            UNROLL                                                                                           \
            for (int i = 0; i < ROWS; i++) {                                                                 \
                vector row = edge_load_first(a + i * stride, rest);                                          \
                UNROLL                                                                                       \
                for (int j = 0; j < COLUMNS; j++)                                                            \
                    sum[i][j] += row * *(const vector_unaligned *)(b + j * VECTOR_LANES);                    \
            }                                                                                                \
        }                                                                                                    \
        vector sums[MOST_SUMS];                                                                              \
        memcpy(sums, sum, sizeof sum);                                                                       \
        store_sums(tile, sums, ROWS, COLUMNS);                                                               \
    }

/* A single dot product: several sums, or each addition would wait for the one before. */
WIDE_VECTORS static void multiply_alone(const struct dots_tile *tile)
{
    enum { PARTS = 8 };
    vector sum[PARTS] = {0};
    const vector_unaligned *a = (const vector_unaligned *)tile->a, *b = (const vector_unaligned *)tile->b;
    int64_t left = tile->depth / VECTOR_LANES;
    KEEP_ROLLED
    for (; left >= PARTS; left -= PARTS, a += PARTS, b += PARTS) {
        UNROLL
        for (int u = 0; u < PARTS; u++)
            sum[u] += a[u] * b[u];
    }
    KEEP_ROLLED
    for (; left > 0; left--)
        sum[0] += *a++ * *b++;
    if (tile->depth % VECTOR_LANES > 0)
        sum[1] += edge_load_first((const element *)a, tile->depth % VECTOR_LANES) * *b;
    vector total[2] = {((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]))};
    store_sums(tile, total, 1, 1);
}

/* Every height up to the highest, as X(rows, columns). */
#define HEIGHTS_2(X, J)              X(1, J) X(2, J)
#define HEIGHTS_3(X, J)              HEIGHTS_2(X, J) X(3, J)
#define HEIGHTS_4(X, J)              HEIGHTS_3(X, J) X(4, J)
#define HEIGHTS_5(X, J)              HEIGHTS_4(X, J) X(5, J)
#define HEIGHTS_6(X, J)              HEIGHTS_5(X, J) X(6, J)
#define HEIGHTS_8(X, J)              HEIGHTS_6(X, J) X(7, J) X(8, J)
#define DEFINE(ROWS, COLUMNS)        MICRO_KERNEL(ROWS, COLUMNS)
#define DEFINE_ALL(HIGHEST, COLUMNS) HEIGHTS_##HIGHEST(DEFINE, COLUMNS)
DOTS_ROWS_OF(DEFINE_ALL)

dots_micro_kernel_function *TYPED(matmul_dots_micro_kernel)(int rows, int columns)
{
#define NAME(ROWS, COLUMNS)        [COLUMNS][ROWS] = multiply_##ROWS##x##COLUMNS,
#define NAME_ALL(HIGHEST, COLUMNS) HEIGHTS_##HIGHEST(NAME, COLUMNS)
    static dots_micro_kernel_function *const function[DOTS_COLUMNS + 1][DOTS_ROWS + 1] = {
        DOTS_ROWS_OF(NAME_ALL)};
    return rows == 1 && columns == 1 ? multiply_alone : function[columns][rows];
}

int TYPED(matmul_dots_rows)(int columns)
{
#define ROWS(HIGHEST, COLUMNS) [COLUMNS] = HIGHEST,
    static const int rows[DOTS_COLUMNS + 1] = {DOTS_ROWS_OF(ROWS)};
    return rows[columns];
}
