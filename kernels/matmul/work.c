/* Shares of the work, and who takes from them. A share's first unit that nobody has taken moves on by
 * compare and swap: its owner and those who help it are the only ones to meet there. Refuses to know what a
 * unit is. */
#include "kernels/matmul/work.h"
#include "kernels/team.h"

/* Shares begin at multiples of a step, if each has so many steps. */
enum { STEPS_LEAST = 4 };

void TYPED(matmul_share_out)(struct matmul *s, int64_t count, int64_t step)
{
    const int threads = s->config.threads;
    if (count < step * threads * STEPS_LEAST)
        step = 1;
    for (int rank = 0; rank < threads; rank++) {
        int64_t begin, end;
        team_share(divide_up(count, step), rank, threads, &begin, &end);
        s->shares[rank].next = begin * step;
        s->shares[rank].end = least(count, end * step);
    }
}

/* Of a thread's own units half, of another's a part that leaves some to those who will help it too. */
static int64_t guided(int64_t left, int threads, bool own)
{
    if (threads == 1)
        return left;
    return left / (own ? 2 : 2 * threads - 1) + 1;
}

bool TYPED(matmul_take)(struct matmul *s, matmul_cut_function *cut, int64_t *begin, int64_t *count)
{
    const int rank = team_rank(), threads = s->config.threads;
    for (int visited = 0; visited < threads; visited++) {
        struct matmul_share *share = &s->shares[(rank + visited) % threads];
        *begin = __atomic_load_n(&share->next, __ATOMIC_RELAXED);
        while (*begin < share->end) {
            const int64_t left = share->end - *begin;
            *count = cut == NULL ? 1 : cut(s, *begin, least(guided(left, threads, visited == 0), left), left);
            if (__atomic_compare_exchange_n(
                    &share->next, begin, *begin + *count, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
                return true;
        }
    }
    return false;
}
