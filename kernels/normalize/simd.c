/* Row after row as in `rows`, but in vectors that are written down: missing entries are masked instead of
 * branched around, and a row of any width takes few instructions. Sums still go through memory row by row.
 * Refuses to keep a sum in a register from row to row. */
#include "kernels/normalize/normalize.h"
#include "kernels/normalize/row_order.h"
#include "kernels/normalize/vectors.h"

#include "kernels/team.h"

#include <string.h>

/* The sums of a chain of rows, by column. */
struct chain {
    double *sum, *square, *count;
};

static void row_add_moments(
    const element *restrict x, const double *restrict shift, const struct chain *to, int64_t columns)
{
    int64_t j = 0;
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES) {
        struct wide_moments sums = {*(const wide_unaligned *)(to->sum + j),
            *(const wide_unaligned *)(to->square + j), *(const wide_unaligned *)(to->count + j)};
        wide_add_moments(&sums, wide_load(x + j), *(const wide_unaligned *)(shift + j));
        *(wide_unaligned *)(to->sum + j) = sums.sum;
        *(wide_unaligned *)(to->square + j) = sums.square;
        *(wide_unaligned *)(to->count + j) = sums.count;
    }
    for (; j < columns; j++) {
        double away = x[j] == x[j] ? (double)x[j] - shift[j] : 0;
        to->sum[j] += away;
        to->square[j] += away * away;
        to->count[j] += x[j] == x[j] ? 1 : 0;
    }
}

static void row_add_extremes(
    const element *restrict x, element *restrict least, element *restrict greatest, int64_t columns)
{
    int64_t j = 0;
    for (; j + VECTOR_LANES <= columns; j += VECTOR_LANES) {
        vector v = *(const vector_unaligned *)(x + j);
        vector_unaligned *low = (vector_unaligned *)(least + j), *high = (vector_unaligned *)(greatest + j);
        *low = vector_least(v, *low);
        *high = vector_greatest(v, *high);
    }
    for (; j < columns; j++) {
        least[j] = x[j] < least[j] ? x[j] : least[j];
        greatest[j] = x[j] > greatest[j] ? x[j] : greatest[j];
    }
}

/* Rows [begin, end) of a block, at most a chain, into its summary. */
static void chain_survey(const struct normalize_state *state, int64_t block, double *own, int64_t begin,
    int64_t end, element *least, element *greatest)
{
    int64_t columns = state->columns;
    struct chain chain = {own, own + columns, own + 2 * columns};
    memset(own, 0, (size_t)(3 * columns) * sizeof *own);
    for (int64_t i = begin; i < end; i++) {
        const element *x = state->table + i * columns;
        if (state->missing == MISSING_DROP && !state->keep[i])
            continue;
        if (state->needs_moments)
            row_add_moments(x, normalize_summary(state, block, SUMMARY_SHIFT), &chain, columns);
        if (state->needs_extremes)
            row_add_extremes(x, least, greatest, columns);
    }
    for (int64_t j = 0; j < columns; j++) {
        normalize_summary(state, block, SUMMARY_SUM)[j] += chain.sum[j];
        normalize_summary(state, block, SUMMARY_SQUARE)[j] += chain.square[j];
        normalize_summary(state, block, SUMMARY_COUNT)[j] += chain.count[j];
    }
}

static void survey(struct normalize_state *state, int rank, int size)
{
    int64_t first, last, columns = state->columns;
    double *own = normalize_scratch(state, rank);
    element *least = (element *)(void *)(own + 3 * columns), *greatest = least + columns;
    team_share(state->layout.block_count, rank, size, &first, &last);
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        TYPED(normalize_set_shift)(state, block, 0, columns);
        for (int64_t j = 0; j < columns; j++) {
            normalize_summary(state, block, SUMMARY_SUM)[j] = 0;
            normalize_summary(state, block, SUMMARY_SQUARE)[j] = 0;
            normalize_summary(state, block, SUMMARY_COUNT)[j] = 0;
            least[j] = (element)INFINITY;
            greatest[j] = -(element)INFINITY;
        }
        for (int64_t i = begin; i < end; i += NORMALIZE_CHAIN)
            chain_survey(
                state, block, own, i, i + NORMALIZE_CHAIN < end ? i + NORMALIZE_CHAIN : end, least, greatest);
        for (int64_t j = 0; j < columns; j++) {
            normalize_summary(state, block, SUMMARY_LEAST)[j] = (double)least[j];
            normalize_summary(state, block, SUMMARY_GREATEST)[j] = (double)greatest[j];
        }
    }
}

static void row_scale(const struct normalize_parameters *p, const element *restrict x, element *restrict y,
    int64_t columns, bool clamp)
{
    const vector zero = {0}, one = zero + 1;
    int64_t j = 0;
    for (; j + VECTOR_LANES <= columns; j += VECTOR_LANES) {
        vector v = *(const vector_unaligned *)(x + j);
        vector scaled =
            ((v - *(const vector_unaligned *)(p->high + j)) - *(const vector_unaligned *)(p->low + j)) *
            *(const vector_unaligned *)(p->factor + j);
        if (clamp)
            scaled = vector_least(one, vector_greatest(zero, scaled));
        *(vector_unaligned *)(y + j) =
            vector_select(v == v, scaled, *(const vector_unaligned *)(p->filler + j));
    }
    for (; j < columns; j++) {
        element scaled = ((x[j] - p->high[j]) - p->low[j]) * p->factor[j];
        if (clamp)
            scaled = scaled < 0 ? 0 : scaled > 1 ? 1 : scaled;
        y[j] = x[j] == x[j] ? scaled : p->filler[j];
    }
}

static void row_normalize(const element *x, const element *filler, element *y, int64_t columns)
{
    wide sum = {0};
    int64_t j = 0;
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES) {
        wide v = wide_load(x + j);
        sum = wide_add_square(sum, wide_select(v == v, v, wide_load(filler + j)));
    }
    double square = wide_total(sum);
    for (; j < columns; j++) {
        double v = (double)(x[j] == x[j] ? x[j] : filler[j]);
        square += v == v ? v * v : 0;
    }
    if (!(square <= NORMALIZE_SQUARE_GREATEST)) {
        TYPED(normalize_l2_row_careful)(x, filler, y, columns);
        return;
    }
    element factor = square < NORMALIZE_SQUARE_LEAST ? 1 : (element)(1 / sqrt(square));
    for (j = 0; j + VECTOR_LANES <= columns; j += VECTOR_LANES)
        *(vector_unaligned *)(y + j) = vector_cleaned(x + j, filler + j) * factor;
    for (; j < columns; j++)
        y[j] = (x[j] == x[j] ? x[j] : filler[j]) * factor;
}

static void apply(struct normalize_state *state, int rank, int size)
{
    normalize_apply_rows(state, rank, size, row_scale, row_normalize);
}

const struct normalize_steps TYPED(normalize_steps_simd) = {
    .mark = TYPED(normalize_mark), .survey = survey, .merge = TYPED(normalize_merge), .apply = apply};

void TYPED(normalize_run_simd)(void *state, struct kernel_lane *lanes)
{
    TYPED(normalize_steps_run)(state, lanes, &TYPED(normalize_steps_simd));
}
