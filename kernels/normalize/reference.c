/* What the result should be, from the sealed input, by other code than the variants': statistics in two
 * passes over the table (mean first, then squares about it), every sum compensated, so that they are right to
 * a few units of f64 whatever the table's length. Knows nothing of tiles, shifts or merging. */
#include "kernels/integers.h"
#include "kernels/normalize/normalize.h"

#include "kernels/team.h"

#include <math.h>

static double *part_field(const struct normalize_state *state, int64_t part, enum normalize_part_field field)
{
    return state->reference.part + (part * PART_FIELDS + (int64_t)field) * state->columns;
}

/* Knuth's two-sum: TAOCP vol. 2, section 4.2.2, theorem B. */
static inline void add_compensated(double *restrict sum, double *restrict low, double term)
{
    double s = *sum, total = s + term, part = total - s;
    *low += (s - (total - part)) + (term - part);
    *sum = total;
}

static void row_add_first(const struct normalize_state *state, int64_t part, const element *restrict x)
{
    double *restrict sum = part_field(state, part, PART_SUM), *restrict low =
                                                                  part_field(state, part, PART_SUM_LOW);
    double *restrict count = part_field(state, part, PART_COUNT);
    double *restrict least = part_field(state, part, PART_LEAST);
    double *restrict greatest = part_field(state, part, PART_GREATEST);
    const double *restrict origin = state->reference.mean;
    for (int64_t j = 0; j < state->columns; j++) {
        double v = (double)x[j];
        add_compensated(&sum[j], &low[j], v == v ? v - origin[j] : 0);
        count[j] += v == v ? 1 : 0;
        least[j] = v < least[j] ? v : least[j];
        greatest[j] = v > greatest[j] ? v : greatest[j];
    }
}

static void row_add_second(const struct normalize_state *state, int64_t part, const element *restrict x)
{
    double *restrict sum = part_field(state, part, PART_SUM), *restrict low =
                                                                  part_field(state, part, PART_SUM_LOW);
    const double *restrict mean = state->reference.mean, *restrict mean_low = state->reference.mean_low;
    for (int64_t j = 0; j < state->columns; j++) {
        double away = x[j] == x[j] ? ((double)x[j] - mean[j]) - mean_low[j] : 0;
        add_compensated(&sum[j], &low[j], away * away);
    }
}

/* What the first pass takes off the entries of each column: nothing, unless their sum could overflow. Then
 * the first one; what is left is exact, or so large that the column has no finite statistics. */
static void origins_set(
    struct normalize_state *state, const element *table, int64_t rows, bool complete_rows_only)
{
    double *restrict origin = state->reference.mean;
    int64_t open = state->columns;
    for (int64_t j = 0; j < state->columns; j++)
        origin[j] = (double)NAN;
    for (int64_t i = 0; i < rows && open > 0; i++) {
        const element *x = table + i * state->columns;
        if (complete_rows_only && normalize_row_has_nan(x, state->columns))
            continue;
        open = 0;
        for (int64_t j = 0; j < state->columns; j++) {
            origin[j] = origin[j] == origin[j] ? origin[j] : (double)x[j];
            open += origin[j] != origin[j];
        }
    }
    for (int64_t j = 0; j < state->columns; j++)
        origin[j] = fabs(origin[j]) > 0x1p450 && isfinite(origin[j]) ? origin[j] : 0;
}

/* One pass over all parts; a part belongs to whichever thread, its sums depend on the table alone. */
static void pass_run(struct normalize_state *state, const element *table, int64_t rows,
    bool complete_rows_only,
    void (*row_add)(const struct normalize_state *state, int64_t part, const element *restrict x))
{
    const int parts = normalize_reference_parts(state->rows);
#pragma omp parallel for num_threads(state->config.threads) schedule(static)
    for (int part = 0; part < parts; part++) {
        int64_t begin, end;
        team_share(rows, part, parts, &begin, &end);
        for (int64_t j = 0; j < state->columns; j++)
            part_field(state, part, PART_SUM)[j] = part_field(state, part, PART_SUM_LOW)[j] = 0;
        for (int64_t i = begin; i < end; i++) {
            const element *x = table + i * state->columns;
            if (!complete_rows_only || !normalize_row_has_nan(x, state->columns))
                row_add(state, part, x);
        }
    }
}

static double parts_total(const struct normalize_state *state, int parts, int64_t j, double *total_low)
{
    double total = 0;
    *total_low = 0;
    for (int part = 0; part < parts; part++) {
        add_compensated(&total, total_low, part_field(state, part, PART_SUM)[j]);
        *total_low += part_field(state, part, PART_SUM_LOW)[j];
    }
    return total;
}

void TYPED(normalize_reference_fit)(
    struct normalize_state *state, const element *table, int64_t rows, bool complete_rows_only)
{
    struct normalize_reference *to = &state->reference;
    const int parts = normalize_reference_parts(state->rows);
    for (int part = 0; part < parts; part++)
        for (int64_t j = 0; j < state->columns; j++) {
            part_field(state, part, PART_COUNT)[j] = 0;
            part_field(state, part, PART_LEAST)[j] = INFINITY;
            part_field(state, part, PART_GREATEST)[j] = -INFINITY;
        }
    origins_set(state, table, rows, complete_rows_only);
    pass_run(state, table, rows, complete_rows_only, row_add_first);
    for (int64_t j = 0; j < state->columns; j++) {
        struct normalize_moments *m = &to->moments[j];
        double low, total = parts_total(state, parts, j, &low);
        *m = (struct normalize_moments){.least = INFINITY, .greatest = -INFINITY};
        for (int part = 0; part < parts; part++) {
            m->count += part_field(state, part, PART_COUNT)[j];
            m->least = fmin(m->least, part_field(state, part, PART_LEAST)[j]);
            m->greatest = fmax(m->greatest, part_field(state, part, PART_GREATEST)[j]);
        }
        /* total + low divided by n, the remainder of the first quotient into the second. */
        double away = (total + low) / m->count, away_low = (fma(-away, m->count, total) + low) / m->count;
        m->mean = to->mean[j];
        m->mean_low = 0;
        add_compensated(&m->mean, &m->mean_low, away);
        m->mean_low += away_low;
        to->mean[j] = m->mean;
        to->mean_low[j] = m->mean_low;
    }
    pass_run(state, table, rows, complete_rows_only, row_add_second);
    for (int64_t j = 0; j < state->columns; j++) {
        double low, total = parts_total(state, parts, j, &low);
        to->moments[j].variance = (total + low) / to->moments[j].count;
    }
}

/* How far a right result may lie from the reference. u is the element's unit roundoff, v = 2^−53 f64's.
 *
 * - An entry: x − μhi is exact where it is small (Sterbenz); − μlo, 1/σ and the product round once each:
 *   under 4u of the result. f64 references round as often themselves: 8u. (minmax is one operation
 *   shorter. l2 rounds 1/norm, the product, and an imputed entry, which also moves the norm: no more.)
 *   One u more covers terms of second order.
 * - Statistics: no sum of a variant passes through more than d = a chain + times that a block's sums are
 *   put by + 32 (rows of a period) additions, and merging is compensated. With shifts within σ of the mean,
 *   Σ|x − c| ≤ √2·n·σ and Σ(x − c)² ≤ 2n·σ²: μ is off by up to 1.5·d·v·σ, σ by d·v·σ (d·v ≪ 1).
 *   q = 2·(d + 16)·v covers both, the 16 being the roundings of shift, merge and root: q·σ/scale
 *   absolute and q relative.
 * - A norm is a sum of `columns` squares, here and in the variant: columns·v.
 * - Squares below 2^−1022 round absolutely: by no more than 2^−1070 of the mean square, all steps together. A
 *   z-score is at most √rows, so that is the factor by which σ's error shows. σ itself, beside which the mean
 *   is rounded, may be larger than what is left of its squares by that, but is no larger than the range.
 * - μhi + μlo carries μ to u²·|μ|, and underflow costs at most the smallest subnormal. */
static double statistics_tolerance(const struct normalize_layout *layout)
{
    /* The fewest rows that are summed up before a block's sums are put by. */
    const int64_t rows =
        least(NORMALIZE_CHAIN, least(layout->survey_rows, NORMALIZE_PLACES * layout->period_rows));
    const double additions = NORMALIZE_CHAIN + (double)layout->block_rows / (double)rows + 32;
    return 2 * (additions + 16) * 0x1p-53;
}

/* What sums, quotients and means of squares lose together, of the variance. */
#define SQUARES_UNDERFLOW  0x1p-1070
#define SMALLEST_SUBNORMAL (ELEMENT_BITS == 32 ? 0x1p-149 : 0x1p-1074)

/* The most that σ can be where squares underflow. */
static double spread_most(double variance, double range)
{
    return fmin(sqrt(variance + SQUARES_UNDERFLOW), range);
}

static void column_make(struct normalize_state *state, int64_t j, double q)
{
    struct normalize_reference *to = &state->reference;
    const struct normalize_moments *m = &to->moments[j];
    bool impute = state->missing == MISSING_MEAN;
    double n = impute ? (double)state->rows : m->count;
    double variance = m->variance * (m->count / n), range = m->greatest - m->least;
    to->centre[j] = to->centre_low[j] = to->slack[j] = to->filler_slack[j] = 0;
    to->scale[j] = to->filler[j] = to->spread[j] = NAN;
    bool usable = isfinite(m->mean) && isfinite(variance);
    if (state->method == METHOD_ZSCORE && usable) {
        double residue = n * 0x1p-52 * m->mean;
        bool constant = variance <= n * 0x1p-52 * variance + residue * residue || variance < 0x1p-1060;
        double scale = constant ? 1 : sqrt(variance);
        double underflow = constant ? 0 : SQUARES_UNDERFLOW / variance * sqrt((double)state->rows);
        to->centre[j] = m->mean;
        to->centre_low[j] = m->mean_low;
        to->scale[j] = scale;
        to->filler[j] = impute ? 0 : NAN;
        to->spread[j] = variance / scale / scale;
        to->slack[j] = (q * spread_most(variance, range) + underflow * sqrt(variance)) / scale +
                       ELEMENT_EPSILON * ELEMENT_EPSILON * fabs(m->mean) / scale;
    } else if (state->method == METHOD_MINMAX && isfinite(range)) {
        to->centre[j] = m->least;
        to->scale[j] = range < NORMALIZE_SCALE_LEAST ? 1 : range;
        to->spread[j] = range / to->scale[j];
        to->filler[j] = impute && usable ? ((m->mean - m->least) + m->mean_low) / to->scale[j] : NAN;
        to->filler_slack[j] = q;
    } else if (state->method == METHOD_L2) {
        to->filler[j] = impute && usable ? m->mean : NAN;
        to->filler_slack[j] = usable ? q * spread_most(m->variance, range) : 0;
    }
    to->slack[j] += SMALLEST_SUBNORMAL;
}

/* Entry by entry against the bytes that were given. */
static bool table_is_given(const struct normalize_state *state)
{
    const struct kernel_table *given = state->config.table;
    int64_t row_step = given->column_major ? 1 : state->columns;
    int64_t column_step = given->column_major ? state->rows : 1;
    int different = 0;
#pragma omp parallel for num_threads(state->config.threads) schedule(static) reduction(| : different)
    for (int64_t i = 0; i < state->rows; i++)
        for (int64_t j = 0; j < state->columns; j++) {
            int64_t at = i * row_step + j * column_step;
            double entry = given->bits == 64 ? ((const double *)given->data)[at]
                                             : (double)((const float *)given->data)[at];
            element wanted = (element)entry, got = state->table[i * state->columns + j];
            different |= !(wanted == got || (wanted != wanted && got != got));
        }
    return different == 0;
}

void TYPED(normalize_reference_make)(struct normalize_state *state)
{
    struct normalize_reference *to = &state->reference;
    bool drop = state->missing == MISSING_DROP;
    double q = statistics_tolerance(&state->layout);
    to->copied = state->config.table == NULL || table_is_given(state);
    to->relative_tolerance = (ELEMENT_BITS == 32 ? 5 : 9) * ELEMENT_EPSILON;
    to->relative_tolerance += state->method == METHOD_L2       ? (double)state->columns * 0x1p-53
                              : state->method == METHOD_ZSCORE ? q
                                                               : 0;
    if (state->needs_moments || state->needs_extremes)
        TYPED(normalize_reference_fit)(state, state->table, state->rows, drop);
    else
        for (int64_t j = 0; j < state->columns; j++)
            to->moments[j] = (struct normalize_moments){.mean = NAN};
    for (int64_t j = 0; j < state->columns; j++)
        column_make(state, j, q);
    to->block_start[0] = 0;
#pragma omp parallel for num_threads(state->config.threads) schedule(static)
    for (int64_t block = 0; block < state->layout.block_count; block++) {
        int64_t begin, end, kept = 0;
        normalize_block_rows(state, block, &begin, &end);
        for (int64_t i = begin; i < end; i++)
            kept += !drop || !normalize_row_has_nan(state->table + i * state->columns, state->columns);
        to->block_start[block + 1] = kept;
    }
    for (int64_t block = 0; block < state->layout.block_count; block++)
        to->block_start[block + 1] += to->block_start[block];
    to->made = true;
}

void TYPED(normalize_seal_input)(struct normalize_state *state)
{
    state->reference.made = false;
#pragma omp parallel for num_threads(state->config.threads) schedule(static)
    for (int64_t block = 0; block < state->layout.block_count; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        state->reference.input_digest[block] = TYPED(normalize_digest)(
            (uint64_t)block, state->table + begin * state->columns, (end - begin) * state->columns);
    }
}
