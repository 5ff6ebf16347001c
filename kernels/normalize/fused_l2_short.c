/* Short rows to norm 1, in the fused variant. A unit is as many rows as a register has lanes: they fill as
 * many registers as a row has columns, and their sums, factors and products never leave them. */
#include "kernels/normalize/fused_l2.h"

#include <string.h>

/* What comes so much later is fetched while a unit is computed. */
enum { AHEAD_BYTES = 4096, UNIT_ROWS = VECTOR_LANES };

/* Σx² of WIDE_LANES rows. */
static inline __attribute__((always_inline)) wide short_rows_squares(
    const element *x, const element *filler, int columns, bool impute)
{
    wide square[WIDE_ROW_MOST];
    for (int i = 0; i < columns; i++)
        square[i] = wide_add_square(
            (wide){0}, wide_cleaned(x + i * WIDE_LANES, filler + i * WIDE_LANES % columns, impute));
    return wide_row_sums(square, columns);
}

/* False, and nothing written, if a row's squares leave the range in which this is right. */
static inline __attribute__((always_inline)) bool unit_scale(
    const struct normalize_state *state, const element *x, element *y, int columns, bool impute, bool stream)
{
    const element *filler = state->parameters.filler;
    const wide zero = {0};
    wide factor[HALVES];
    wide_mask right = zero == zero;
    for (int half = 0; half < HALVES; half++) {
        wide total = short_rows_squares(x + half * WIDE_LANES * columns, filler, columns, impute);
        factor[half] = wide_factor(total);
        right &= total <= zero + NORMALIZE_SQUARE_GREATEST;
    }
    if (!wide_all(right))
        return false;
    const vector by = vector_narrowed(factor);
    for (int i = 0; i < columns; i++) {
        const int column = i * VECTOR_LANES % columns;
        vector v = *(const vector_unaligned *)(x + i * VECTOR_LANES);
        if (impute)
            v = vector_select(v == v, v, *(const vector_unaligned *)(filler + column));
        lane_numbers row_of = {0}; /* known to the compiler */
        for (int lane = 0; lane < VECTOR_LANES; lane++)
            row_of[lane] = (i * VECTOR_LANES + lane) / columns;
        vector_put(y + i * VECTOR_LANES, v * vector_permute(by, row_of), stream);
    }
    return true;
}

static void rows_careful(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    const int64_t columns = state->columns;
    for (int64_t i = 0; i < rows; i++)
        TYPED(normalize_l2_row)(x + i * columns, state->parameters.filler, y + i * columns, columns);
}

/* Whole units, each aligned in the result. */
static inline __attribute__((always_inline)) void units_scale(const struct normalize_state *state,
    const element *x, element *y, int64_t units, int columns, bool impute)
{
    const bool stream = state->streaming;
    const int count = UNIT_ROWS * columns;
    for (; units > 0; units--, x += count, y += count) {
        if (stream)
            streaming_prefetch_once(x, AHEAD_BYTES, count * (int)sizeof(element));
        if (!unit_scale(state, x, y, columns, impute, stream))
            rows_careful(state, x, y, UNIT_ROWS);
    }
}

/* Of so many columns, with the number known to the compiler. */
static void units_scale_of(const struct normalize_state *state, const element *x, element *y, int64_t units)
{
    const bool impute = state->missing == MISSING_MEAN;
#define UNITS(COLUMNS)                                                                                       \
    case COLUMNS:                                                                                            \
        if (impute)                                                                                          \
            units_scale(state, x, y, units, COLUMNS, true);                                                  \
        else                                                                                                 \
            units_scale(state, x, y, units, COLUMNS, false);                                                 \
        break;
    switch (state->columns) {
        NORMALIZE_SHORT_OF(UNITS)
    }
#undef UNITS
}

/* Fewer rows than a unit, through memory where there is room for a whole one. */
static void some_rows_scale(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    element from[UNIT_ROWS * WIDE_ROW_MOST] = {0};
    element to[UNIT_ROWS * WIDE_ROW_MOST] __attribute__((aligned(VECTOR_BYTES)));
    size_t bytes = (size_t)(rows * state->columns) * sizeof *x;
    if (rows == 0)
        return;
    memcpy(from, x, bytes);
    units_scale_of(state, from, to, 1);
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
    units_scale_of(state, x + head * columns, y + head * columns, units);
    some_rows_scale(state, x + rest * columns, y + rest * columns, rows - rest);
}
