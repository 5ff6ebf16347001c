/* The steps that every variant goes through, and the cleaning by rows that `drop` needs. */
#include "kernels/normalize/normalize.h"

#include "kernels/team.h"

static void step_run(struct normalize_state *state, struct kernel_lane *lane,
    void (*step)(struct normalize_state *state, int rank, int size))
{
    lane_begin(lane);
    step(state, team_rank(), team_size());
    lane_end(lane);
#pragma omp barrier
}

void TYPED(normalize_steps_run)(
    struct normalize_state *state, struct kernel_lane *lanes, const struct normalize_steps *steps)
{
    bool drop = state->missing == MISSING_DROP;
    bool statistics = state->needs_moments || state->needs_extremes;
#pragma omp parallel num_threads(state->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        if (drop && steps->mark != NULL)
            step_run(state, lane, steps->mark);
        if (statistics || (drop && steps->mark == NULL))
            step_run(state, lane, steps->survey);
        if (statistics)
            step_run(state, lane, steps->merge);
        step_run(state, lane, steps->apply);
    }
    state->result_rows = drop ? TYPED(normalize_result_row)(state, state->layout.block_count) : state->rows;
}

int64_t TYPED(normalize_mark_rows)(struct normalize_state *state, int64_t begin, int64_t end)
{
    int64_t kept = 0;
    for (int64_t i = begin; i < end; i++) {
        const element *x = state->table + i * state->columns;
        int missing = 0;
        for (int64_t j = 0; j < state->columns; j++)
            missing |= x[j] != x[j];
        state->keep[i] = (unsigned char)!missing;
        kept += !missing;
    }
    return kept;
}

void TYPED(normalize_mark)(struct normalize_state *state, int rank, int size)
{
    int64_t first, last;
    team_share(state->layout.block_count, rank, size, &first, &last);
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        state->kept[block] = TYPED(normalize_mark_rows)(state, begin, end);
    }
}

int64_t TYPED(normalize_result_row)(const struct normalize_state *state, int64_t block)
{
    int64_t row = 0;
    for (int64_t b = 0; b < block; b++)
        row += state->kept[b];
    return row;
}
