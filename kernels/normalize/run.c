/* The steps that every variant goes through, and the cleaning by rows that `drop` needs. Refuses to know how
 * any step works. */
#include "kernels/normalize/normalize.h"

#include "kernels/team.h"

int64_t TYPED(normalize_take)(const struct normalize_state *state, enum normalize_step step, int64_t items,
    int64_t group, int rank, int size)
{
    struct normalize_cursor *cursor = state->cursor + (int64_t)step * state->config.threads;
    for (int k = 0; k < size; k++) {
        int owner = (rank + k) % size;
        int64_t first, last;
        team_share(items, owner, size, &first, &last);
        int64_t taken = __atomic_fetch_add(&cursor[owner].taken, 1, __ATOMIC_RELAXED);
        if (taken >= last - first)
            continue;
        if (group == 0)
            return first + taken;
        int64_t begin = last - (taken / group + 1) * group;
        return (begin > first ? begin : first) + taken % group;
    }
    return -1;
}

static void step_run(struct normalize_state *state, struct kernel_lane *lane,
    void (*step)(struct normalize_state *state, int rank, int size))
{
    lane_begin(lane);
    step(state, team_rank(), team_size());
    lane_end(lane);
}

void TYPED(normalize_steps_run)(
    struct normalize_state *state, struct kernel_lane *lanes, const struct normalize_steps *steps)
{
    bool drop = state->missing == MISSING_DROP;
    bool statistics = state->needs_moments || state->needs_extremes;
    for (int i = 0; i < STEPS * state->config.threads; i++)
        state->cursor[i].taken = 0;
    for (int64_t block = 0; drop && block < state->layout.block_count; block++)
        state->kept[block] = 0;
#pragma omp parallel num_threads(state->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        if (drop && steps->mark != NULL) {
            step_run(state, lane, steps->mark);
#pragma omp barrier
        }
        if (statistics && steps->survey != NULL) {
            step_run(state, lane, steps->survey);
#pragma omp barrier
        }
        if ((statistics || drop) && steps->merge != NULL) {
            step_run(state, lane, steps->merge);
#pragma omp barrier
        }
        step_run(state, lane, steps->apply);
    }
    state->result_rows = drop ? state->start[state->layout.block_count] : state->rows;
}

void TYPED(normalize_mark)(struct normalize_state *state, int rank, int size)
{
    int64_t first, last;
    team_share(state->layout.block_count, rank, size, &first, &last);
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        for (int64_t i = begin; i < end; i++) {
            const element *x = state->table + i * state->columns;
            int missing = 0;
            for (int64_t j = 0; j < state->columns; j++)
                missing |= x[j] != x[j];
            state->keep[i] = (unsigned char)!missing;
            state->kept[block] += !missing;
        }
    }
}
