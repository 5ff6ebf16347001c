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
 *
 * Refuses to read the table, but for a block's first rows and what they lack. */
#include "kernels/normalize/normalize.h"
#include "kernels/normalize/vectors.h"

#include "kernels/streaming.h"
#include "kernels/team.h"

#include <math.h>

enum { BLOCKS_AHEAD = 8 }; /* whose sums are asked for */

/* sum + low += term in each lane, without error but for low's own rounding. Only additions: nothing that
 * could contract. */
static inline void add_exactly(wide *sum, wide *low, wide term)
{
    wide total = *sum + term;
    wide part = total - *sum;
    *low += (*sum - (total - part)) + (term - part);
    *sum = total;
}

/* A register of the statistics: as many columns side by side. */
static inline wide summary_load(
    const struct normalize_state *state, int64_t block, enum normalize_summary_field field, int64_t j)
{
    return *(const wide_unaligned *)(normalize_summary(state, block, field) + j);
}

static inline void columns_store(double *to, wide value, int64_t count)
{
    if (count >= WIDE_LANES)
        *(wide_unaligned *)to = value;
    else
        for (int lane = 0; lane < count; lane++)
            to[lane] = value[lane];
}

static inline void columns_store_narrow(element *to, wide value, int64_t count)
{
    narrow_unaligned narrow = __builtin_convertvector(value, narrow_unaligned);
    if (count >= WIDE_LANES)
        *(narrow_unaligned *)to = narrow;
    else
        for (int lane = 0; lane < count; lane++)
            to[lane] = narrow[lane];
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

/* The mean of column j's entries in some rows, one of which has one, brought back between them: of large
 * entries the sum may overflow, and rounding moves a mean by more than 2^500, whose square does. */
static double mean_between(const element *const *row, int64_t rows, int64_t j, double mean)
{
    double least = INFINITY, greatest = -INFINITY;
    for (int64_t k = 0; k < rows; k++) {
        double x = (double)row[k][j];
        least = x < least ? x : least;
        greatest = x > greatest ? x : greatest;
    }
    return mean < least ? least : mean > greatest ? greatest : mean;
}

/* The mean of the first rows' entries, or the first entry of the block if these rows have none, as an
 * element: in the place of a missing entry it is one that adds nothing. c is, as f64, a mean of m ≤ 16 of the
 * block's n entries, so (c − μ_b)² ≤ Σ(x − μ_b)²/m: the shift can spoil no more than a factor 1 + n/m of
 * precision even when these rows are the outliers, and spoils nothing when they are not. (f32 is summed up in
 * f64, which a last place of c does not matter to.) */
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
        for (int lane = 0; lane < WIDE_LANES && j + lane < last; lane++) {
            shift[j + lane] = count[lane] > 0 || drop ? mean[lane] : entry_first(state, begin, end, j + lane);
            if (count[lane] > 0 && fabs(mean[lane]) > 0x1p450)
                shift[j + lane] = mean_between(row, taken, j + lane, mean[lane]);
            shift[j + lane] = (double)(element)shift[j + lane];
        }
    }
}

/* scikit-learn's _is_constant_feature() with ε of f64 (its accumulators' precision), and a floor below which
 * nothing is left of the squares. */
static inline wide_mask is_constant(wide variance, wide mean, wide n)
{
    wide residue = n * mean * 0x1p-52;
    return (variance <= n * 0x1p-52 * variance + residue * residue) | (variance < 0x1p-1060);
}

/* A column without finite scale becomes NaN either way. */
static inline wide_mask needs_care(wide scale, wide centre)
{
    const double least = ELEMENT_BITS == 32 ? 0x1p-60 : 0x1p-1000,
                 most = ELEMENT_BITS == 32 ? 0x1p100 : 0x1p1000;
    wide_mask beyond = (scale < least) | (scale > most);
    if (ELEMENT_BITS == 32)
        beyond |= (centre > most) | (centre < -most);
    return beyond & (scale - scale == 0);
}

/* What stands for a missing entry in the result (under l2: in the cleaned table), if its mean does. */
static element filler_of(
    const struct normalize_state *state, double mean, double mean_low, double least, double scale)
{
    if (state->method == METHOD_L2)
        return (element)mean;
    if (isnan(scale) || isnan(mean))
        return (element)NAN;
    return state->method == METHOD_ZSCORE ? 0
                                          : (element)fmin(fmax(((mean - least) + mean_low) / scale, 0), 1);
}

/* Of columns j, j + 1, …: merged moments, then what becomes of them. NaN, 0 and NaN where nothing is finite.
 */
struct fit {
    wide mean, mean_low, scale;
};

/* Asks for the sums of a block that is merged soon: their lines lie apart. A block past the end is no fault.
 */
static inline void sums_prefetch(const struct normalize_state *state, int64_t block, int64_t j)
{
    for (int field = SUMMARY_SHIFT; field <= SUMMARY_COUNT; field++)
        streaming_prefetch(normalize_summary(state, block, (enum normalize_summary_field)field) + j, 0, 1);
}

/* Means relative to an origin, the shift of the first block that has entries; then Σ(x − μ)² about them. */
static struct fit moments_merge(const struct normalize_state *state, int64_t j)
{
    const wide zero = {0}, one = zero + 1, nothing = zero + (double)NAN;
    const int64_t blocks = state->layout.block_count;
    wide origin = zero, count = zero, sum = zero, low = zero, square = zero, square_low = zero;
    for (int64_t b = 0; b < blocks; b++) {
        sums_prefetch(state, b + BLOCKS_AHEAD, j);
        wide shift = summary_load(state, b, SUMMARY_SHIFT, j), n = summary_load(state, b, SUMMARY_COUNT, j);
        origin = wide_select(count == 0, shift, origin);
        count += n;
        add_exactly(&sum, &low, summary_load(state, b, SUMMARY_SUM, j));
        add_exactly(&sum, &low, n * (shift - origin));
    }
    const wide mean = (sum + low) / count; /* NaN where there is no entry */
    for (int64_t b = 0; b < blocks; b++) {
        wide shift = summary_load(state, b, SUMMARY_SHIFT, j), total = summary_load(state, b, SUMMARY_SUM, j);
        wide n = summary_load(state, b, SUMMARY_COUNT, j);
        wide block_mean = total / wide_select(n > 0, n, one); /* an empty block adds zeros */
        wide within = summary_load(state, b, SUMMARY_SQUARE, j) - total * block_mean;
        wide away = shift - origin + block_mean - mean;
        add_exactly(&square, &square_low, wide_select(within < 0, zero, within));
        add_exactly(&square, &square_low, wide_select(n > 0, n * (away * away), zero));
    }
    wide n = state->missing == MISSING_MEAN ? zero + (double)state->rows : count;
    wide variance = (square + square_low) / n, centre = origin, centre_low = zero;
    add_exactly(&centre, &centre_low, mean);
    wide_mask finite = (count > 0) & (variance - variance == 0); /* then so is the mean */
    wide scale = wide_select(is_constant(variance, centre, n), one, wide_root(variance));
    return (struct fit){wide_select(finite, centre, nothing), wide_select(finite, centre_low, zero),
        wide_select(finite, scale, nothing)};
}

/* Centre and scale for minmax. */
static struct fit extremes_merge(const struct normalize_state *state, int64_t j)
{
    const wide zero = {0}, one = zero + 1, nothing = zero + (double)NAN;
    wide least = zero + (double)INFINITY, greatest = -least;
    for (int64_t b = 0; b < state->layout.block_count; b++) {
        wide low = summary_load(state, b, SUMMARY_LEAST, j),
             high = summary_load(state, b, SUMMARY_GREATEST, j);
        least = wide_select(low < least, low, least);
        greatest = wide_select(high > greatest, high, greatest);
    }
    wide range = greatest - least, scale = wide_select(range < NORMALIZE_SCALE_LEAST, one, range);
    return (struct fit){least, zero, wide_select(range - range == 0, scale, nothing)};
}

static void fillers_set(const struct normalize_state *state, int64_t j, int64_t count,
    const struct fit *moments, const struct fit *transform)
{
    for (int lane = 0; lane < WIDE_LANES && lane < count; lane++)
        state->parameters.filler[j + lane] =
            state->missing == MISSING_MEAN ? filler_of(state, moments->mean[lane], moments->mean_low[lane],
                                                 transform->mean[lane], transform->scale[lane])
                                           : (element)NAN;
}

static void transform_set(
    const struct normalize_state *state, int64_t j, int64_t count, const struct fit *transform)
{
    const struct normalize_parameters *to = &state->parameters;
    const wide one = (wide){0} + 1, centre = transform->mean, scale = transform->scale;
    columns_store(to->centre + j, centre, count);
    columns_store(to->centre_low + j, transform->mean_low, count);
    columns_store(to->scale + j, scale, count);
    wide high = __builtin_convertvector(__builtin_convertvector(centre, narrow_unaligned), wide);
    columns_store_narrow(to->high + j, centre, count);
    columns_store_narrow(to->low + j, centre - high + transform->mean_low, count);
    columns_store_narrow(to->factor + j, one / scale, count);
    wide_mask care = needs_care(scale, centre);
    for (int lane = 0; lane < WIDE_LANES && lane < count; lane++)
        to->careful[j + lane] = care[lane] != 0;
}

/* For registers that begin in the last columns of a row, or in a later row of the pattern. */
static void parameters_repeat(const struct normalize_state *state, int64_t first, int64_t last)
{
    const struct normalize_parameters own = state->parameters;
    int64_t end = state->layout.pattern_width + NORMALIZE_STEP_VECTORS * VECTOR_LANES;
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
    const wide zero = {0};
    for (int64_t j = first; j < last; j += WIDE_LANES) {
        struct fit moments = {zero, zero, zero + (double)NAN}, transform = moments; /* l2 has no transform */
        if (state->needs_moments)
            moments = moments_merge(state, j);
        if (state->method == METHOD_ZSCORE)
            transform = moments;
        if (state->needs_extremes)
            transform = extremes_merge(state, j);
        transform_set(state, j, last - j, &transform);
        fillers_set(state, j, last - j, &moments, &transform);
    }
    parameters_repeat(state, first, last);
}

void TYPED(normalize_set_starts)(const struct normalize_state *state)
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
        TYPED(normalize_set_starts)(state);
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
