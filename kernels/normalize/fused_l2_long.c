/* Long rows to norm 1, in the fused variant, and shorter ones whose chunks would not begin aligned. While a
 * row goes from a cache to the result, the next one is read and its squares are added up, a piece of each in
 * turn: so memory reads and writes as evenly as if it copied. (Seen on a Zen 3: 1.2 to 1.75 times as fast as
 * one after the other, with f32.)
 *
 * Refuses to hold more of a row than the caches do: it is read twice. */
#include "kernels/normalize/fused_l2.h"

/* A piece, whole steps of squares; and how far beyond what is added up is asked for. */
enum { PIECE = 1024 / (int)sizeof(element), AHEAD_BYTES = 4096 };
_Static_assert(PIECE % SQUARE_STEP == 0, "a piece is whole steps");

/* A row's sum of squares is right in f64, and its factor in its own type. */
static inline bool total_is_plain(double total)
{
    return total <= NORMALIZE_SQUARE_GREATEST;
}

static inline vector row_factor(double total)
{
    return (vector){0} + (element)wide_factor((wide){0} + total)[0];
}

/* What of a row is not streamed: up to `end`, from `at` on. */
static inline __attribute__((always_inline)) void edge_scale(const element *restrict x, element *restrict y,
    const element *filler, int64_t at, int64_t end, vector by, bool impute)
{
    for (; at + VECTOR_LANES <= end; at += VECTOR_LANES)
        vector_put(y + at, register_scaled(x + at, filler + at, by, impute), false);
    if (at < end)
        vector_put_some(y + at, register_scaled(x + at, filler + at, by, impute), end - at);
}

static inline __attribute__((always_inline)) void rows_normalize(const struct normalize_state *state,
    const element *restrict x, element *restrict y, int64_t rows, bool impute, bool stream)
{
    const element *filler = state->parameters.filler;
    const int64_t columns = state->columns, whole = columns / SQUARE_STEP * SQUARE_STEP;
    const struct stretch stretch = stretch_of(y, rows * columns, stream);
    const int64_t last_end = stretch.end - (rows - 1) * columns;
    double total = row_total(x, filler, columns, impute);
    vector own = row_factor(total);
    int64_t j = stretch.begin;
    edge_scale(x, y, filler, 0, j, own, impute);
    for (; rows > 0; rows--, x += columns, y += columns) {
        const element *const following = x + columns;
        const bool plain = total_is_plain(total), last = rows == 1;
        const int64_t row_end = last ? last_end : columns;
        wide sum[SQUARE_CHAINS] = {{0}};
        for (int64_t begin = 0; begin < columns; begin += PIECE) {
            const int64_t end = least(begin + PIECE, row_end);
            if (!last)
                squares_add(sum, following, filler, begin, least(begin + PIECE, whole), impute,
                    stream ? AHEAD_BYTES : 0);
            for (; j + VECTOR_LANES <= end; j += VECTOR_LANES)
                vector_put(y + j, register_scaled(x + j, filler + j, own, impute), stream);
        }
        vector next = own;
        if (last) {
            edge_scale(x, y, filler, j, columns, own, impute);
        } else {
            total = squares_total(sum, following, filler, whole, columns, impute);
            next = row_factor(total);
            if (j < columns) { /* the register in which both rows meet */
                const vector by = factor_of_two(own, next, columns - j);
                vector_put(y + j, register_scaled(x + j, filler + j, by, impute), stream);
                j += VECTOR_LANES;
            }
        }
        if (!plain)
            TYPED(normalize_l2_row)(x, filler, y, columns);
        own = next;
        j -= columns;
    }
}

void TYPED(normalize_fused_l2_long)(
    const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    switch (2 * (state->missing == MISSING_MEAN) + state->streaming) {
    case 0:
        rows_normalize(state, x, y, rows, false, false);
        break;
    case 1:
        rows_normalize(state, x, y, rows, false, true);
        break;
    case 2:
        rows_normalize(state, x, y, rows, true, false);
        break;
    default:
        rows_normalize(state, x, y, rows, true, true);
    }
}
