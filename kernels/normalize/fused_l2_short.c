/* Short rows to norm 1, in the fused variant. A unit is as many rows as a register has lanes: they fill as
 * many registers as a row has columns. Refuses rows of more columns than the sums of a unit have registers.
 */
#include "kernels/normalize/fused_l2_pairs.h"

#include <string.h>

/* What comes so much later is fetched while a unit is computed. */
enum { AHEAD_BYTES = 4096, UNIT_ROWS = VECTOR_LANES };

/* Units go together, of all of them the sums first, then the factors, then the products. By itself a unit
 * takes a hundred cycles from the first to the last, and a processor looks ahead over no more than one or
 * two. Seen on a Zen 3, from 4 columns on: 1.1 to 1.4 times as fast with f32, 1.0 to 1.1 with f64. Other CPUs
 * were not measured. */
#if defined(__AVX2__) && !defined(__AVX512F__)
enum { BATCH_BYTES = 2048, BATCH_COLUMNS = 4 };
#else
enum { BATCH_BYTES = 0, BATCH_COLUMNS = NORMALIZE_SHORT_MOST + 1 };
#endif
enum { BATCH_MOST = BATCH_BYTES / (BATCH_COLUMNS * UNIT_ROWS * (int)sizeof(element)) + 1 };

/* Of the units that go together: sums of squares (two halves, or high and low parts: fused_l2_pairs.h), by
 * row; factors; and whether these are right, which they are not if squares leave the range for it. */
struct batch {
    wide sums[BATCH_MOST][HALVES];
    vector by[BATCH_MOST];
    bool right[BATCH_MOST];
};

#if NORMALIZE_IN_PAIRS
static inline __attribute__((always_inline)) void unit_sum(
    const element *x, const element *filler, int columns, bool impute, wide sums[HALVES])
{
    const struct pair sum = pair_rows_squares(x, filler, columns, impute);
    sums[0] = (wide)sum.high;
    sums[1] = (wide)sum.low;
}

static inline __attribute__((always_inline)) bool unit_factors(const wide sums[HALVES], vector *by)
{
    return pair_factors((struct pair){(vector)sums[0], (vector)sums[1]}, by);
}
#else
static inline __attribute__((always_inline)) void unit_sum(
    const element *x, const element *filler, int columns, bool impute, wide sums[HALVES])
{
    for (int half = 0; half < HALVES; half++) {
        const element *rows = x + half * WIDE_LANES * columns;
        wide square[WIDE_ROW_MOST];
        for (int i = 0; i < columns; i++)
            square[i] = wide_add_square(
                (wide){0}, wide_cleaned(rows + i * WIDE_LANES, filler + i * WIDE_LANES % columns, impute));
        sums[half] = wide_row_sums(square, columns);
    }
}

static inline __attribute__((always_inline)) bool unit_factors(const wide sums[HALVES], vector *by)
{
    const wide zero = {0};
    wide factor[HALVES];
    wide_mask right = zero == zero;
    for (int half = 0; half < HALVES; half++) {
        factor[half] = wide_factor(sums[half]);
        right &= sums[half] <= zero + NORMALIZE_SQUARE_GREATEST;
    }
    *by = vector_narrowed(factor);
    return wide_all(right);
}
#endif

static inline __attribute__((always_inline)) void unit_scale(
    const element *x, element *y, const element *filler, vector by, int columns, bool impute, bool stream)
{
    UNROLL for (int i = 0; i < columns; i++)
    {
        const int column = i * VECTOR_LANES % columns;
        vector v = *(const vector_unaligned *)(x + i * VECTOR_LANES);
        if (impute)
            v = vector_select(v == v, v, *(const vector_unaligned *)(filler + column));
        lane_numbers row_of = {0}; /* known to the compiler */
        for (int lane = 0; lane < VECTOR_LANES; lane++)
            row_of[lane] = (i * VECTOR_LANES + lane) / columns;
        vector_put(y + i * VECTOR_LANES, v * vector_permute(by, row_of), stream);
    }
}

static void rows_careful(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    const int64_t columns = state->columns;
    for (int64_t i = 0; i < rows; i++)
        TYPED(normalize_l2_row)(x + i * columns, state->parameters.filler, y + i * columns, columns);
}

/* Whole units, each aligned in the result. */
static inline __attribute__((always_inline)) void units_scale(const struct normalize_state *state,
    const element *x, element *y, int64_t units, int columns, bool impute, bool stream)
{
    const element *filler = state->parameters.filler;
    const int count = UNIT_ROWS * columns, bytes = count * (int)sizeof(element);
    const int64_t most = columns < BATCH_COLUMNS ? 1 : BATCH_BYTES / bytes;
    struct batch batch;
    for (int64_t some; units > 0; units -= some, x += some * count, y += some * count) {
        some = units < most ? units : most;
        for (int64_t u = 0; u < some; u++)
            unit_sum(x + u * count, filler, columns, impute, batch.sums[u]);
        for (int64_t u = 0; u < some; u++)
            batch.right[u] = unit_factors(batch.sums[u], &batch.by[u]);
        for (int64_t u = 0; u < some; u++) {
            if (stream)
                streaming_prefetch_once(x + u * count, AHEAD_BYTES, bytes);
            if (batch.right[u])
                unit_scale(x + u * count, y + u * count, filler, batch.by[u], columns, impute, stream);
            else
                rows_careful(state, x + u * count, y + u * count, UNIT_ROWS);
        }
    }
}

/* Of so many columns, with the number known to the compiler. */
static void units_scale_of(
    const struct normalize_state *state, const element *x, element *y, int64_t units, bool stream)
{
    const bool impute = state->missing == MISSING_MEAN;
#define UNITS(COLUMNS)                                                                                       \
    case COLUMNS:                                                                                            \
        if (impute)                                                                                          \
            units_scale(state, x, y, units, COLUMNS, true, stream);                                          \
        else                                                                                                 \
            units_scale(state, x, y, units, COLUMNS, false, stream);                                         \
        break;
    switch (state->columns) {
        NORMALIZE_SHORT_OF(UNITS)
    }
#undef UNITS
}

/* Fewer rows than a unit, through memory where there is room for a whole one. */
static void some_rows_scale(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    element from[UNIT_ROWS * NORMALIZE_SHORT_MOST] = {0};
    element to[UNIT_ROWS * NORMALIZE_SHORT_MOST] __attribute__((aligned(VECTOR_BYTES)));
    size_t bytes = (size_t)(rows * state->columns) * sizeof *x;
    if (rows == 0)
        return;
    memcpy(from, x, bytes);
    units_scale_of(state, from, to, 1, false); /* it is read at once */
    memcpy(y, to, bytes);
}

void TYPED(normalize_fused_l2_short)(
    const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    const int64_t columns = state->columns;
    /* The result as a whole is aligned, and so is every unit's from its begin. */
    int64_t head = -((y - state->result) / columns) & (UNIT_ROWS - 1);
    head = head < rows ? head : rows;
    const int64_t units = (rows - head) / UNIT_ROWS, rest = head + units * UNIT_ROWS;
    some_rows_scale(state, x, y, head);
    units_scale_of(state, x + head * columns, y + head * columns, units, state->streaming);
    some_rows_scale(state, x + rest * columns, y + rest * columns, rows - rest);
}
