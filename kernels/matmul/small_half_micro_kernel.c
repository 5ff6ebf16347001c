/* The innermost loop of small products where half of C's last vector is enough: that half is half a register
 * of its own, which on a CPU that begins a multiply-add of 64 bytes in two halves takes half the time.
 * Of 24 columns so a quarter of the work is gone, of 40 a sixth. (Seen on a Zen 4; not measured where whole
 * registers take no longer than halves: by the count of instructions nothing is lost there.)
 *
 * Refuses more than one panel of columns, and tiles of few rows. */
#include "kernels/matmul/edge.h"
#include "kernels/matmul/fetch.h"
#include "kernels/matmul/small.h"
#include "kernels/matmul/unroll.h"

#include <stddef.h>

#if SMALL_HALVES

typedef element half __attribute__((vector_size(VECTOR_BYTES / 2)));
typedef element half_unaligned
    __attribute__((vector_size(VECTOR_BYTES / 2), aligned(sizeof(element)), may_alias));

static inline __attribute__((always_inline)) half half_lower(vector x)
{
#    if ELEMENT_BITS == 32
    return __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7);
#    else
    return __builtin_shufflevector(x, x, 0, 1, 2, 3);
#    endif
}

/* A register of which only the lower half is known. */
static inline __attribute__((always_inline)) vector half_widened(half x)
{
#    if ELEMENT_BITS == 32
    return __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7, -1, -1, -1, -1, -1, -1, -1, -1);
#    else
    return __builtin_shufflevector(x, x, 0, 1, 2, 3, -1, -1, -1, -1);
#    endif
}

/* Is the element of row `i` read once by each multiply-add, or once for both? Beside one whole vector a Zen 4
 * has not the time to broadcast all of them into registers, and others not to read all of them twice. */
#    define BROADCASTS_APART(WHOLE, i) ((WHOLE) == 0 || ((WHOLE) == 1 && (i) % 2 == 0))

/* A panel of VECTORS vectors, the last of which is a half; ASKS for A as SMALL_ASKS_A does. */
#    define MICRO_KERNEL(NAME, ASKS, ROWS, VECTORS)                                                          \
        WIDE_VECTORS static void NAME(const struct small_block *block)                                       \
        {                                                                                                    \
            enum { WHOLE = VECTORS - 1 };                                                                    \
            const int64_t a_stride = block->a_stride, b_stride = block->b_stride,                            \
                          c_stride = block->c_stride;                                                        \
            const element *a_tile = block->a;                                                                \
            element *c_tile = block->c;                                                                      \
            KEEP_ROLLED                                                                                      \
            for (int64_t tile = 0; tile < block->tiles; tile++) {                                            \
                vector sum[ROWS][VECTORS] = {0};                                                             \
                half last[ROWS] = {0};                                                                       \
                const element *a = a_tile, *b = block->b, *a_ahead = a + block->a_ahead;                     \
                if (block->c_ahead > 0)                                                                      \
                    matmul_fetch_tile(c_tile + block->c_ahead, c_stride, ROWS, VECTORS);                     \
                KEEP_ROLLED                                                                                  \
                for (int64_t left = block->depth; left > 0; left--) {                                        \
                    if (ASKS) {                                                                              \
                        __builtin_prefetch(a_ahead);                                                         \
                        a_ahead += ROWS;                                                                     \
                    }                                                                                        \
                    vector row[VECTORS];                                                                     \
                    UNROLL                                                                                   \
                    for (int v = 0; v < WHOLE; v++)                                                          \
                        row[v] = *(const vector_unaligned *)(b + v * VECTOR_LANES);                          \
                    const half end = *(const half_unaligned *)(b + WHOLE * VECTOR_LANES);                    \
                    UNROLL                                                                                   \
                    for (int i = 0; i < ROWS; i++) {                                                         \
                        const bool apart = BROADCASTS_APART(WHOLE, i);                                       \
                        vector x = a[i * a_stride] - (vector){0};                                            \
                        if (!apart)                                                                          \
                            IN_REGISTER(x);                                                                  \
                        UNROLL                                                                               \
                        for (int v = 0; v < WHOLE; v++)                                                      \
                            sum[i][v] += x * row[v];                                                         \
                        if (apart)                                                                           \
                            last[i] += a[i * a_stride] * end;                                                \
                        else                                                                                 \
                            last[i] += half_lower(x) * end;                                                  \
                    }                                                                                        \
                    a++;                                                                                     \
                    b += b_stride;                                                                           \
                }                                                                                            \
                UNROLL                                                                                       \
                for (int i = 0; i < ROWS; i++) {                                                             \
                    element *c = c_tile + i * c_stride;                                                      \
                    UNROLL                                                                                   \
                    for (int v = 0; v < WHOLE; v++)                                                          \
                        *(vector_unaligned *)(c + v * VECTOR_LANES) = sum[i][v];                             \
                    edge_store_first(c + WHOLE * VECTOR_LANES, half_widened(last[i]),                        \
                        block->columns - WHOLE * VECTOR_LANES);                                              \
                }                                                                                            \
                a_tile += ROWS * a_stride;                                                                   \
                c_tile += ROWS * c_stride;                                                                   \
            }                                                                                                \
        }

/* The heights that all but few rows are cut into, and those of many, as X(rows, vectors). */
#    define HIGH(X, V)  X(7, V) X(8, V)
#    define TILES(X, V) X(4, V) X(5, V) X(6, V) HIGH(X, V)
_Static_assert(SMALL_HALVES_ROWS_LEAST == 4 && SMALL_ROWS == 8 && SMALL_VECTORS == 3, "the sizes here");
#    define SIZES(X)        TILES(X, 1) TILES(X, 2) TILES(X, 3)
#    define ASKS_A_SIZES(X) HIGH(X, 1) HIGH(X, 2) HIGH(X, 3)

#    define PLAIN(ROWS, VECTORS)  MICRO_KERNEL(plain_##ROWS##x##VECTORS, false, ROWS, VECTORS)
#    define ASKS_A(ROWS, VECTORS) MICRO_KERNEL(asks_a_##ROWS##x##VECTORS, true, ROWS, VECTORS)
SIZES(PLAIN)
ASKS_A_SIZES(ASKS_A)

small_micro_kernel_function *TYPED(matmul_small_half_micro_kernel)(bool asks_a, int rows, int vectors)
{
#    define PLAIN_NAME(ROWS, VECTORS)  [0][VECTORS][ROWS] = plain_##ROWS##x##VECTORS,
#    define ASKS_A_NAME(ROWS, VECTORS) [1][VECTORS][ROWS] = asks_a_##ROWS##x##VECTORS,
    static small_micro_kernel_function *const function[2][SMALL_VECTORS + 1][SMALL_ROWS + 1] = {
        SIZES(PLAIN_NAME) ASKS_A_SIZES(ASKS_A_NAME)};
    small_micro_kernel_function *const asking = function[asks_a][vectors][rows];
    return asking != NULL ? asking : function[0][vectors][rows];
}
#endif
