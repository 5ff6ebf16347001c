/* The default variant, first pass: sums in vector registers over flat groups of elements, tile after tile.
 *
 * Lanes keep their columns because a period is a whole number of registers (normalize.h), so the table's
 * width need not suit the vector. A tile is small enough for the first-level cache, and its rows are few
 * enough for the prefetchers to follow each. Wide tables are also cut into panels of columns, whose sums stay
 * cached. Rows to drop, and what the last tile lacks of a whole period, count as NaN, so for nothing. Blocks
 * are handed out as threads ask for them. Most of a table of simple needs is left to fused_moments.c or
 * fused_extremes.c. Second pass: fused_apply.c; both at once where rows are few: fused_strips.c.
 *
 * Refuses to write a result. */
#include "kernels/normalize/fused.h"

#include "kernels/team.h"

#include <string.h>

enum {
    GROUP_REGISTERS = NORMALIZE_GROUP / VECTOR_LANES,
    LINE = 64 / sizeof(element),
    AHEAD = 12288 / sizeof(element), /* of a tile that is read from end to end: the time of a fetch */
};

/* The entries of period i at position p on, NaN where their row is not kept. */
static inline __attribute__((always_inline)) vector entries_chosen(
    const struct normalize_state *state, const struct normalize_tile *tile, int64_t i, int64_t p)
{
    const unsigned char *keep = tile->keep + i * state->layout.period_rows + p / state->columns;
    lane_set kept = vector_kept(keep, state->row_of + p % state->columns);
    return vector_only(*(const vector_unaligned *)(tile->data + tile->offset[i] + p), kept);
}

/* Where to ask for what comes next while a group is added up: a period's part at a time. */
struct fetch {
    const element *next;
    int64_t step;
};

static inline __attribute__((always_inline)) struct fetch fetch_begin(
    const struct normalize_tile *tile, int64_t p, int64_t group)
{
    if (tile->ahead_step == 0)
        return (struct fetch){tile->data + tile->ahead + p * tile->periods, group};
    return (struct fetch){tile->data + tile->ahead + p, tile->ahead_step};
}

static inline __attribute__((always_inline)) void fetch_some(struct fetch *fetch, int64_t group)
{
    for (int64_t line = 0; line < group; line += LINE)
        __builtin_prefetch(fetch->next + line, 0, 3);
    fetch->next += fetch->step;
}

/* `vectors` registers at a time from position p on, until no more fit `width`; returns where it stopped. */
static inline __attribute__((always_inline)) int64_t groups_add_moments(const struct normalize_state *state,
    const struct normalize_tile *tile, const struct normalize_sums *sums, int64_t p, int64_t width,
    const int vectors, const bool choose)
{
    for (; p + vectors * VECTOR_LANES <= width; p += vectors * VECTOR_LANES) {
        struct vector_moments own[GROUP_REGISTERS];
        wide shift[GROUP_REGISTERS * HALVES];
        moments_begin(sums, p, vectors, own, shift);
        struct fetch fetch = fetch_begin(tile, p, vectors * VECTOR_LANES);
        for (int64_t i = 0; i < tile->periods; i++) {
            int64_t at = tile->offset[i] + p;
            fetch_some(&fetch, vectors * VECTOR_LANES);
            for (int v = 0; v < vectors; v++) {
                const element *from = tile->data + at + v * VECTOR_LANES;
                vector chosen;
                if (choose) {
                    chosen = entries_chosen(state, tile, i, p + v * VECTOR_LANES);
                    from = (const element *)(const void *)&chosen;
                }
                vector_add_moments(&own[v], from, shift + v * HALVES);
            }
        }
        moments_put_by(sums, p, vectors, own);
        for (int v = 0; v < vectors; v++)
            counts_put_by(sums, p + v * VECTOR_LANES, own[v].count);
    }
    return p;
}

static inline __attribute__((always_inline)) int64_t groups_add_extremes(const struct normalize_state *state,
    const struct normalize_tile *tile, const struct normalize_sums *sums, int64_t p, int64_t width,
    const int vectors, const bool choose)
{
    for (; p + vectors * VECTOR_LANES <= width; p += vectors * VECTOR_LANES) {
        vector least[GROUP_REGISTERS], greatest[GROUP_REGISTERS];
        for (int v = 0; v < vectors; v++) {
            least[v] = *(const vector_unaligned *)(sums->least + p + v * VECTOR_LANES);
            greatest[v] = *(const vector_unaligned *)(sums->greatest + p + v * VECTOR_LANES);
        }
        struct fetch fetch = fetch_begin(tile, p, vectors * VECTOR_LANES);
        for (int64_t i = 0; i < tile->periods; i++) {
            int64_t at = tile->offset[i] + p;
            fetch_some(&fetch, vectors * VECTOR_LANES);
            for (int v = 0; v < vectors; v++) {
                vector x = *(const vector_unaligned *)(tile->data + at + v * VECTOR_LANES);
                if (choose)
                    x = entries_chosen(state, tile, i, p + v * VECTOR_LANES);
                least[v] = vector_least(x, least[v]);
                greatest[v] = vector_greatest(x, greatest[v]);
            }
        }
        for (int v = 0; v < vectors; v++) {
            *(vector_unaligned *)(sums->least + p + v * VECTOR_LANES) = least[v];
            *(vector_unaligned *)(sums->greatest + p + v * VECTOR_LANES) = greatest[v];
        }
    }
    return p;
}

/* Whole groups, then what is left of one. The last register of a panel may reach past it: what it finds there
 * lands behind the panel's sums. */
static inline __attribute__((always_inline)) void tile_add_chosen(const struct normalize_state *state,
    const struct normalize_tile *tile, const struct normalize_sums *sums, const bool choose)
{
    int64_t reach = tile->width + VECTOR_LANES - 1;
    if (state->needs_moments) {
        int64_t p = 0;
        if (GROUP_REGISTERS > 2)
            p = groups_add_moments(state, tile, sums, p, reach, 4, choose);
        if (GROUP_REGISTERS > 1)
            p = groups_add_moments(state, tile, sums, p, reach, 2, choose);
        groups_add_moments(state, tile, sums, p, reach, 1, choose);
    }
    if (state->needs_extremes) {
        int64_t p = 0;
        if (GROUP_REGISTERS > 2)
            p = groups_add_extremes(state, tile, sums, p, reach, 4, choose);
        if (GROUP_REGISTERS > 1)
            p = groups_add_extremes(state, tile, sums, p, reach, 2, choose);
        groups_add_extremes(state, tile, sums, p, reach, 1, choose);
    }
}

static void tile_add(
    const struct normalize_state *state, const struct normalize_tile *tile, const struct normalize_sums *sums)
{
    if (tile->keep != NULL)
        tile_add_chosen(state, tile, sums, true);
    else
        tile_add_chosen(state, tile, sums, false);
}

/* The next tile of a table that is surveyed from end to end is asked for from end to end too: prefetchers
 * then follow. Else each part's own place in it. */
static void tile_set_ahead(
    const struct normalize_state *state, struct normalize_tile *tile, int64_t rows, int64_t period)
{
    bool in_order = NORMALIZE_FETCH_IN_ORDER && state->layout.panel_count == 1;
    tile->ahead = period > NORMALIZE_GROUP ? rows * state->columns : AHEAD;
    tile->ahead_step = in_order ? 0 : period;
}

/* Rows [begin, end) of columns [first, last), each a period; only the kept ones. */
static void rows_take(const struct normalize_state *state, int64_t begin, int64_t end, int64_t first,
    int64_t last, struct normalize_tile *tile)
{
    tile->data = state->table + begin * state->columns + first;
    tile->width = last - first;
    tile_set_ahead(state, tile, end - begin, state->columns);
    tile->offset = tile->every;
    tile->keep = NULL;
    tile->periods = end - begin;
    if (state->missing != MISSING_DROP)
        return;
    tile->offset = tile->kept;
    tile->periods = 0;
    for (int64_t i = begin; i < end; i++) {
        tile->kept[tile->periods] = (i - begin) * state->columns;
        tile->periods += state->keep[i];
    }
}

/* Rows [begin, end) as whole periods of several; `buffer` is used where the table has them not so. */
static void periods_take(const struct normalize_state *state, int64_t begin, int64_t end, element *buffer,
    struct normalize_tile *tile)
{
    int64_t columns = state->columns, rows = end - begin, width = state->layout.period_width;
    bool drop = state->missing == MISSING_DROP;
    tile->data = state->table + begin * columns;
    tile_set_ahead(state, tile, rows, width);
    tile->keep = drop ? state->keep + begin : NULL;
    if (rows % state->layout.period_rows != 0) { /* the table's last tile: all that it keeps, then NaN */
        if (drop)
            rows = TYPED(normalize_gather)(state, begin, end, buffer);
        else
            memcpy(buffer, tile->data, (size_t)(rows * columns) * sizeof(element));
        tile->data = buffer;
        tile->keep = NULL;
    }
    tile->width = width;
    tile->periods = (rows + state->layout.period_rows - 1) / state->layout.period_rows;
    tile->offset = tile->every;
    for (int64_t p = rows * columns; p < tile->periods * width; p++)
        buffer[p] = (element)NAN;
}

/* Only what the problem needs is cleared, and folded later. */
static void sums_clear(const struct normalize_state *state, int64_t block, int64_t first, int64_t columns,
    int64_t width, const struct normalize_sums *sums)
{
    const double *restrict from = normalize_summary(state, block, SUMMARY_SHIFT) + first;
    double *restrict shift = sums->shift, *restrict sum = sums->sum, *restrict square = sums->square;
    double *restrict count = sums->count;
    element *restrict least = sums->least, *restrict greatest = sums->greatest;
    for (int64_t at = 0; state->needs_moments && at < width; at += columns)
        for (int64_t j = 0; j < columns; j++)
            shift[at + j] = from[j];
    for (int64_t p = 0; state->needs_moments && p < width; p++)
        sum[p] = square[p] = count[p] = 0;
    for (int64_t p = 0; state->needs_extremes && p < width; p++) {
        least[p] = (element)INFINITY;
        greatest[p] = -(element)INFINITY;
    }
}

/* Positions a number of columns apart belong to one column: added up in the order of the period's rows. */
static void moments_fold(const struct normalize_state *state, int64_t block, int64_t first, int64_t columns,
    int64_t width, const struct normalize_sums *from)
{
    double *restrict sum = normalize_summary(state, block, SUMMARY_SUM) + first;
    double *restrict square = normalize_summary(state, block, SUMMARY_SQUARE) + first;
    double *restrict count = normalize_summary(state, block, SUMMARY_COUNT) + first;
    const double *restrict own_sum = from->sum, *restrict own_square = from->square;
    const double *restrict own_count = from->count;
    for (int64_t j = 0; j < columns; j++)
        sum[j] = square[j] = count[j] = 0;
    for (int64_t at = 0; at < width; at += columns)
        for (int64_t j = 0; j < columns; j++) {
            sum[j] += own_sum[at + j];
            square[j] += own_square[at + j];
            count[j] += own_count[at + j];
        }
}

static void extremes_fold(const struct normalize_state *state, int64_t block, int64_t first, int64_t columns,
    int64_t width, const struct normalize_sums *from)
{
    double *restrict least = normalize_summary(state, block, SUMMARY_LEAST) + first;
    double *restrict greatest = normalize_summary(state, block, SUMMARY_GREATEST) + first;
    const element *restrict own_least = from->least, *restrict own_greatest = from->greatest;
    for (int64_t j = 0; j < columns; j++) {
        least[j] = INFINITY;
        greatest[j] = -INFINITY;
    }
    for (int64_t at = 0; at < width; at += columns)
        for (int64_t j = 0; j < columns; j++) {
            double low = (double)own_least[at + j], high = (double)own_greatest[at + j];
            least[j] = low < least[j] ? low : least[j];
            greatest[j] = high > greatest[j] ? high : greatest[j];
        }
}

static int64_t tile_mark(struct normalize_state *state, int64_t *marked, int64_t end)
{
    int64_t begin = *marked, next = begin + state->layout.tile_rows;
    *marked = next < end ? next : end;
    return TYPED(normalize_fused_mark_rows)(state, begin, *marked);
}

void TYPED(normalize_fused_survey_begin)(
    const struct normalize_state *state, struct normalize_survey *survey, int rank)
{
    double *own = normalize_scratch(state, rank);
    int64_t room = normalize_sums_room(&state->layout);
    survey->sums = (struct normalize_sums){own, own + room, own + 2 * room, own + 3 * room,
        (element *)(void *)(own + 4 * room), (element *)(void *)(own + 5 * room)};
    for (int64_t i = 0; i < NORMALIZE_CHAIN; i++)
        survey->tile.every[i] = i * state->layout.period_width;
}

void TYPED(normalize_fused_survey)(struct normalize_state *state, int64_t block, int64_t first, int64_t last,
    struct normalize_survey *survey, int rank)
{
    bool mark = state->missing == MISSING_DROP && normalize_survey_marks(state);
    const struct normalize_layout *layout = &state->layout;
    const struct normalize_sums *sums = &survey->sums;
    struct normalize_tile *tile = &survey->tile;
    int64_t begin, end;
    int64_t width = layout->period_rows * (last - first);
    normalize_block_rows(state, block, &begin, &end);
    /* Marked a tile at a time, while it is cached; as many at first as give the provisional means. */
    int64_t marked = begin, kept = 0;
    while (mark && marked < end && kept < NORMALIZE_PROVISIONAL_ROWS)
        kept += tile_mark(state, &marked, end);
    if (state->needs_moments)
        TYPED(normalize_set_shift)(state, block, first, last);
    sums_clear(state, block, first, last - first, width, sums);
    int64_t done = begin;
    if (layout->panel_count == 1 && state->missing != MISSING_DROP) {
        if (!state->needs_moments)
            done = TYPED(normalize_fused_extremes)(state, sums, begin, end);
        else if (!state->needs_extremes)
            done = TYPED(normalize_fused_moments)(state, sums, begin, end);
    }
    for (int64_t i = done; i < end; i += layout->survey_rows) {
        int64_t next = i + layout->survey_rows < end ? i + layout->survey_rows : end;
        if (mark && marked < next)
            kept += tile_mark(state, &marked, end);
        if (layout->period_rows == 1)
            rows_take(state, i, next, first, last, tile);
        else
            periods_take(state, i, next, normalize_tile_buffer(state, rank), tile);
        tile_add(state, tile, sums);
    }
    if (state->needs_moments)
        moments_fold(state, block, first, last - first, width, sums);
    if (state->needs_extremes)
        extremes_fold(state, block, first, last - first, width, sums);
    if (mark)
        state->kept[block] = kept;
}

static void survey(struct normalize_state *state, int rank, int size)
{
    const struct normalize_layout *layout = &state->layout;
    struct normalize_survey own;
    TYPED(normalize_fused_survey_begin)(state, &own, rank);
    int64_t item, items = layout->block_count * layout->panel_count;
    while ((item = TYPED(normalize_take)(state, STEP_SURVEY, items, 0, rank, size)) >= 0) {
        int64_t first = item % layout->panel_count * layout->panel_columns;
        int64_t last = first + layout->panel_columns;
        last = last < state->columns ? last : state->columns;
        TYPED(normalize_fused_survey)(state, item / layout->panel_count, first, last, &own, rank);
    }
}

void TYPED(normalize_run_fused)(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    struct normalize_steps steps = {
        .survey = survey, .merge = TYPED(normalize_merge), .apply = TYPED(normalize_fused_apply)};
    if (normalize_strip_columns(state) > 0)
        steps = (struct normalize_steps){.apply = TYPED(normalize_fused_strips)};
    if (!normalize_survey_marks(state))
        steps.mark = TYPED(normalize_fused_mark);
    TYPED(normalize_steps_run)(state, lanes, &steps);
}
