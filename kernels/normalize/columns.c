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

/* The mean of the first rows' entries, or the first entry of the block if these rows have none.
 * c is a mean of m ≤ 16 of the block's n entries, so (c − μ_b)² ≤ Σ(x − μ_b)²/m: the shift can spoil no more
 * than a factor 1 + n/m of precision even when these rows are the outliers, and spoils nothing when they are
 * not. */
void TYPED(normalize_set_shift)(
    const struct normalize_state *state, int64_t block, int64_t first, int64_t last)
{
    double *restrict shift = normalize_summary(state, block, SUMMARY_SHIFT);
    double *restrict count = normalize_summary(state, block, SUMMARY_COUNT);
    bool drop = state->missing == MISSING_DROP;
    int64_t begin, end, taken = 0;
    normalize_block_rows(state, block, &begin, &end);
    for (int64_t j = first; j < last; j++)
        shift[j] = count[j] = 0;
    for (int64_t i = begin; i < end && taken < NORMALIZE_PROVISIONAL_ROWS; i++) {
        if (drop && !state->keep[i])
            continue;
        taken++;
        const element *restrict x = state->table + i * state->columns;
        for (int64_t j = first; j < last; j++) {
            shift[j] += x[j] == x[j] ? (double)x[j] : 0;
            count[j] += x[j] == x[j] ? 1 : 0;
        }
    }
    for (int64_t j = first; j < last; j++) {
        for (int64_t i = begin; !drop && count[j] == 0 && i < end; i++) {
            element x = state->table[i * state->columns + j];
            if (x == x) {
                shift[j] = (double)x;
                count[j] = 1;
            }
        }
        shift[j] = count[j] > 0 ? shift[j] / count[j] : 0;
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
    return variance <= n * 0x1p-52 * variance + residue * residue || variance < 0x1p-1060;
}

static bool needs_care(double scale, double centre)
{
    if (!isfinite(scale))
        return false; /* the column becomes NaN either way */
    if (ELEMENT_BITS == 32)
        return scale < 0x1p-60 || scale > 0x1p100 || fabs(centre) > 0x1p100;
    return scale < 0x1p-1000 || scale > 0x1p1000;
}

/* What stands for a missing entry of column j in the result (under l2: in the cleaned table). */
static double filler_of(
    const struct normalize_state *state, double mean, double mean_low, double least, double scale)
{
    if (state->missing != MISSING_MEAN)
        return NAN;
    if (state->method == METHOD_L2)
        return mean;
    if (isnan(scale) || isnan(mean))
        return NAN;
    return state->method == METHOD_ZSCORE ? 0 : fmin(fmax(((mean - least) + mean_low) / scale, 0), 1);
}

/* Parameters of one column from its merged statistics. */
static void parameters_set(struct normalize_state *state, int64_t j)
{
    struct normalize_parameters *to = &state->parameters;
    double centre = 0, centre_low = 0, scale = NAN, mean = NAN, mean_low = 0;
    if (state->needs_moments) {
        double n = state->missing == MISSING_MEAN ? (double)state->rows : fit_field(state, FIT_COUNT)[j];
        double variance = (fit_field(state, FIT_SQUARE)[j] + fit_field(state, FIT_SQUARE_LOW)[j]) / n;
        if (fit_field(state, FIT_COUNT)[j] > 0 && isfinite(variance)) { /* then so is the mean */
            mean = fit_field(state, FIT_ORIGIN)[j];
            add_exactly(&mean, &mean_low, fit_field(state, FIT_SUM)[j]);
            scale = is_constant(variance, mean, n) ? 1 : sqrt(variance);
        }
    }
    if (state->method == METHOD_ZSCORE) {
        centre = mean;
        centre_low = mean_low;
    } else if (state->method == METHOD_MINMAX) {
        double greatest = -INFINITY;
        centre = INFINITY;
        scale = NAN;
        for (int64_t b = 0; b < state->layout.block_count; b++) {
            centre = fmin(centre, normalize_summary(state, b, SUMMARY_LEAST)[j]);
            greatest = fmax(greatest, normalize_summary(state, b, SUMMARY_GREATEST)[j]);
        }
        if (isfinite(greatest - centre))
            scale = greatest - centre < NORMALIZE_SCALE_LEAST ? 1 : greatest - centre;
    }
    to->centre[j] = centre;
    to->centre_low[j] = centre_low;
    to->scale[j] = scale;
    to->careful[j] = needs_care(scale, centre);
    double filler = filler_of(state, mean, mean_low, centre, scale);
    for (int64_t p = j; p < state->layout.period_width + VECTOR_LANES; p += state->columns) {
        to->high[p] = (element)centre;
        to->low[p] = (element)(centre - (double)to->high[p] + centre_low);
        to->factor[p] = (element)(1 / scale);
        to->filler[p] = (element)filler;
    }
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
    if (!state->needs_moments && !state->needs_extremes)
        return;
    if (state->needs_moments) {
        sums_merge(state, first, last);
        squares_merge(state, first, last);
    }
    for (int64_t j = first; j < last; j++)
        parameters_set(state, j);
}

bool TYPED(normalize_needs_care)(const struct normalize_state *state)
{
    bool care = false;
    for (int64_t j = 0; j < state->columns && state->method != METHOD_L2; j++)
        care = care || state->parameters.careful[j] != 0;
    return care;
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
