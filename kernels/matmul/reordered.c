/* The rung `reordered`: the same three loops, the one over columns innermost, so that B and C are read along
 * their rows and the compiler can use vectors. The threads divide the rows of C. Refuses blocks. */
#include "kernels/matmul/matmul.h"
#include "kernels/team.h"

#include <string.h>

/* One row of C, as the sum of the rows of B. */
static void multiply_row(const struct matmul *s, int64_t i)
{
    element *restrict c = s->c + i * s->n;
    memset(c, 0, (size_t)s->n * sizeof(element));
    for (int64_t p = 0; p < s->k; p++) {
        const element *restrict b = s->b + p * s->n;
        element a = s->a[i * s->k + p];
        for (int64_t j = 0; j < s->n; j++)
            c[j] += a * b[j];
    }
}

void TYPED(matmul_run_reordered)(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        team_share(s->m, team_rank(), team_size(), &begin, &end);
        lane_begin(&lanes[team_rank()]);
        for (int64_t i = begin; i < end; i++)
            multiply_row(s, i);
        lane_end(&lanes[team_rank()]);
    }
}
