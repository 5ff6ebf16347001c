/* The rung `simd`: a tile of C, SIMD_ROWS × two vectors, stays in registers while a block of the depth passes
 * by; A and B are read where they lie. Refuses to pack: rows of B that are a power of two apart still fall
 * into the same sets of the cache. The threads divide the rows of C.
 */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/unroll.h"
#include "kernels/team.h"

#include <string.h>

/* Eight sums: two pipes times a latency of four cycles. */
enum { SIMD_ROWS = 4, SIMD_VECTORS = 2, SIMD_DEPTH = 256, SIMD_WIDTH = SIMD_VECTORS * VECTOR_LANES };

/* The sums of a tile over `depth`, into `sums`, SIMD_ROWS × SIMD_WIDTH. Rows past the last one of A are given
 * as the last one again. */
WIDE_VECTORS static void sum_tile(
    const element *const a[SIMD_ROWS], const element *b, int64_t stride, int64_t depth, element *sums)
{
    vector sum[SIMD_ROWS][SIMD_VECTORS] = {0};
    const element *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3];
    for (int64_t p = 0; p < depth; p++) {
        UNROLL
        for (int v = 0; v < SIMD_VECTORS; v++) {
            vector row = *(const vector_unaligned *)(b + v * VECTOR_LANES);
            sum[0][v] += a0[p] * row;
            sum[1][v] += a1[p] * row;
            sum[2][v] += a2[p] * row;
            sum[3][v] += a3[p] * row;
        }
        b += stride;
    }
    memcpy(sums, sum, sizeof sum);
}

/* One tile of C, (+)= over depth [p, p + depth). */
static void multiply_tile(
    const struct matmul *s, int64_t i, int64_t last, int64_t j, int64_t p, int64_t depth)
{
    const element *a[SIMD_ROWS];
    element sums[SIMD_ROWS * SIMD_WIDTH] __attribute__((aligned(VECTOR_BYTES)));
    int64_t columns = s->n - j < SIMD_WIDTH ? s->n - j : SIMD_WIDTH;
    for (int64_t r = 0; r < SIMD_ROWS; r++)
        a[r] = s->a + (i + r < last ? i + r : last - 1) * s->k + p;
    sum_tile(a, s->b + p * s->n + j, s->n, depth, sums);
    for (int64_t r = 0; r < SIMD_ROWS && i + r < last; r++) {
        element *c = s->c + (i + r) * s->n + j;
        for (int64_t q = 0; q < columns; q++)
            c[q] = p > 0 ? c[q] + sums[r * SIMD_WIDTH + q] : sums[r * SIMD_WIDTH + q];
    }
}

void TYPED(matmul_run_simd)(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        team_share(s->m, team_rank(), team_size(), &begin, &end);
        lane_begin(&lanes[team_rank()]);
        for (int64_t p = 0; p < s->k; p += SIMD_DEPTH) {
            int64_t depth = s->k - p < SIMD_DEPTH ? s->k - p : SIMD_DEPTH;
            for (int64_t j = 0; j < s->n; j += SIMD_WIDTH)
                for (int64_t i = begin; i < end; i += SIMD_ROWS)
                    multiply_tile(s, i, end, j, p, depth);
        }
        lane_end(&lanes[team_rank()]);
    }
}
