/* The definition, one column after the other down all rows. Columns are shared out among the threads, so it
 * uses no more of them than there are columns, and neighbours write to the same cache lines. Refuses to be
 * clever. */
#include "kernels/normalize/normalize.h"

#include "kernels/team.h"

#include <math.h>

static bool row_counts(const struct normalize_state *state, int64_t row)
{
    return state->missing != MISSING_DROP || state->keep[row];
}

/* Σ(x − c), Σ(x − c)² and the extremes of rows [begin, end) of column j, added to the block's summary. */
static void column_tile(
    const struct normalize_state *state, int64_t block, int64_t j, int64_t begin, int64_t end)
{
    double shift = normalize_summary(state, block, SUMMARY_SHIFT)[j];
    double sum = 0, square = 0, count = 0;
    double least = INFINITY, greatest = -INFINITY;
    for (int64_t i = begin; i < end; i++) {
        double x = (double)state->table[i * state->columns + j];
        if (x != x || !row_counts(state, i))
            continue;
        sum += x - shift;
        square += (x - shift) * (x - shift);
        count += 1;
        least = x < least ? x : least;
        greatest = x > greatest ? x : greatest;
    }
    normalize_summary(state, block, SUMMARY_SUM)[j] += sum;
    normalize_summary(state, block, SUMMARY_SQUARE)[j] += square;
    normalize_summary(state, block, SUMMARY_COUNT)[j] += count;
    double *block_least = &normalize_summary(state, block, SUMMARY_LEAST)[j];
    double *block_greatest = &normalize_summary(state, block, SUMMARY_GREATEST)[j];
    *block_least = fmin(*block_least, least);
    *block_greatest = fmax(*block_greatest, greatest);
}

static void survey(struct normalize_state *state, int rank, int size)
{
    int64_t first, last;
    team_share(state->columns, rank, size, &first, &last);
    for (int64_t j = first; j < last; j++)
        for (int64_t block = 0; block < state->layout.block_count; block++) {
            int64_t begin, end;
            normalize_block_rows(state, block, &begin, &end);
            TYPED(normalize_set_shift)(state, block, j, j + 1);
            normalize_summary(state, block, SUMMARY_SUM)[j] = 0;
            normalize_summary(state, block, SUMMARY_SQUARE)[j] = 0;
            normalize_summary(state, block, SUMMARY_COUNT)[j] = 0;
            normalize_summary(state, block, SUMMARY_LEAST)[j] = INFINITY;
            normalize_summary(state, block, SUMMARY_GREATEST)[j] = -INFINITY;
            for (int64_t i = begin; i < end; i += NORMALIZE_CHAIN)
                column_tile(state, block, j, i, i + NORMALIZE_CHAIN < end ? i + NORMALIZE_CHAIN : end);
        }
}

static void column_apply(const struct normalize_state *state, int64_t j)
{
    const struct normalize_parameters *p = &state->parameters;
    element high = p->high[j], low = p->low[j], factor = p->factor[j], filler = p->filler[j];
    bool clamp = state->method == METHOD_MINMAX;
    element *y = state->result + j;
    for (int64_t i = 0; i < state->rows; i++) {
        element x = state->table[i * state->columns + j];
        if (!row_counts(state, i))
            continue;
        if (p->careful[j]) {
            *y = TYPED(normalize_apply_careful)(state, j, x);
        } else {
            element scaled = ((x - high) - low) * factor;
            if (clamp)
                scaled = scaled < 0 ? 0 : scaled > 1 ? 1 : scaled;
            *y = x == x ? scaled : filler;
        }
        y += state->columns;
    }
}

/* Norms belong to rows: l2 has no columns to go down, and goes by blocks of rows. */
static void rows_apply_l2(const struct normalize_state *state, int rank, int size)
{
    int64_t first, last;
    team_share(state->layout.block_count, rank, size, &first, &last);
    int64_t to = state->missing == MISSING_DROP ? state->start[first] : first * state->layout.block_rows;
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        for (int64_t i = begin; i < end; i++)
            if (row_counts(state, i))
                TYPED(normalize_l2_row)
        (state->table + i * state->columns, state->parameters.filler, state->result + to++ * state->columns,
            state->columns);
    }
}

static void apply(struct normalize_state *state, int rank, int size)
{
    if (state->method == METHOD_L2) {
        rows_apply_l2(state, rank, size);
        return;
    }
    int64_t first, last;
    team_share(state->columns, rank, size, &first, &last);
    for (int64_t j = first; j < last; j++)
        column_apply(state, j);
}

void TYPED(normalize_run_naive)(void *state, struct kernel_lane *lanes)
{
    static const struct normalize_steps steps = {
        TYPED(normalize_mark), survey, TYPED(normalize_merge), apply};
    TYPED(normalize_steps_run)(state, lanes, &steps);
}
