/* As `simd`, but the sums of some columns stay in registers down a chain of rows and are put by when it
 * ends: no trip through memory for each addition, and several short chains round less than one long chain.
 * Chains become blocks, and blocks are merged in order (columns.c). Refuses to go past the caches, or over
 * row ends. */
#include "kernels/normalize/normalize.h"
#include "kernels/normalize/vectors.h"

#include "kernels/team.h"

/* Rows [begin, end) of a block, at most a chain; its kept rows are listed. */
struct chain {
    int64_t row[NORMALIZE_CHAIN];
    int64_t rows;
};

static void chain_list(const struct normalize_state *state, int64_t begin, int64_t end, struct chain *chain)
{
    chain->rows = 0;
    for (int64_t i = begin; i < end; i++) {
        chain->row[chain->rows] = i;
        chain->rows += state->missing != MISSING_DROP || state->keep[i];
    }
}

static void chain_add_moments(const struct normalize_state *state, int64_t block, const struct chain *chain)
{
    int64_t columns = state->columns, j = 0;
    const double *shift = normalize_summary(state, block, SUMMARY_SHIFT);
    double *sum = normalize_summary(state, block, SUMMARY_SUM);
    double *square = normalize_summary(state, block, SUMMARY_SQUARE);
    double *count = normalize_summary(state, block, SUMMARY_COUNT);
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES) {
        struct wide_moments own = {{0}, {0}, {0}};
        wide about = *(const wide_unaligned *)(shift + j);
        for (int64_t i = 0; i < chain->rows; i++)
            wide_add_moments(&own, wide_load(state->table + chain->row[i] * columns + j), about);
        *(wide_unaligned *)(sum + j) += own.sum;
        *(wide_unaligned *)(square + j) += own.square;
        *(wide_unaligned *)(count + j) += own.count;
    }
    for (; j < columns; j++) {
        double own_sum = 0, own_square = 0, own_count = 0;
        for (int64_t i = 0; i < chain->rows; i++) {
            element x = state->table[chain->row[i] * columns + j];
            double away = x == x ? (double)x - shift[j] : 0;
            own_sum += away;
            own_square += away * away;
            own_count += x == x ? 1 : 0;
        }
        sum[j] += own_sum;
        square[j] += own_square;
        count[j] += own_count;
    }
}

static void chain_add_extremes(const struct normalize_state *state, int64_t block, const struct chain *chain)
{
    int64_t columns = state->columns, j = 0;
    double *least = normalize_summary(state, block, SUMMARY_LEAST);
    double *greatest = normalize_summary(state, block, SUMMARY_GREATEST);
    for (; j + VECTOR_LANES <= columns; j += VECTOR_LANES) {
        vector low = (vector){0} + (element)INFINITY, high = -low;
        for (int64_t i = 0; i < chain->rows; i++) {
            vector x = *(const vector_unaligned *)(state->table + chain->row[i] * columns + j);
            low = vector_least(x, low);
            high = vector_greatest(x, high);
        }
        for (int lane = 0; lane < VECTOR_LANES; lane++) {
            least[j + lane] = fmin(least[j + lane], (double)low[lane]);
            greatest[j + lane] = fmax(greatest[j + lane], (double)high[lane]);
        }
    }
    for (; j < columns; j++)
        for (int64_t i = 0; i < chain->rows; i++) {
            double x = (double)state->table[chain->row[i] * columns + j];
            least[j] = x < least[j] ? x : least[j];
            greatest[j] = x > greatest[j] ? x : greatest[j];
        }
}

static void survey(struct normalize_state *state, int rank, int size)
{
    int64_t first, last;
    struct chain chain;
    team_share(state->layout.block_count, rank, size, &first, &last);
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        TYPED(normalize_set_shift)(state, block, 0, state->columns);
        for (int64_t j = 0; j < state->columns; j++) {
            normalize_summary(state, block, SUMMARY_SUM)[j] = 0;
            normalize_summary(state, block, SUMMARY_SQUARE)[j] = 0;
            normalize_summary(state, block, SUMMARY_COUNT)[j] = 0;
            normalize_summary(state, block, SUMMARY_LEAST)[j] = INFINITY;
            normalize_summary(state, block, SUMMARY_GREATEST)[j] = -INFINITY;
        }
        for (int64_t i = begin; i < end; i += NORMALIZE_CHAIN) {
            chain_list(state, i, i + NORMALIZE_CHAIN < end ? i + NORMALIZE_CHAIN : end, &chain);
            if (state->needs_moments)
                chain_add_moments(state, block, &chain);
            if (state->needs_extremes)
                chain_add_extremes(state, block, &chain);
        }
    }
}

void TYPED(normalize_run_stable)(void *state, struct kernel_lane *lanes)
{
    struct normalize_steps steps = TYPED(normalize_steps_simd);
    steps.survey = survey;
    TYPED(normalize_steps_run)(state, lanes, &steps);
}
