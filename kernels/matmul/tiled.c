/* The rung `tiled`: B is cut into tiles that stay in L2 while every row of C passes by (Lam, Rothberg & Wolf,
 * "The Cache Performance and Optimizations of Blocked Algorithms", ASPLOS 1991). Four rows of B are added at
 * a time, so that C is loaded and stored a quarter as often. Refuses intrinsics and packing: the compiler
 * vectorizes the loop over columns. The threads divide the rows of C. */
#include "kernels/matmul/matmul.h"
#include "kernels/team.h"

#include <string.h>

enum { TILE_DEPTH = 64, TILE_WIDTH_BYTES = 1024, STEP = 4 }; /* 64 KiB of B: a quarter of a small L2 */

/* c[0 … columns) += a[0 … depth) · a tile of B. */
static void multiply_tile_row(element *restrict c, const element *restrict a, const element *restrict b,
    int64_t stride, int64_t depth, int64_t columns)
{
    int64_t p = 0;
    for (; p + STEP <= depth; p += STEP) {
        const element *restrict b0 = b + p * stride, *restrict b1 = b0 + stride;
        const element *restrict b2 = b1 + stride, *restrict b3 = b2 + stride;
        element a0 = a[p], a1 = a[p + 1], a2 = a[p + 2], a3 = a[p + 3];
        for (int64_t j = 0; j < columns; j++)
            c[j] = c[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
    for (; p < depth; p++)
        for (int64_t j = 0; j < columns; j++)
            c[j] += a[p] * b[p * stride + j];
}

static void multiply_rows(const struct matmul *s, int64_t begin, int64_t end)
{
    const int64_t width = TILE_WIDTH_BYTES / (int64_t)sizeof(element);
    memset(s->c + begin * s->n, 0, (size_t)((end - begin) * s->n) * sizeof(element));
    for (int64_t j = 0; j < s->n; j += width)
        for (int64_t p = 0; p < s->k; p += TILE_DEPTH) {
            int64_t columns = s->n - j < width ? s->n - j : width;
            int64_t depth = s->k - p < TILE_DEPTH ? s->k - p : TILE_DEPTH;
            for (int64_t i = begin; i < end; i++)
                multiply_tile_row(
                    s->c + i * s->n + j, s->a + i * s->k + p, s->b + p * s->n + j, s->n, depth, columns);
        }
}

void TYPED(matmul_run_tiled)(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        team_share(s->m, team_rank(), team_size(), &begin, &end);
        lane_begin(&lanes[team_rank()]);
        multiply_rows(s, begin, end);
        lane_end(&lanes[team_rank()]);
    }
}
