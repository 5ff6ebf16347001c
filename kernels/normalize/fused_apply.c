/* Second pass of the fused variant: the last cache-full first, so that what the first pass read last is
 * still there; the result goes past the caches when it and the table are large beside them. Registers are
 * aligned in the result, wherever that falls in a row: the parameters continue past the row's end with its
 * beginning. Refuses statistics: parameters are made. */
#include "kernels/normalize/fused.h"
#include "kernels/unroll.h"

enum {
    AHEAD = NORMALIZE_SCALE_AHEAD_BYTES / sizeof(element),
    SLICE_BYTES = 8192,      /* of rows gathered at a time: reading and writing take turns quickly */
    PART_BYTES = 1 << 20,    /* of a wide table, at least, taken at a time */
    FETCHED_ROWS = 32,       /* of those, at most, asked for ahead */
    LISTED_ROWS = 128,       /* of which the kept ones are known before they are scaled */
    SEGMENT_COLUMNS = 16384, /* whose parameters stay in the second-level cache */
};

/* Places that are scaled at once, a run of each in turn: of so much at least, with patterns that are so short
 * that parameters come fast (measured; imputing reads one more of each). */
enum {
    PLACES = NORMALIZE_PLACES,
    RUN = 512 / sizeof(element),
    RUN_STEP = NORMALIZE_STEP_VECTORS * VECTOR_LANES,
    PLACES_LEAST = 16384 / sizeof(element),
    PLACES_PATTERN_MOST = 4096 / sizeof(element),
    PLACES_PATTERN_IMPUTED_MOST = 1024 / sizeof(element),
};
_Static_assert(RUN % RUN_STEP == 0, "a run is whole steps");

/* Constant where a caller names it, so that each combination is a loop of its own. */
struct apply_kind {
    bool clamp, impute, stream;
};

/* What a register's lanes need, wherever it is kept. */
struct lane_parameters {
    vector high, low, factor, filler;
};

static inline __attribute__((always_inline)) struct lane_parameters parameters_at(
    const struct normalize_parameters *with, int64_t p, struct apply_kind kind)
{
    struct lane_parameters at = {.high = *(const vector_unaligned *)(with->high + p),
        .low = *(const vector_unaligned *)(with->low + p),
        .factor = *(const vector_unaligned *)(with->factor + p)};
    if (kind.impute)
        at.filler = *(const vector_unaligned *)(with->filler + p);
    return at;
}

static inline __attribute__((always_inline)) vector scale_vector(
    const struct lane_parameters *with, vector x, struct apply_kind kind)
{
    vector y = ((x - with->high) - with->low) * with->factor;
    const vector zero = {0}, one = zero + 1;
    if (kind.clamp) { /* comparisons with NaN are false: NaN stays */
        y = vector_greatest(zero, y);
        y = vector_least(one, y);
    }
    return kind.impute ? vector_or(x, y, with->filler) : y;
}

/* The register at position p, with parameters from memory. */
static inline __attribute__((always_inline)) vector scale_at(
    const struct normalize_parameters *with, const element *x, int64_t p, struct apply_kind kind)
{
    struct lane_parameters at = parameters_at(with, p, kind);
    return scale_vector(&at, *(const vector_unaligned *)x, kind);
}

/* Registers that all have the same positions, again and again: those of the shortest pattern, whose
 * parameters stay in registers. Returns how many elements it has done. */
static inline __attribute__((always_inline)) int64_t groups_scale(const struct normalize_parameters *with,
    const element *restrict x, element *restrict y, int64_t count, int64_t ahead, struct apply_kind kind)
{
    enum { VECTORS = NORMALIZE_GROUP / VECTOR_LANES };
    struct lane_parameters at[VECTORS];
    int64_t done = 0;
    for (int v = 0; v < VECTORS; v++)
        at[v] = parameters_at(with, v * VECTOR_LANES, kind);
    for (; done + NORMALIZE_GROUP <= count; done += NORMALIZE_GROUP)
        for (int v = 0; v < VECTORS; v++) {
            const element *from = x + done + v * VECTOR_LANES;
            if (kind.stream)
                streaming_prefetch_once(from + ahead, 0, VECTOR_BYTES);
            vector_put(y + done + v * VECTOR_LANES,
                scale_vector(&at[v], *(const vector_unaligned *)from, kind), kind.stream);
        }
    return done;
}

/* The few elements before the `at` of a stretch, or after it: up to `end`, the first of which has position p.
 */
static inline __attribute__((always_inline)) void edge_scale(const struct normalize_parameters *with,
    const element *restrict x, element *restrict y, int64_t *at, int64_t end, int64_t *p, int64_t width,
    struct apply_kind kind)
{
    for (int64_t step; *at < end; *at += step) {
        const vector v = scale_at(with, x + *at, *p, kind);
        step = end - *at < VECTOR_LANES ? end - *at : VECTOR_LANES;
        if (step == VECTOR_LANES)
            vector_put(y + *at, v, false);
        else
            vector_put_some(y + *at, v, step);
        *p = *p + step < width ? *p + step : *p + step - width;
    }
}

/* `count` elements, the first of which has position p of a pattern of `width`. */
static inline __attribute__((always_inline)) void flat_scale(const struct normalize_parameters *from,
    const element *restrict x, element *restrict y, int64_t count, int64_t p, int64_t width, int64_t ahead,
    struct apply_kind kind)
{
    /* Copied, or every store would have the compiler load the four addresses again. */
    const struct normalize_parameters own = *from, *with = &own;
    const struct stretch stretch = stretch_of(y, count, kind.stream);
    int64_t at = 0;
    edge_scale(with, x, y, &at, stretch.begin, &p, width, kind);
    if (width == NORMALIZE_GROUP && p == 0)
        at += groups_scale(with, x + at, y + at, stretch.end - at, ahead, kind);
    while (at + VECTOR_LANES <= stretch.end) {
        /* To the end of the pattern, or a part of a register past it. */
        int64_t left = (stretch.end - at) / VECTOR_LANES,
                stop = (width - p + VECTOR_LANES - 1) / VECTOR_LANES;
        stop = p + (stop < left ? stop : left) * VECTOR_LANES;
        for (; p < stop; p += VECTOR_LANES, at += VECTOR_LANES) {
            if (kind.stream)
                streaming_prefetch_once(x + at + ahead, 0, VECTOR_BYTES);
            vector_put(y + at, scale_at(with, x + at, p, kind), kind.stream);
        }
        p = p < width ? p : p - width;
    }
    edge_scale(with, x, y, &at, count, &p, width, kind);
}

static void scale_on(const struct normalize_state *state, const element *x, element *y, int64_t count,
    int64_t p, int64_t ahead)
{
    const struct normalize_parameters *with = &state->parameters;
    int64_t width = state->layout.pattern_width;
    bool clamp = state->method == METHOD_MINMAX, impute = state->missing == MISSING_MEAN;
    switch (4 * clamp + 2 * impute + state->streaming) {
    case 0:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){false, false, false});
        break;
    case 1:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){false, false, true});
        break;
    case 2:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){false, true, false});
        break;
    case 3:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){false, true, true});
        break;
    case 4:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){true, false, false});
        break;
    case 5:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){true, false, true});
        break;
    case 6:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){true, true, false});
        break;
    default:
        flat_scale(with, x, y, count, p, width, ahead, (struct apply_kind){true, true, true});
    }
}

/* A run past the caches, the first register of which has position p; returns the position after it. The
 * parameters go on past a pattern's end, so that it is looked for once in a few registers. */
static inline __attribute__((always_inline)) int64_t run_scale(const struct normalize_parameters *with,
    const element *restrict x, element *restrict y, int64_t p, int64_t width, struct apply_kind kind)
{
    const int64_t step = RUN_STEP % width;
    for (int turn = 0; turn < RUN / RUN_STEP; turn++, x += RUN_STEP, y += RUN_STEP) {
        __asm__("" : "+r"(x), "+r"(y)); /* else the compiler keeps two addresses for each register */
        UNROLL
        for (int v = 0; v < RUN_STEP; v += VECTOR_LANES)
            vector_put(y + v, scale_at(with, x + v, p + v, kind), true);
        p += step;
        p = p < width ? p : p - width;
    }
    return p;
}

/* PLACES times `each` elements, whole runs, from an aligned y on: of each place a run in turn. The
 * processor's own prefetchers then have as many runs to follow, and nothing is asked for. A run is a few
 * lines: streaming stores that change place with each line are four times as slow. */
static inline __attribute__((always_inline)) void places_scale(const struct normalize_state *state,
    const element *restrict x, element *restrict y, int64_t each, int64_t p, struct apply_kind kind)
{
    const struct normalize_parameters own = state->parameters;
    const int64_t width = state->layout.pattern_width;
    int64_t position[PLACES];
    for (int q = 0; q < PLACES; q++)
        position[q] = (p + q * each) % width;
    for (int64_t at = 0; at < each; at += RUN)
        for (int q = 0; q < PLACES; q++)
            position[q] = run_scale(&own, x + q * each + at, y + q * each + at, position[q], width, kind);
}

static void scale_apart(
    const struct normalize_state *state, const element *x, element *y, int64_t each, int64_t p)
{
    switch (2 * (state->method == METHOD_MINMAX) + (state->missing == MISSING_MEAN)) {
    case 0:
        places_scale(state, x, y, each, p, (struct apply_kind){false, false, true});
        break;
    case 1:
        places_scale(state, x, y, each, p, (struct apply_kind){false, true, true});
        break;
    case 2:
        places_scale(state, x, y, each, p, (struct apply_kind){true, false, true});
        break;
    default:
        places_scale(state, x, y, each, p, (struct apply_kind){true, true, true});
    }
}

static bool scales_apart(const struct normalize_state *state, int64_t count)
{
    const int64_t most = state->missing == MISSING_MEAN ? PLACES_PATTERN_IMPUTED_MOST : PLACES_PATTERN_MOST;
    return state->streaming && count >= PLACES_LEAST && state->layout.pattern_width <= most;
}

void TYPED(normalize_fused_scale)(const struct normalize_state *state, const element *x, element *y,
    int64_t count, int64_t p, int64_t ahead)
{
    int64_t done = 0;
    if (scales_apart(state, count)) {
        const int64_t width = state->layout.pattern_width, before = stretch_of(y, count, true).begin,
                      each = (count - before) / PLACES / RUN * RUN;
        if (before > 0)
            scale_on(state, x, y, before, p, ahead);
        scale_apart(state, x + before, y + before, each, (p + before) % width);
        done = before + PLACES * each;
        p = (p + done) % width;
    }
    if (done < count)
        scale_on(state, x + done, y + done, count - done, p, ahead);
}

/* Very wide tables in segments, the parameters of each cached for all rows. */
static void rows_scale(const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    int64_t columns = state->columns;
    if (columns <= 2 * SEGMENT_COLUMNS) {
        TYPED(normalize_fused_scale)(state, x, y, rows * columns, 0, AHEAD);
        return;
    }
    for (int64_t first = 0; first < columns; first += SEGMENT_COLUMNS)
        for (int64_t i = 0; i < rows; i++)
            TYPED(normalize_fused_scale)
    (state, x + i * columns + first, y + i * columns + first,
        columns - first < SEGMENT_COLUMNS ? columns - first : SEGMENT_COLUMNS, first, AHEAD);
}

static void rows_scale_careful(
    const struct normalize_state *state, const element *x, element *y, int64_t rows)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < state->columns; j++)
            y[i * state->columns + j] = TYPED(normalize_apply_careful)(state, j, x[i * state->columns + j]);
}

/* Where the next rows to scale lie: rows [*row, …) of the table, all of them kept; none if the first is not.
 * Of a narrow table with rows to drop, some at a time. */
static const element *rows_take(
    const struct normalize_state *state, int64_t *row, int64_t end, element *buffer, int64_t *rows)
{
    int64_t begin = *row, next = end;
    const element *x = state->table + begin * state->columns;
    if (state->missing != MISSING_DROP) {
        *rows = next - begin;
    } else if (state->columns < NORMALIZE_WIDE_COLUMNS) {
        int64_t few = SLICE_BYTES / (int64_t)sizeof(element) / state->columns / VECTOR_LANES * VECTOR_LANES;
        few = few < VECTOR_LANES ? VECTOR_LANES : few;
        few = few < state->layout.tile_rows ? few : state->layout.tile_rows;
        next = begin + few < end ? begin + few : end;
        *rows = TYPED(normalize_gather)(state, begin, next, buffer);
        x = buffer;
    } else { /* long rows lie where they are: all that are kept up to one that is not */
        for (next = begin; next < end && state->keep[next];)
            next++;
        *rows = next - begin;
        next += *rows == 0;
    }
    *row = next;
    return x;
}

/* Under drop, rows of whole registers are aligned in the result wherever they land: nothing is copied first.
 */
static bool kept_rows_are_aligned(const struct normalize_state *state)
{
    return state->missing == MISSING_DROP && state->method != METHOD_L2 &&
           state->columns < NORMALIZE_WIDE_COLUMNS && state->columns % VECTOR_LANES == 0;
}

/* The kept rows are listed first, without a branch: which they are is chance. */
static inline __attribute__((always_inline)) void kept_rows_scale(
    const struct normalize_state *state, int64_t begin, int64_t end, element *y, struct apply_kind kind)
{
    const struct normalize_parameters own = state->parameters, *with = &own;
    int64_t columns = state->columns, kept[LISTED_ROWS + FETCHED_ROWS];
    int64_t fetch = AHEAD / columns < FETCHED_ROWS ? AHEAD / columns : FETCHED_ROWS;
    for (; begin < end; begin += LISTED_ROWS) {
        int64_t count = 0, listed = end - begin < LISTED_ROWS ? end - begin : LISTED_ROWS;
        for (int64_t i = 0; i < listed; i++) {
            kept[count] = (begin + i) * columns;
            count += state->keep[begin + i];
        }
        for (int64_t i = 0; i < fetch; i++) /* what follows the list is fetched as if it were kept */
            kept[count + i] = (begin + listed + i) * columns;
        for (int64_t k = 0; k < count; k++, y += columns) {
            const element *x = state->table + kept[k], *ahead = state->table + kept[k + fetch];
            for (int64_t j = 0; j < columns; j += VECTOR_LANES) {
                if (kind.stream)
                    streaming_prefetch_once(ahead + j, 0, VECTOR_BYTES);
                vector_put(y + j, scale_at(with, x + j, j, kind), kind.stream);
            }
        }
    }
}

static void kept_rows_apply(const struct normalize_state *state, int64_t begin, int64_t end, element *y)
{
    switch (2 * (state->method == METHOD_MINMAX) + state->streaming) {
    case 0:
        kept_rows_scale(state, begin, end, y, (struct apply_kind){false, false, false});
        break;
    case 1:
        kept_rows_scale(state, begin, end, y, (struct apply_kind){false, false, true});
        break;
    case 2:
        kept_rows_scale(state, begin, end, y, (struct apply_kind){true, false, false});
        break;
    default:
        kept_rows_scale(state, begin, end, y, (struct apply_kind){true, false, true});
    }
}

/* Rows [begin, end), whose kept ones follow each other from y on. */
static void rows_apply(
    const struct normalize_state *state, int64_t begin, int64_t end, element *y, element *buffer, bool care)
{
    int64_t rows;
    if (kept_rows_are_aligned(state) && !care) {
        kept_rows_apply(state, begin, end, y);
        return;
    }
    for (int64_t row = begin; row < end; y += rows * state->columns) {
        /* Registers that are aligned in the result are so in the buffer. */
        element *slice = buffer + (uintptr_t)y % VECTOR_BYTES / sizeof(element);
        const element *x = rows_take(state, &row, end, slice, &rows);
        if (rows == 0)
            continue;
        if (state->method == METHOD_L2)
            TYPED(normalize_fused_l2)(state, x, y, rows);
        else if (care)
            rows_scale_careful(state, x, y, rows);
        else
            rows_scale(state, x, y, rows);
    }
}

/* Rows that a thread takes at a time: a block of a narrow table, some tiles of a wide one, whose blocks may
 * be few. */
static int64_t rows_at_a_time(const struct normalize_state *state)
{
    const struct normalize_layout *layout = &state->layout;
    if (state->columns < NORMALIZE_WIDE_COLUMNS)
        return layout->block_rows;
    int64_t tiles = PART_BYTES / (layout->tile_rows * state->columns * (int64_t)sizeof(element));
    int64_t rows = (tiles > 1 ? tiles : 1) * layout->tile_rows;
    return rows < layout->block_rows ? rows : layout->block_rows;
}

/* Items of so many rows that a thread's part of the last cache holds: what is there comes first, all else
 * forwards. Each step backwards costs the hardware's prefetchers a start, so there are few of them. */
static int64_t items_at_a_time(const struct normalize_state *state, int64_t rows, int size)
{
    int64_t item_bytes = rows * state->columns * (int64_t)sizeof(element);
    int64_t group = (int64_t)state->cache_bytes / size / item_bytes;
    return group > 1 ? group : 1;
}

void TYPED(normalize_fused_apply)(struct normalize_state *state, int rank, int size)
{
    const struct normalize_layout *layout = &state->layout;
    bool drop = state->missing == MISSING_DROP, care = TYPED(normalize_needs_care)(state, 0, state->columns);
    element *buffer = normalize_tile_buffer(state, rank);
    int64_t rows = rows_at_a_time(state), parts = (layout->block_rows + rows - 1) / rows;
    int64_t item, items = layout->block_count * parts, group = items_at_a_time(state, rows, size);
    while ((item = TYPED(normalize_take)(state, STEP_APPLY, items, group, rank, size)) >= 0) {
        int64_t begin, end, block = item / parts;
        normalize_block_rows(state, block, &begin, &end);
        int64_t first = begin + item % parts * rows, to = drop ? state->start[block] : begin;
        end = first + rows < end ? first + rows : end;
        for (; begin < first && begin < end; begin++)
            to += !drop || state->keep[begin];
        rows_apply(state, begin, end, state->result + to * state->columns, buffer, care);
    }
    streaming_fence();
}
