/* The default variant: two passes over tiles that fit the second-level cache.
 *
 * First pass: sums in vector registers over flat groups of elements. Lanes keep their columns because a
 * period is a whole number of groups (normalize.h), so the table's width need not suit the vector. Tiles with
 * rows to drop, and the last tile where it is no whole number of periods, are copied to a buffer, filled up
 * with NaN, which count for nothing. Second pass: fused_apply.c.
 */
#include "kernels/normalize/fused.h"

#include <math.h>
#include <string.h>

enum { LANES = NORMALIZE_WIDE_LANES, VECTORS = NORMALIZE_GROUP_VECTORS, GROUP = NORMALIZE_GROUP };

/* One block's sums, period_width entries each: position p holds column p mod columns. */
struct period_sums {
    double *shift, *sum, *square, *count;
    element *least, *greatest;
};

static struct period_sums period_sums_of(const struct normalize_state *state, int rank)
{
    double *own = normalize_scratch(state, rank);
    int64_t width = state->layout.period_width;
    return (struct period_sums){own, own + width, own + 2 * width, own + 3 * width,
        (element *)(void *)(own + 4 * width), (element *)(void *)(own + 5 * width)};
}

/* A group is GROUP elements: VECTORS registers of f64, from half as wide ones where elements are f32. */
static void tile_add_moments(
    const element *tile, int64_t periods, int64_t width, const struct period_sums *sums)
{
    int64_t p = 0;
    for (; p + GROUP <= width; p += GROUP) {
        const wide zero = {0}, one = zero + 1;
        wide shift[VECTORS], sum[VECTORS], square[VECTORS], count[VECTORS];
        for (int v = 0; v < VECTORS; v++) {
            shift[v] = *(const wide_unaligned *)(sums->shift + p + v * LANES);
            sum[v] = square[v] = count[v] = zero;
        }
        const element *from = tile + p;
        for (int64_t i = 0; i < periods; i++, from += width)
            for (int v = 0; v < VECTORS; v++) {
                wide x = wide_load(from + v * LANES);
                wide_mask there = x == x;
                wide away = (wide)((wide_mask)(x - shift[v]) & there);
                sum[v] += away;
                square[v] += away * away;
                count[v] += (wide)((wide_mask)one & there);
            }
        for (int v = 0; v < VECTORS; v++) {
            *(wide_unaligned *)(sums->sum + p + v * LANES) += sum[v];
            *(wide_unaligned *)(sums->square + p + v * LANES) += square[v];
            *(wide_unaligned *)(sums->count + p + v * LANES) += count[v];
        }
    }
    for (; p < width; p++) {
        double sum = 0, square = 0, count = 0;
        for (int64_t i = 0; i < periods; i++) {
            double x = (double)tile[i * width + p];
            double away = x == x ? x - sums->shift[p] : 0;
            sum += away;
            square += away * away;
            count += x == x ? 1 : 0;
        }
        sums->sum[p] += sum;
        sums->square[p] += square;
        sums->count[p] += count;
    }
}

static void tile_add_extremes(
    const element *tile, int64_t periods, int64_t width, const struct period_sums *sums)
{
    enum { REGISTERS = GROUP / VECTOR_LANES };
    int64_t p = 0;
    for (; p + GROUP <= width; p += GROUP) {
        vector least[REGISTERS], greatest[REGISTERS];
        for (int v = 0; v < REGISTERS; v++) {
            least[v] = *(const vector_unaligned *)(sums->least + p + v * VECTOR_LANES);
            greatest[v] = *(const vector_unaligned *)(sums->greatest + p + v * VECTOR_LANES);
        }
        const element *from = tile + p;
        for (int64_t i = 0; i < periods; i++, from += width)
            for (int v = 0; v < REGISTERS; v++) {
                vector x = *(const vector_unaligned *)(from + v * VECTOR_LANES);
                least[v] = vector_select(x < least[v], x, least[v]);
                greatest[v] = vector_select(x > greatest[v], x, greatest[v]);
            }
        for (int v = 0; v < REGISTERS; v++) {
            *(vector_unaligned *)(sums->least + p + v * VECTOR_LANES) = least[v];
            *(vector_unaligned *)(sums->greatest + p + v * VECTOR_LANES) = greatest[v];
        }
    }
    for (; p < width; p++)
        for (int64_t i = 0; i < periods; i++) {
            element x = tile[i * width + p];
            sums->least[p] = x < sums->least[p] ? x : sums->least[p];
            sums->greatest[p] = x > sums->greatest[p] ? x : sums->greatest[p];
        }
}

int64_t TYPED(normalize_gather)(const struct normalize_state *state, int64_t begin, int64_t end, element *to)
{
    int64_t kept = 0;
    for (int64_t i = begin; i < end; i++)
        if (state->keep[i])
            memcpy(to + kept++ * state->columns, state->table + i * state->columns,
                (size_t)state->columns * sizeof(element));
    return kept;
}

/* Rows [begin, end) of the cleaned table as whole periods; `buffer` is used where the table has them not so.
 */
static const element *tile_take(
    const struct normalize_state *state, int64_t begin, int64_t end, element *buffer, int64_t *periods)
{
    int64_t columns = state->columns, period = state->layout.period_rows, rows = end - begin;
    const element *table = state->table + begin * columns;
    bool drop = state->missing == MISSING_DROP;
    if (!drop && rows % period == 0) {
        *periods = rows / period;
        return table;
    }
    if (drop)
        rows = TYPED(normalize_gather)(state, begin, end, buffer);
    else
        memcpy(buffer, table, (size_t)(rows * columns) * sizeof(element));
    *periods = (rows + period - 1) / period;
    for (int64_t p = rows * columns; p < *periods * period * columns; p++)
        buffer[p] = (element)NAN;
    return buffer;
}

/* Position p of a period belongs to column p mod columns: added up in the order of the period's rows. */
static void period_fold(const struct normalize_state *state, int64_t block, const struct period_sums *from)
{
    for (enum normalize_summary_field field = SUMMARY_SUM; field <= SUMMARY_GREATEST; field++) {
        double *to = normalize_summary(state, block, field);
        for (int64_t j = 0; j < state->columns; j++)
            to[j] = field == SUMMARY_LEAST ? INFINITY : field == SUMMARY_GREATEST ? -INFINITY : 0;
    }
    double *restrict sum = normalize_summary(state, block, SUMMARY_SUM);
    double *restrict square = normalize_summary(state, block, SUMMARY_SQUARE);
    double *restrict count = normalize_summary(state, block, SUMMARY_COUNT);
    double *restrict least = normalize_summary(state, block, SUMMARY_LEAST);
    double *restrict greatest = normalize_summary(state, block, SUMMARY_GREATEST);
    for (int64_t at = 0; at < state->layout.period_width; at += state->columns)
        for (int64_t j = 0; j < state->columns; j++) {
            sum[j] += from->sum[at + j];
            square[j] += from->square[at + j];
            count[j] += from->count[at + j];
            double low = (double)from->least[at + j], high = (double)from->greatest[at + j];
            least[j] = low < least[j] ? low : least[j];
            greatest[j] = high > greatest[j] ? high : greatest[j];
        }
}

static void block_survey(const struct normalize_state *state, int64_t block, const struct period_sums *sums,
    element *buffer, int64_t begin, int64_t end)
{
    int64_t width = state->layout.period_width;
    if (state->needs_moments)
        TYPED(normalize_set_shift)(state, block, 0, state->columns);
    const double *shift = normalize_summary(state, block, SUMMARY_SHIFT);
    for (int64_t p = 0, j = 0; p < width; p++, j = j + 1 < state->columns ? j + 1 : 0) {
        sums->shift[p] = shift[j];
        sums->sum[p] = sums->square[p] = sums->count[p] = 0;
        sums->least[p] = (element)INFINITY;
        sums->greatest[p] = -(element)INFINITY;
    }
    for (int64_t i = begin; i < end; i += state->layout.tile_rows) {
        int64_t periods, next = i + state->layout.tile_rows;
        const element *tile = tile_take(state, i, next < end ? next : end, buffer, &periods);
        if (state->needs_moments)
            tile_add_moments(tile, periods, width, sums);
        if (state->needs_extremes)
            tile_add_extremes(tile, periods, width, sums);
    }
    period_fold(state, block, sums);
}

static void survey(struct normalize_state *state, int rank, int size)
{
    struct period_sums sums = period_sums_of(state, rank);
    element *buffer = TYPED(normalize_tile_buffer)(state, rank);
    int64_t first, last;
    team_share(state->layout.block_count, rank, size, &first, &last);
    for (int64_t block = first; block < last; block++) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        if (state->missing == MISSING_DROP)
            state->kept[block] = TYPED(normalize_mark_rows)(state, begin, end);
        if (state->needs_moments || state->needs_extremes)
            block_survey(state, block, &sums, buffer, begin, end);
    }
}

void TYPED(normalize_run_fused)(void *state, struct kernel_lane *lanes)
{
    /* No step of its own for marking: the survey does it while the block is in the cache. */
    static const struct normalize_steps steps = {
        .survey = survey, .merge = TYPED(normalize_merge), .apply = TYPED(normalize_fused_apply)};
    TYPED(normalize_steps_run)(state, lanes, &steps);
}
