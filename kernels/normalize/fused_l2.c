/* Rows to norm 1, in the fused variant: a chunk's sums of squares, then all its factors at once, then the
 * chunk from the first-level cache to the result as flat vectors, each lane with the factor of its row. So
 * square roots and divisions come in full vectors. Refuses the shortest rows (fused_l2_short.c) and the
 * longest (fused_l2_long.c). */
#include "kernels/normalize/fused_l2.h"

/* Elements of a chunk; at most so many columns; and elements where each chunk's result is to begin aligned,
 * as the first one's does: the table that a chunk is asked for ahead is not to be in its way. */
enum { CHUNK = 2048 / sizeof(element), CHUNK_COLUMNS = 256, ALIGNED_MOST = 3584 / sizeof(element) };

/* What a chunk knows of its rows; room for a register behind the last. */
struct chunk {
    double total[CHUNK + WIDE_LANES]; /* Σx² by row */
    element factor[CHUNK + VECTOR_LANES];
};

/* As many rows as f64 registers have lanes, side by side: a register each, so that no addition waits for the
 * one before, and their totals come as one register. */
static inline __attribute__((always_inline)) wide rows_squares(
    const element *x, const element *filler, int64_t columns, bool impute)
{
    wide part[WIDE_LANES] = {{0}};
    int64_t j = 0;
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES)
        for (int r = 0; r < WIDE_LANES; r++)
            part[r] = wide_add_square(part[r], wide_cleaned(x + r * columns + j, filler + j, impute));
    if (j < columns) {
        const wide_mask own = wide_first(columns - j);
        for (int r = 0; r < WIDE_LANES; r++) {
            wide last = wide_cleaned(x + r * columns + j, filler + j, impute);
            part[r] = wide_add_square(part[r], (wide)((wide_mask)last & own));
        }
    }
    return wide_row_sums(part, WIDE_LANES);
}

static inline __attribute__((always_inline)) void rows_total(
    const struct normalize_state *state, const element *x, int64_t rows, bool impute, double *total)
{
    const element *filler = state->parameters.filler;
    int64_t columns = state->columns, i = 0;
    for (; i + WIDE_LANES <= rows; i += WIDE_LANES)
        *(wide_unaligned *)(total + i) = rows_squares(x + i * columns, filler, columns, impute);
    for (; i < rows; i++)
        total[i] = row_total(x + i * columns, filler, columns, impute);
}

/* False if a row's squares leave the range in which this is right. */
static bool factors_make(struct chunk *chunk, int64_t rows)
{
    const wide zero = {0};
    wide_mask right = zero == zero;
    for (int64_t i = rows; i < rows + WIDE_LANES; i++)
        chunk->total[i] = 0;
    for (int64_t i = 0; i < rows; i += WIDE_LANES) {
        wide total = *(const wide_unaligned *)(chunk->total + i);
        wide factor = wide_factor(total);
        right &= total <= zero + NORMALIZE_SQUARE_GREATEST;
        *(narrow_unaligned *)(chunk->factor + i) = __builtin_convertvector(factor, narrow_unaligned);
    }
    return wide_all(right);
}

/* A register of the chunk. With it what lies ahead is asked for, a line at a time: chunks are so small that a
 * burst for each would make reading and writing take turns. */
static inline __attribute__((always_inline)) vector chunk_scaled(
    const element *x, const element *filler, vector by, bool impute, bool fetch)
{
    if (fetch)
        streaming_prefetch_once(x, NORMALIZE_L2_AHEAD_BYTES, VECTOR_BYTES);
    return register_scaled(x, filler, by, impute);
}

/* A place in the chunk: its element, that one's row and column. */
struct place {
    int64_t at, row, j;
};

static inline __attribute__((always_inline)) void entries_scale(const struct normalize_state *state,
    const element *restrict x, element *restrict y, struct place *place, int64_t end, const element *factor,
    bool impute)
{
    for (; place->at < end; place->at++) {
        element v = x[place->at];
        y[place->at] = (impute && v != v ? state->parameters.filler[place->j] : v) * factor[place->row];
        place->j++;
        if (place->j == state->columns) {
            place->j = 0;
            place->row++;
        }
    }
}

/* Rows of whole registers: one factor for each row. The result is aligned as its rows are. */
static inline __attribute__((always_inline)) void whole_registers_scale(const struct normalize_state *state,
    const element *restrict x, element *restrict y, int64_t count, const element *factor, bool impute,
    bool stream)
{
    const element *filler = state->parameters.filler;
    for (int64_t row = 0, at = 0; at < count; row++) {
        vector by = (vector){0} + factor[row];
        for (int64_t j = 0; j < state->columns; j += VECTOR_LANES, at += VECTOR_LANES)
            vector_put(y + at, chunk_scaled(x + at, filler + j, by, impute, stream), stream);
    }
}

/* Rows of more than a register: within a row one factor, and two where a register reaches into the next one.
 */
static inline __attribute__((always_inline)) void wide_rows_scale(const struct normalize_state *state,
    const element *restrict x, element *restrict y, int64_t count, const element *factor, bool impute,
    bool stream)
{
    const element *filler = state->parameters.filler;
    const int64_t columns = state->columns;
    int64_t at = elements_before_alignment(y, count), row = 0, end = columns;
    if (at > 0)
        vector_put_some(y, chunk_scaled(x, filler, (vector){0} + factor[0], impute, stream), at);
    for (; at + VECTOR_LANES <= count; row++, end += columns) {
        const int64_t begin = end - columns;
        const vector own = (vector){0} + factor[row];
        for (int64_t whole = (end - at) / VECTOR_LANES; whole > 0; whole--, at += VECTOR_LANES)
            vector_put(y + at, chunk_scaled(x + at, filler + (at - begin), own, impute, stream), stream);
        if (at == end || at + VECTOR_LANES > count)
            continue;
        const vector by = factor_of_two(own, (vector){0} + factor[row + 1], end - at);
        vector_put(y + at, chunk_scaled(x + at, filler + (at - begin), by, impute, stream), stream);
        at += VECTOR_LANES;
    }
    if (at < count)
        vector_put_some(y + at,
            chunk_scaled(x + at, filler + columns - (count - at), (vector){0} + factor[count / columns - 1],
                impute, stream),
            count - at);
}

/* Shorter ones: lane l of a register whose first lane is in column j belongs to the row (j + l) / columns
 * further on. */
static inline __attribute__((always_inline)) void narrow_rows_scale(const struct normalize_state *state,
    const element *restrict x, element *restrict y, int64_t count, const element *factor, bool impute,
    bool stream)
{
    const lane_index *row_of = state->row_of;
    const element *filler = state->parameters.filler;
    const int64_t columns = state->columns;
    const int64_t rows_ahead = VECTOR_LANES / columns, columns_ahead = VECTOR_LANES % columns;
    struct place here = {0, 0, 0};
    entries_scale(state, x, y, &here, elements_before_alignment(y, count), factor, impute);
    for (; here.at + VECTOR_LANES <= count; here.at += VECTOR_LANES) {
        vector_put(y + here.at,
            chunk_scaled(x + here.at, filler + here.j, vector_pick(factor + here.row, row_of + here.j),
                impute, stream),
            stream);
        here.row += rows_ahead;
        here.j += columns_ahead;
        bool next = here.j >= columns;
        here.row += next;
        here.j -= next ? columns : 0;
    }
    entries_scale(state, x, y, &here, count, factor, impute);
}

static inline __attribute__((always_inline)) void chunk_scale(const struct normalize_state *state,
    const element *restrict x, element *restrict y, int64_t count, const element *factor, bool impute,
    bool stream)
{
    const int64_t columns = state->columns;
    if (columns % VECTOR_LANES == 0) {
        whole_registers_scale(state, x, y, count, factor, impute, stream);
        return;
    }
    if (columns > VECTOR_LANES)
        wide_rows_scale(state, x, y, count, factor, impute, stream);
    else
        narrow_rows_scale(state, x, y, count, factor, impute, stream);
}

static inline __attribute__((always_inline)) bool chunk_factors(
    const struct normalize_state *state, const element *x, int64_t rows, bool impute, struct chunk *chunk)
{
    rows_total(state, x, rows, impute, chunk->total);
    return factors_make(chunk, rows);
}

static void chunk_normalize(
    const struct normalize_state *state, const element *x, element *y, int64_t rows, struct chunk *chunk)
{
    int64_t count = rows * state->columns;
    bool impute = state->missing == MISSING_MEAN;
    bool plain =
        impute ? chunk_factors(state, x, rows, true, chunk) : chunk_factors(state, x, rows, false, chunk);
    if (!plain) {
        for (int64_t i = 0; i < count; i += state->columns)
            TYPED(normalize_l2_row)(x + i, state->parameters.filler, y + i, state->columns);
        return;
    }
    switch (2 * impute + state->streaming) {
    case 0:
        chunk_scale(state, x, y, count, chunk->factor, false, false);
        break;
    case 1:
        chunk_scale(state, x, y, count, chunk->factor, false, true);
        break;
    case 2:
        chunk_scale(state, x, y, count, chunk->factor, true, false);
        break;
    default:
        chunk_scale(state, x, y, count, chunk->factor, true, true);
    }
}

void TYPED(normalize_fused_l2)(
    const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    struct chunk chunk;
    const int64_t columns = state->columns;
    int64_t step;
    if (normalize_is_short(columns)) {
        TYPED(normalize_fused_l2_short)(state, x, y, rows);
        return;
    }
    const int64_t fill = normalize_rows_that_fill(columns, VECTOR_LANES);
    /* With rows to drop a result begins anywhere: then no chunk of it would begin aligned. */
    const bool astray = state->streaming && (uintptr_t)y % VECTOR_BYTES != 0 &&
                        columns * (int64_t)sizeof(element) > STREAMING_LINE_BYTES;
    if (columns > CHUNK_COLUMNS || fill * columns > ALIGNED_MOST || astray) {
        TYPED(normalize_fused_l2_long)(state, x, y, rows);
        return;
    }
    int64_t most = CHUNK / columns;
    most = most >= WIDE_LANES ? most / WIDE_LANES * WIDE_LANES : most;
    most = most < fill ? fill : most / fill * fill;
    for (int64_t i = 0; i < rows; i += step) {
        step = rows - i < most ? rows - i : most;
        chunk_normalize(state, x + i * columns, y + i * columns, step, &chunk);
    }
}
