/* The innermost loop: a tile of C in registers, one broadcast element of A times two vectors of B at a time.
 *
 * Refuses to be clever about edges: callers pass full, zero-padded slivers. It is alone in its object file so
 * that a test can look at its machine code: nothing in the loop may refer to the stack.
 */
#include "kernels/matmul/micro_kernel.h"

/* The sums are an array only for the reader: with its loops unrolled, each is a register. The steps of k stay
 * rolled: GCC would interleave them and run out of registers. */
#if defined(__clang__)
#    define UNROLL_FULLY _Pragma("clang loop unroll(full)")
#    define KEEP_ROLLED  _Pragma("clang loop unroll(disable)")
/* Else clang splits the 64-byte vectors of x86-64-v4 into halves, and spills. */
__attribute__((min_vector_width(8 * VECTOR_BYTES)))
#else
#    define UNROLL_FULLY _Pragma("GCC unroll 16")
#    define KEEP_ROLLED  _Pragma("GCC unroll 1")
#endif
void TYPED(matmul_micro_kernel)(
    int64_t groups, const element *a, const element *b, element *c, int64_t stride, bool accumulate)
{
    vector low[MATMUL_TILE_ROWS] = {0}, high[MATMUL_TILE_ROWS] = {0};

    /* C is needed after the loop; asked for now, it arrives in the meantime. */
    KEEP_ROLLED
    for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
        __builtin_prefetch(c + i * stride, 1);
        __builtin_prefetch(c + i * stride + MATMUL_TILE_COLUMNS - 1, 1);
    }
    for (int64_t group = 0; group < groups; group++) {
        KEEP_ROLLED
        for (int step = 0; step < MATMUL_GROUP; step++) {
            vector b_low = *(const vector_unaligned *)b;
            vector b_high = *(const vector_unaligned *)(b + VECTOR_LANES);
            UNROLL_FULLY
            for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
                low[i] += a[i * MATMUL_GROUP] * b_low;
                high[i] += a[i * MATMUL_GROUP] * b_high;
            }
            a++;
            b += MATMUL_TILE_COLUMNS;
        }
        a += (MATMUL_TILE_ROWS - 1) * MATMUL_GROUP;
    }
    UNROLL_FULLY
    for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
        vector_unaligned *c_low = (vector_unaligned *)(c + i * stride);
        vector_unaligned *c_high = (vector_unaligned *)(c + i * stride + VECTOR_LANES);
        if (accumulate) {
            low[i] += *c_low;
            high[i] += *c_high;
        }
        *c_low = low[i];
        *c_high = high[i];
    }
}
