/* Second pass of the fused variant: each thread goes through its tiles backwards, so that what the first pass
 * read last is still cached; the result goes past the caches when it would not fit them anyway. */
#include "kernels/normalize/fused.h"
#include "kernels/normalize/streaming.h"

#include <math.h>

/* Constant where a caller names it, so that each combination is a loop of its own. */
struct apply_kind {
    bool clamp, impute, stream;
};

static inline __attribute__((always_inline)) vector scale_vector(
    const struct normalize_parameters *with, vector x, int64_t p, struct apply_kind kind)
{
    vector high = *(const vector_unaligned *)(with->high + p),
           low = *(const vector_unaligned *)(with->low + p);
    vector y = ((x - high) - low) * *(const vector_unaligned *)(with->factor + p);
    const vector zero = {0}, one = zero + 1;
    if (kind.clamp) { /* comparisons with NaN are false: NaN stays */
        y = vector_select(y < zero, zero, y);
        y = vector_select(y > one, one, y);
    }
    if (kind.impute)
        y = vector_select(x == x, y, *(const vector_unaligned *)(with->filler + p));
    return y;
}

static inline __attribute__((always_inline)) element scale_entry(
    const struct normalize_parameters *with, element x, int64_t p, struct apply_kind kind)
{
    element y = ((x - with->high[p]) - with->low[p]) * with->factor[p];
    if (kind.clamp)
        y = y < 0 ? 0 : y > 1 ? 1 : y;
    return kind.impute && x != x ? with->filler[p] : y;
}

/* `count` elements that begin with a row; y is aligned to a vector, and so is every period, where
 * kind.stream. */
static inline __attribute__((always_inline)) void flat_scale(const struct normalize_parameters *with,
    const element *restrict x, element *restrict y, int64_t count, int64_t width, struct apply_kind kind)
{
    for (int64_t at = 0; at < count; at += width) {
        int64_t end = count - at < width ? count - at : width, p = 0;
        for (; p + VECTOR_LANES <= end; p += VECTOR_LANES) {
            vector scaled = scale_vector(with, *(const vector_unaligned *)(x + at + p), p, kind);
            if (kind.stream)
                STREAMING_STORE(y + at + p, scaled);
            else
                *(vector_unaligned *)(y + at + p) = scaled;
        }
        for (; p < end; p++)
            y[at + p] = scale_entry(with, x[at + p], p, kind);
    }
}

static bool may_stream(const struct normalize_state *state, const element *y)
{
    return state->streaming && (uintptr_t)y % VECTOR_BYTES == 0 &&
           state->layout.period_width % VECTOR_LANES == 0;
}

static void tile_scale(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    const struct normalize_parameters *with = &state->parameters;
    int64_t count = rows * state->columns, width = state->layout.period_width;
    bool clamp = state->method == METHOD_MINMAX, impute = state->missing == MISSING_MEAN;
    switch (4 * clamp + 2 * impute + may_stream(state, y)) {
    case 0:
        flat_scale(with, x, y, count, width, (struct apply_kind){false, false, false});
        break;
    case 1:
        flat_scale(with, x, y, count, width, (struct apply_kind){false, false, true});
        break;
    case 2:
        flat_scale(with, x, y, count, width, (struct apply_kind){false, true, false});
        break;
    case 3:
        flat_scale(with, x, y, count, width, (struct apply_kind){false, true, true});
        break;
    case 4:
        flat_scale(with, x, y, count, width, (struct apply_kind){true, false, false});
        break;
    case 5:
        flat_scale(with, x, y, count, width, (struct apply_kind){true, false, true});
        break;
    case 6:
        flat_scale(with, x, y, count, width, (struct apply_kind){true, true, false});
        break;
    default:
        flat_scale(with, x, y, count, width, (struct apply_kind){true, true, true});
    }
}

static inline element cleaned(element x, element filler)
{
    return x == x ? x : filler;
}

static inline vector vector_cleaned(const element *x, const element *filler)
{
    vector v = *(const vector_unaligned *)x;
    return vector_select(v == v, v, *(const vector_unaligned *)filler);
}

/* Σx² of the cleaned row, NaN left out, in f64: lane sums, then the lanes, then the columns behind them. */
static double row_square(const element *x, const element *filler, int64_t columns)
{
    enum { LANES = NORMALIZE_WIDE_LANES };
    wide sum = {0};
    double square = 0;
    int64_t j = 0;
    for (; j + LANES <= columns; j += LANES) {
        wide v = wide_load(x + j);
        wide f = wide_load(filler + j);
        wide_mask there = v == v;
        v = (wide)(((wide_mask)v & there) | ((wide_mask)f & ~there));
        v = (wide)((wide_mask)v & (v == v));
        sum += v * v;
    }
    for (int lane = 0; lane < LANES; lane++)
        square += sum[lane];
    for (; j < columns; j++) {
        double v = (double)cleaned(x[j], filler[j]);
        square += v == v ? v * v : 0;
    }
    return square;
}

static void tile_scale_l2(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    const element *filler = state->parameters.filler;
    int64_t columns = state->columns;
    bool stream = columns % VECTOR_LANES == 0 && may_stream(state, y);
    for (int64_t i = 0; i < rows; i++, x += columns, y += columns) {
        double square = row_square(x, filler, columns);
        if (!(square >= NORMALIZE_SQUARE_LEAST && square <= NORMALIZE_SQUARE_GREATEST)) {
            TYPED(normalize_l2_row_careful)(x, filler, y, columns);
            continue;
        }
        element factor = (element)(1 / sqrt(square));
        int64_t j = 0;
        for (; j + VECTOR_LANES <= columns; j += VECTOR_LANES) {
            vector scaled = vector_cleaned(x + j, filler + j) * factor;
            if (stream)
                STREAMING_STORE(y + j, scaled);
            else
                *(vector_unaligned *)(y + j) = scaled;
        }
        for (; j < columns; j++)
            y[j] = cleaned(x[j], filler[j]) * factor;
    }
}

static void tile_scale_careful(
    const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < state->columns; j++)
            y[i * state->columns + j] = TYPED(normalize_apply_careful)(state, j, x[i * state->columns + j]);
}

void TYPED(normalize_fused_apply)(struct normalize_state *state, int rank, int size)
{
    const struct normalize_layout *layout = &state->layout;
    bool drop = state->missing == MISSING_DROP, care = TYPED(normalize_needs_care)(state);
    int64_t first, last;
    team_share(layout->block_count, rank, size, &first, &last);
    int64_t begin = first * layout->block_rows;
    int64_t end = last * layout->block_rows < state->rows ? last * layout->block_rows : state->rows;
    int64_t to = drop ? TYPED(normalize_result_row)(state, last) : end;
    while (end > begin) {
        int64_t from = (end - 1) / layout->tile_rows * layout->tile_rows, rows = end - from;
        const element *x = state->table + from * state->columns;
        if (drop) {
            element *buffer = TYPED(normalize_tile_buffer)(state, rank);
            rows = TYPED(normalize_gather)(state, from, end, buffer);
            x = buffer;
        }
        to -= rows;
        element *y = state->result + to * state->columns;
        if (state->method == METHOD_L2)
            tile_scale_l2(state, x, y, rows);
        else if (care)
            tile_scale_careful(state, x, y, rows);
        else
            tile_scale(state, x, y, rows);
        end = from;
    }
    streaming_fence();
}
