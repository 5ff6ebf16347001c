/* Row after row, all columns of a row at once: plain loops, vectorized as well as the compiler can. Refuses
 * vectors that are written by hand. */
#include "kernels/normalize/normalize.h"
#include "kernels/normalize/row_order.h"

#include "kernels/team.h"

#include <math.h>

/* The sums of a tile, by column, put by in the block's summary after each tile. */
struct tile_sums {
    double *sum, *square, *count;
};

static void row_add_moments(
    const element *restrict x, const double *restrict shift, const struct tile_sums *to, int64_t columns)
{
    double *restrict sum = to->sum, *restrict square = to->square, *restrict count = to->count;
    for (int64_t j = 0; j < columns; j++) {
        double away = x[j] == x[j] ? (double)x[j] - shift[j] : 0;
        sum[j] += away;
        square[j] += away * away;
        count[j] += x[j] == x[j] ? 1 : 0;
    }
}

static void row_add_extremes(
    const element *restrict x, double *restrict least, double *restrict greatest, int64_t columns)
{
    for (int64_t j = 0; j < columns; j++) {
        double v = (double)x[j];
        least[j] = v < least[j] ? v : least[j];
        greatest[j] = v > greatest[j] ? v : greatest[j];
    }
}

static void tile_survey(
    const struct normalize_state *state, int64_t block, struct tile_sums *sums, int64_t begin)
{
    int64_t columns = state->columns, first, end;
    normalize_block_rows(state, block, &first, &end);
    if (begin + NORMALIZE_CHAIN < end)
        end = begin + NORMALIZE_CHAIN;
    for (int64_t j = 0; j < columns; j++)
        sums->sum[j] = sums->square[j] = sums->count[j] = 0;
    for (int64_t i = begin; i < end; i++) {
        const element *x = state->table + i * columns;
        if (state->missing == MISSING_DROP && !state->keep[i])
            continue;
        if (state->needs_moments)
            row_add_moments(x, normalize_summary(state, block, SUMMARY_SHIFT), sums, columns);
        if (state->needs_extremes)
            row_add_extremes(x, normalize_summary(state, block, SUMMARY_LEAST),
                normalize_summary(state, block, SUMMARY_GREATEST), columns);
    }
    double *restrict sum = normalize_summary(state, block, SUMMARY_SUM);
    double *restrict square = normalize_summary(state, block, SUMMARY_SQUARE);
    double *restrict count = normalize_summary(state, block, SUMMARY_COUNT);
    for (int64_t j = 0; j < columns; j++) {
        sum[j] += sums->sum[j];
        square[j] += sums->square[j];
        count[j] += sums->count[j];
    }
}

static void survey(struct normalize_state *state, int rank, int size)
{
    int64_t columns = state->columns, first, last;
    double *own = normalize_scratch(state, rank);
    struct tile_sums sums = {own, own + columns, own + 2 * columns};
    team_share(state->layout.block_count, rank, size, &first, &last);
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        TYPED(normalize_set_shift)(state, block, 0, columns);
        for (int64_t j = 0; j < columns; j++) {
            normalize_summary(state, block, SUMMARY_SUM)[j] = 0;
            normalize_summary(state, block, SUMMARY_SQUARE)[j] = 0;
            normalize_summary(state, block, SUMMARY_COUNT)[j] = 0;
            normalize_summary(state, block, SUMMARY_LEAST)[j] = INFINITY;
            normalize_summary(state, block, SUMMARY_GREATEST)[j] = -INFINITY;
        }
        for (int64_t i = begin; i < end; i += NORMALIZE_CHAIN)
            tile_survey(state, block, &sums, i);
    }
}

static void row_apply(const struct normalize_parameters *p, const element *restrict x, element *restrict y,
    int64_t columns, bool clamp)
{
    const element *restrict high = p->high, *restrict low = p->low, *restrict factor = p->factor;
    const element *restrict filler = p->filler;
    for (int64_t j = 0; j < columns; j++) {
        element scaled = ((x[j] - high[j]) - low[j]) * factor[j];
        if (clamp)
            scaled = scaled < 0 ? 0 : scaled > 1 ? 1 : scaled;
        y[j] = x[j] == x[j] ? scaled : filler[j];
    }
}

static void apply(struct normalize_state *state, int rank, int size)
{
    normalize_apply_rows(state, rank, size, row_apply, TYPED(normalize_l2_row));
}

const struct normalize_steps TYPED(normalize_steps_rows) = {
    .mark = TYPED(normalize_mark), .survey = survey, .merge = TYPED(normalize_merge), .apply = apply};

void TYPED(normalize_run_rows)(void *state, struct kernel_lane *lanes)
{
    TYPED(normalize_steps_run)(state, lanes, &TYPED(normalize_steps_rows));
}
