/* The rung `naive`: the definition, three loops, one dot product per element of C. Refuses to be clever; the
 * threads divide the rows of C. */
#include "kernels/matmul/matmul.h"
#include "kernels/team.h"

/* Not inlined: the compiler would interchange the loops, and this would be the next rung. */
__attribute__((noinline)) static element dot(const element *row, const element *column, int64_t k, int64_t n)
{
    element sum = 0;
    for (int64_t p = 0; p < k; p++)
        sum += row[p] * column[p * n];
    return sum;
}

void TYPED(matmul_run_naive)(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        team_share(s->m, team_rank(), team_size(), &begin, &end);
        lane_begin(&lanes[team_rank()]);
        for (int64_t i = begin; i < end; i++)
            for (int64_t j = 0; j < s->n; j++)
                s->c[i * s->n + j] = dot(s->a + i * s->k, s->b + j, s->k, s->n);
        lane_end(&lanes[team_rank()]);
    }
}
