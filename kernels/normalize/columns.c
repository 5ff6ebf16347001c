/* From the summaries of the blocks to the parameters of the transform, column by column.
 *
 * Chan, Golub & LeVeque, "Algorithms for Computing the Sample Variance", The American Statistician 37(3),
 * 1983: shifted data inside a block, and their pairwise combination of sums of squares, for all blocks at
 * once and in order,
 *
 * - Σ(x − μ)² = Σ_b [ Σ_b(x − μ_b)² + n_b·(μ_b − μ)² ],
 *
 * with compensated sums (Knuth's two-sum), so that merging adds no error worth naming however many blocks
 * there are. Everything is kept relative to an origin near the data: a mean of 10^6 costs a deviation of
 * 10^−3 no digit.
 */
#include "kernels/normalize/normalize.h"

#include "kernels/streaming.h"
#include "kernels/team.h"

#include <math.h>

enum { BLOCKS_AHEAD = 8 }; /* whose sums are asked for */

/* sum + low += term, without error but for low's own rounding. Only additions: nothing that could contract.
 */
static inline void add_exactly(double *sum, double *low, double term)
{
    double total = *sum + term;
    double part = total - *sum;
    *low += (*sum - (total - part)) + (term - part);
    *sum = total;
}

/* The first entry of column j in rows [begin, end), 0 if there is none. */
static double entry_first(const struct normalize_state *state, int64_t begin, int64_t end, int64_t j)
{
    for (int64_t i = begin; i < end; i++) {
        element x = state->table[i * state->columns + j];
        if (x == x)
            return (double)x;
    }
    return 0;
}

/* The mean of the first rows' entries, or the first entry of the block if these rows have none.
 * c is a mean of m ≤ 16 of the block's n entries, so (c − μ_b)² ≤ Σ(x − μ_b)²/m: the shift can spoil no more
 * than a factor 1 + n/m of precision even when these rows are the outliers, and spoils nothing when they are
 * not. */
void TYPED(normalize_set_shift)(
    const struct normalize_state *state, int64_t block, int64_t first, int64_t last)
{
    double *restrict shift = normalize_summary(state, block, SUMMARY_SHIFT);
    const element *row[NORMALIZE_PROVISIONAL_ROWS];
    bool drop = state->missing == MISSING_DROP;
    int64_t begin, end, taken = 0;
    normalize_block_rows(state, block, &begin, &end);
    for (int64_t i = begin; i < end && taken < NORMALIZE_PROVISIONAL_ROWS; i++) {
        row[taken] = state->table + i * state->columns;
        taken += !drop || state->keep[i];
    }
    for (int64_t j = first; j < last; j += WIDE_LANES) { /* a register may reach past the last column */
        wide sum = {0}, count = {0};
        for (int64_t k = 0; k < taken; k++) {
            wide x = wide_load(row[k] + j);
            sum += (wide)((wide_mask)x & (x == x));
            count += (wide)((wide_mask)((wide){0} + 1) & (x == x));
        }
        wide mean = wide_select(count > 0, sum / count, (wide){0});
        for (int lane = 0; lane < WIDE_LANES && j + lane < last; lane++)
            shift[j + lane] = count[lane] > 0 || drop ? mean[lane] : entry_first(state, begin, end, j + lane);
    }
}

/* Asks for the sums of a block that is merged soon: their lines lie apart, and few others are read between
 * them. A block past the end is no fault. */
static void sums_prefetch(const struct normalize_state *state, int64_t block, int64_t first, int64_t last)
{
    for (int field = SUMMARY_SHIFT; field <= SUMMARY_COUNT; field++)
        streaming_prefetch(normalize_summary(state, block, (enum normalize_summary_field)field) + first, 0,
            (int)(last - first) * (int)sizeof(double));
}

static double *fit_field(const struct normalize_state *state, enum normalize_fit_field field)
{
    return state->fit + (int64_t)field * state->columns;
}

/* The sums of columns [first, last) about their origin, the shift of the first block that has entries. */
static void sums_merge(const struct normalize_state *state, int64_t first, int64_t last)
{
    double *restrict origin = fit_field(state, FIT_ORIGIN), *restrict count = fit_field(state, FIT_COUNT);
    double *restrict sum = fit_field(state, FIT_SUM), *restrict low = fit_field(state, FIT_SUM_LOW);
    for (int64_t j = first; j < last; j++)
        origin[j] = count[j] = sum[j] = low[j] = 0;
    for (int64_t b = 0; b < state->layout.block_count; b++) {
        sums_prefetch(state, b + BLOCKS_AHEAD, first, last);
        const double *restrict block_shift = normalize_summary(state, b, SUMMARY_SHIFT);
        const double *restrict block_sum = normalize_summary(state, b, SUMMARY_SUM);
        const double *restrict block_count = normalize_summary(state, b, SUMMARY_COUNT);
        for (int64_t j = first; j < last; j++) {
            origin[j] = count[j] == 0 ? block_shift[j] : origin[j];
            count[j] += block_count[j];
            double away = block_count[j] * (block_shift[j] - origin[j]);
            add_exactly(&sum[j], &low[j], block_sum[j]);
            add_exactly(&sum[j], &low[j], away);
        }
    }
}

/* Σ(x − μ)² of columns [first, last), once the sums are known. */
static void squares_merge(const struct normalize_state *state, int64_t first, int64_t last)
{
    const double *restrict origin = fit_field(state, FIT_ORIGIN);
    double *restrict mean = fit_field(state, FIT_SUM), *restrict low = fit_field(state, FIT_SUM_LOW);
    const double *restrict count = fit_field(state, FIT_COUNT);
    double *restrict square = fit_field(state, FIT_SQUARE);
    double *restrict square_low = fit_field(state, FIT_SQUARE_LOW);
    for (int64_t j = first; j < last; j++) {
        mean[j] = (mean[j] + low[j]) / count[j]; /* NaN where there is no entry */
        square[j] = square_low[j] = 0;
    }
    for (int64_t b = 0; b < state->layout.block_count; b++) {
        const double *restrict block_shift = normalize_summary(state, b, SUMMARY_SHIFT);
        const double *restrict block_sum = normalize_summary(state, b, SUMMARY_SUM);
        const double *restrict block_square = normalize_summary(state, b, SUMMARY_SQUARE);
        const double *restrict block_count = normalize_summary(state, b, SUMMARY_COUNT);
        for (int64_t j = first; j < last; j++) {
            double n = block_count[j] > 0 ? block_count[j] : 1; /* an empty block adds zeros */
            double block_mean = block_sum[j] / n;
            double within = block_square[j] - block_sum[j] * block_mean;
            double away = block_shift[j] - origin[j] + block_mean - mean[j];
            double between = block_count[j] > 0 ? block_count[j] * (away * away) : 0;
            add_exactly(&square[j], &square_low[j], within < 0 ? 0 : within);
            add_exactly(&square[j], &square_low[j], between);
        }
    }
}

/* scikit-learn's _is_constant_feature() with ε of f64 (its accumulators' precision), and a floor below which
 * nothing is left of the squares. */
static bool is_constant(double variance, double mean, double n)
{
    double residue = n * mean * 0x1p-52;
    return (variance <= n * 0x1p-52 * variance + residue * residue) | (variance < 0x1p-1060);
}

static bool needs_care(double scale, double centre)
{
    const double least = ELEMENT_BITS == 32 ? 0x1p-60 : 0x1p-1000,
                 most = ELEMENT_BITS == 32 ? 0x1p100 : 0x1p1000;
    bool beyond = (scale < least) | (scale > most) | (ELEMENT_BITS == 32 && fabs(centre) > most);
    return beyond & (fabs(scale) < INFINITY); /* a column without finite scale becomes NaN either way */
}

/* What stands for a missing entry in the result (under l2: in the cleaned table), if its mean does. */
static double filler_of(
    const struct normalize_state *state, double mean, double mean_low, double least, double scale)
{
    if (state->method == METHOD_L2)
        return mean;
    if (isnan(scale) || isnan(mean))
        return NAN;
    return state->method == METHOD_ZSCORE ? 0 : fmin(fmax(((mean - least) + mean_low) / scale, 0), 1);
}

/* Mean, its rest and scale of columns [first, last) from the merged moments, in the places of Σ(x − origin)
 * and of Σ(x − μ)². NaN, 0 and NaN where there are none that are finite. */
static void moments_finish(const struct normalize_state *state, int64_t first, int64_t last)
{
    const double *restrict origin = fit_field(state, FIT_ORIGIN), *restrict count =
                                                                      fit_field(state, FIT_COUNT);
    double *restrict mean = fit_field(state, FIT_SUM), *restrict mean_low = fit_field(state, FIT_SUM_LOW);
    double *restrict scale = fit_field(state, FIT_SQUARE);
    const double *restrict square_low = fit_field(state, FIT_SQUARE_LOW);
    const bool impute = state->missing == MISSING_MEAN;
    const double rows = (double)state->rows;
    for (int64_t j = first; j < last; j++) {
        double n = impute ? rows : count[j], variance = (scale[j] + square_low[j]) / n;
        double centre = origin[j], low = 0, deviation = sqrt(variance);
        add_exactly(&centre, &low, mean[j]);
        bool finite = (count[j] > 0) & (fabs(variance) < INFINITY); /* then so is the mean */
        deviation = is_constant(variance, centre, n) ? 1 : deviation;
        mean[j] = finite ? centre : (double)NAN;
        mean_low[j] = finite ? low : 0;
        scale[j] = finite ? deviation : (double)NAN;
    }
}

/* Centre and scale of columns [first, last) from their extremes, for minmax. */
static void extremes_merge(const struct normalize_state *state, int64_t first, int64_t last)
{
    double *restrict centre = state->parameters.centre, *restrict scale = state->parameters.scale;
    for (int64_t j = first; j < last; j++) {
        centre[j] = INFINITY;
        scale[j] = -INFINITY;
    }
    for (int64_t b = 0; b < state->layout.block_count; b++) {
        const double *restrict least = normalize_summary(state, b, SUMMARY_LEAST);
        const double *restrict greatest = normalize_summary(state, b, SUMMARY_GREATEST);
        for (int64_t j = first; j < last; j++) {
            centre[j] = least[j] < centre[j] ? least[j] : centre[j];
            scale[j] = greatest[j] > scale[j] ? greatest[j] : scale[j];
        }
    }
    for (int64_t j = first; j < last; j++) {
        double range = scale[j] - centre[j];
        range = range < NORMALIZE_SCALE_LEAST ? 1 : range;
        scale[j] = fabs(scale[j] - centre[j]) < INFINITY ? range : (double)NAN;
    }
}

/* The transform in f64: centre, centre_low, scale; and what stands for a missing entry. */
static void transform_set(const struct normalize_state *state, int64_t first, int64_t last)
{
    const struct normalize_parameters *to = &state->parameters;
    const double *mean = fit_field(state, FIT_SUM), *mean_low = fit_field(state, FIT_SUM_LOW);
    for (int64_t j = first; j < last; j++) {
        if (state->method == METHOD_ZSCORE) {
            to->centre[j] = mean[j];
            to->centre_low[j] = mean_low[j];
            to->scale[j] = fit_field(state, FIT_SQUARE)[j];
        } else {
            to->centre_low[j] = 0;
            if (state->method == METHOD_L2) {
                to->centre[j] = 0;
                to->scale[j] = NAN;
            }
        }
        to->careful[j] = needs_care(to->scale[j], to->centre[j]);
    }
    for (int64_t j = first; j < last; j++)
        to->filler[j] = (element)(state->missing == MISSING_MEAN
                                      ? filler_of(state, mean[j], mean_low[j], to->centre[j], to->scale[j])
                                      : (double)NAN);
}

/* The same in the element type, and again for the columns that follow the last. */
static void parameters_set(const struct normalize_state *state, int64_t first, int64_t last)
{
    const struct normalize_parameters own = state->parameters;
    const double *restrict centre = own.centre, *restrict low = own.centre_low, *restrict scale = own.scale;
    for (int64_t j = first; j < last; j++) {
        own.high[j] = (element)centre[j];
        own.low[j] = (element)(centre[j] - (double)(element)centre[j] + low[j]);
        own.factor[j] = (element)(1 / scale[j]);
    }
    int64_t end = state->layout.period_width + VECTOR_LANES;
    for (int64_t at = state->columns; at + first < end; at += state->columns)
        for (int64_t j = first; j < last && at + j < end; j++) {
            own.high[at + j] = own.high[j];
            own.low[at + j] = own.low[j];
            own.factor[at + j] = own.factor[j];
            own.filler[at + j] = own.filler[j];
        }
}

void TYPED(normalize_merge_columns)(const struct normalize_state *state, int64_t first, int64_t last)
{
    if (state->needs_moments) {
        sums_merge(state, first, last);
        squares_merge(state, first, last);
        moments_finish(state, first, last);
    }
    if (state->needs_extremes)
        extremes_merge(state, first, last);
    transform_set(state, first, last);
    parameters_set(state, first, last);
}

/* Where each block begins in the result, once all are marked. */
static void starts_set(const struct normalize_state *state)
{
    state->start[0] = 0;
    for (int64_t block = 0; block < state->layout.block_count; block++)
        state->start[block + 1] = state->start[block] + state->kept[block];
}

void TYPED(normalize_merge)(struct normalize_state *state, int rank, int size)
{
    enum { UNIT = 8 }; /* columns on one cache line of doubles go to one thread */
    int64_t first, last;
    team_share((state->columns + UNIT - 1) / UNIT, rank, size, &first, &last);
    first *= UNIT;
    last = last * UNIT < state->columns ? last * UNIT : state->columns;
    if (rank == 0 && state->missing == MISSING_DROP)
        starts_set(state);
    if (state->needs_moments || state->needs_extremes)
        TYPED(normalize_merge_columns)(state, first, last);
}

bool TYPED(normalize_needs_care)(const struct normalize_state *state, int64_t first, int64_t last)
{
    unsigned char care = 0;
    for (int64_t j = first; j < last && state->method != METHOD_L2; j++)
        care |= state->parameters.careful[j];
    return care != 0;
}

element TYPED(normalize_apply_careful)(const struct normalize_state *state, int64_t j, element x)
{
    const struct normalize_parameters *from = &state->parameters;
    if (x != x)
        return from->filler[j];
    double y = (((double)x - from->centre[j]) - from->centre_low[j]) / from->scale[j];
    if (state->method == METHOD_MINMAX)
        y = y < 0 ? 0 : y > 1 ? 1 : y;
    return (element)y;
}
