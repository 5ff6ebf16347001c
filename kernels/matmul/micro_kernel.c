/* The innermost loop: a tile of C in registers, one broadcast element of A times a row of vectors of B at a
 * time. One function for each size of tile, all from one source.
 *
 * Refuses to be clever about columns: callers pass a full tile of C. It is alone in its object file so that a
 * test can look at its machine code: nothing in the loop may refer to the stack.
 */
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/unroll.h"

#include <stddef.h>

/* Steps of k between asking for a row of B and using it. Not more: rows a multiple of 4 KiB apart fall into
 * one set of L1, which holds 8 to 12 lines. */
enum { AHEAD_B = 8 };
/* The same for A, in groups. */
enum { AHEAD_A = 4 };

/* The next group of each row of A, into the packed sliver. */
static inline __attribute__((always_inline)) void pack_group(
    element *to, const element *from, int64_t stride, int rows)
{
    KEEP_ROLLED
    for (int i = 0; i < rows; i++) {
        *(vector_unaligned *)to = *(const vector_unaligned *)from;
        __builtin_prefetch(from + AHEAD_A * MATMUL_GROUP);
        to += MATMUL_GROUP;
        from += stride;
    }
}

/* The next rows of B, `vectors` wide, into the packed sliver. */
static inline __attribute__((always_inline)) void copy_rows(struct matmul_copy *copy, int vectors)
{
    enum { AHEAD = 8 };
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
            __builtin_prefetch(from + AHEAD * copy->stride + v * VECTOR_LANES);
        }
        from += copy->stride;
        to += vectors * VECTOR_LANES;
    }
    copy->from = from;
    copy->to = to;
}

/* The sums are an array only for the reader: with its loops unrolled, each is a register. The steps of k stay
 * rolled. */
#define MICRO_KERNEL(ROWS, VECTORS)                                                                          \
    WIDE_VECTORS static void multiply_##ROWS##x##VECTORS(const struct matmul_tile *tile)                     \
    {                                                                                                        \
        vector sum[ROWS][VECTORS] = {0};                                                                     \
        const element *b = tile->b, *a = tile->a, *a_from = tile->a_from;                                    \
        const int64_t b_stride = tile->b_stride, a_stride = tile->a_stride;                                  \
        struct matmul_copy *const copy = tile->copy;                                                         \
        int64_t left = tile->depth;                                                                          \
        element *const c_begin = tile->c;                                                                    \
        const int64_t c_stride = tile->c_stride;                                                             \
        const bool accumulate = tile->accumulate;                                                            \
                                                                                                             \
        /* C is needed after the loop; asked for now, it arrives in the meantime. */                         \
        KEEP_ROLLED                                                                                          \
        for (int i = 0; i < ROWS; i++)                                                                       \
            for (int v = 0; v < VECTORS; v++)                                                                \
                __builtin_prefetch(c_begin + i * c_stride + v * VECTOR_LANES, 1);                            \
        if (a_from != NULL)                                                                                  \
            pack_group(tile->a, a_from, a_stride, ROWS);                                                     \
        while (left > 0) {                                                                                   \
            int64_t steps = left < MATMUL_GROUP ? left : MATMUL_GROUP;                                       \
            __asm__("" : "+r"(steps)); /* a loop, even where a group is two steps */                         \
            left -= steps;                                                                                   \
            /* One group ahead of its use: a load does not wait for the store. */                            \
            if (a_from != NULL && left > 0) {                                                                \
                a_from += MATMUL_GROUP;                                                                      \
                pack_group((element *)a + ROWS * MATMUL_GROUP, a_from, a_stride, ROWS);                      \
            }                                                                                                \
            /* To L2, where it waits for its turn: L1 would have to let go of what is needed now. */         \
            if (ROWS > 2) { /* lower tiles have little A, and no register to spare */                        \
                __builtin_prefetch(copy->ahead, 0, 2);                                                       \
                copy->ahead += MATMUL_GROUP;                                                                 \
            }                                                                                                \
            if (copy->left > 0)                                                                              \
                copy_rows(copy, VECTORS);                                                                    \
            const element *a_step = a, *a_ahead = a + 2 * ROWS * MATMUL_GROUP;                               \
            KEEP_ROLLED                                                                                      \
            do {                                                                                             \
                vector row[VECTORS];                                                                         \
                UNROLL_FULLY                                                                                 \
                for (int v = 0; v < VECTORS; v++) {                                                          \
                    row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                              \
                    __builtin_prefetch(b + AHEAD_B * b_stride + v * VECTOR_LANES);                           \
                }                                                                                            \
                UNROLL_FULLY                                                                                 \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    UNROLL_FULLY                                                                             \
                    for (int v = 0; v < VECTORS; v++)                                                        \
                        sum[i][v] += a_step[i * MATMUL_GROUP] * row[v];                                      \
                }                                                                                            \
                /* A's rows in the group after the next, spread over the steps of this one. */               \
                UNROLL_FULLY                                                                                 \
                for (int r = 0; r < (ROWS + MATMUL_GROUP - 1) / MATMUL_GROUP; r++)                           \
                    __builtin_prefetch(a_ahead + r * MATMUL_GROUP);                                          \
                a_ahead += (ROWS + MATMUL_GROUP - 1) / MATMUL_GROUP * MATMUL_GROUP;                          \
                a_step++;                                                                                    \
                b += b_stride;                                                                               \
            } while (--steps > 0);                                                                           \
            a += ROWS * MATMUL_GROUP;                                                                        \
        }                                                                                                    \
        UNROLL_FULLY                                                                                         \
        for (int i = 0; i < ROWS; i++) {                                                                     \
            vector_unaligned *c = (vector_unaligned *)(c_begin + i * c_stride);                              \
            UNROLL_FULLY                                                                                     \
            for (int v = 0; v < VECTORS; v++) {                                                              \
                if (accumulate)                                                                              \
                    sum[i][v] += c[v];                                                                       \
                c[v] = sum[i][v];                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }

/* Every size of tile that the registers hold, as X(rows). */
#define ROWS_TO_2(X)        X(1) X(2)
#define ROWS_TO_4(X)        ROWS_TO_2(X) X(3) X(4)
#define ROWS_TO_6(X)        ROWS_TO_4(X) X(5) X(6)
#define ROWS_TO_8(X)        ROWS_TO_6(X) X(7) X(8)
#define ROWS_TO_14(X)       ROWS_TO_8(X) X(9) X(10) X(11) X(12) X(13) X(14)
#define EXPAND(NAME, COUNT) NAME##COUNT
#define ROWS_TO(COUNT)      EXPAND(ROWS_TO_, COUNT)

#define DEFINE_1(ROWS) MICRO_KERNEL(ROWS, 1)
#define DEFINE_2(ROWS) MICRO_KERNEL(ROWS, 2)
#define DEFINE_4(ROWS) MICRO_KERNEL(ROWS, 4)
ROWS_TO(MATMUL_TILE_ROWS)
(DEFINE_1) ROWS_TO(MATMUL_TILE_ROWS)(DEFINE_2) ROWS_TO(MATMUL_ROWS_OF_4)(DEFINE_4)

    matmul_micro_kernel_function *TYPED(matmul_micro_kernel)(int rows, int vectors)
{
#define NAME_1(ROWS) [ROWS] = multiply_##ROWS##x1,
#define NAME_2(ROWS) [ROWS] = multiply_##ROWS##x2,
#define NAME_4(ROWS) [ROWS] = multiply_##ROWS##x4,
    static matmul_micro_kernel_function *const of_1[] = {ROWS_TO(MATMUL_TILE_ROWS)(NAME_1)};
    static matmul_micro_kernel_function *const of_2[] = {ROWS_TO(MATMUL_TILE_ROWS)(NAME_2)};
    static matmul_micro_kernel_function *const of_4[] = {ROWS_TO(MATMUL_ROWS_OF_4)(NAME_4)};
    switch (vectors) {
    case 1:
        return of_1[rows];
    case 2:
        return of_2[rows];
    default:
        return of_4[rows];
    }
}
