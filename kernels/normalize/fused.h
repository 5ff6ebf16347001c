/* What the parts of the fused variant share. Refuses to be included by other variants. */
#ifndef ACELERA_NORMALIZE_FUSED_H
#define ACELERA_NORMALIZE_FUSED_H

#include "kernels/integers.h"
#include "kernels/normalize/normalize.h"
#include "kernels/normalize/vectors.h"
#include "kernels/streaming.h"

/* ---- fused_drop.c: rows with NaN, found and left out a tile at a time ---- */

/* Sets keep for rows [begin, end), returns how many are kept. */
int64_t TYPED(normalize_fused_mark_rows)(struct normalize_state *state, int64_t begin, int64_t end);
/* As a step of its own, for tables whose blocks are surveyed in panels. */
void TYPED(normalize_fused_mark)(struct normalize_state *state, int rank, int size);
/* The kept rows of [begin, end), without gaps, to `to`, which has room for all of them and a row or a
 * register more. Returns how many. */
int64_t TYPED(normalize_gather)(const struct normalize_state *state, int64_t begin, int64_t end, element *to);

/* ---- fused_l2.c ---- */

/* `rows` cleaned rows from x to y. */
void TYPED(normalize_fused_l2)(
    const struct normalize_state *state, const element *x, element *y, int64_t rows);

/* ---- fused.c: the first pass ---- */

/* The sums of one block and panel. Position p holds column p mod columns of a whole table, column first + p
 * of a panel. */
struct normalize_sums {
    double *shift, *sum, *square, *count;
    element *least, *greatest;
};

/* Moments of some registers from position p on: begun, with the shifts that they need; and added to the sums,
 * all but the counts. */
static inline __attribute__((always_inline)) void moments_begin(
    const struct normalize_sums *sums, int64_t p, int vectors, struct vector_moments *own, wide *shift)
{
    for (int v = 0; v < vectors; v++)
        own[v] = (struct vector_moments){.count = {0}};
    for (int h = 0; h < vectors * HALVES; h++)
        shift[h] = *(const wide_unaligned *)(sums->shift + p + h * WIDE_LANES);
}
static inline __attribute__((always_inline)) void moments_put_by(
    const struct normalize_sums *sums, int64_t p, int vectors, const struct vector_moments *own)
{
    for (int h = 0; h < vectors * HALVES; h++) {
        *(wide_unaligned *)(sums->sum + p + h * WIDE_LANES) += own[h / HALVES].sum[h % HALVES];
        *(wide_unaligned *)(sums->square + p + h * WIDE_LANES) += own[h / HALVES].square[h % HALVES];
    }
}

/* Of one register: how many entries are numbers. */
static inline __attribute__((always_inline)) void counts_put_by(
    const struct normalize_sums *sums, int64_t p, vector_mask count)
{
    for (int h = 0; h < HALVES; h++)
        *(wide_unaligned *)(sums->count + p + h * WIDE_LANES) += counts_widen(count, h);
}

/* Periods of `width` positions, at these offsets from `data`. What is needed soon lies `ahead`; with each
 * period that is added up it is asked for `ahead_step` further on, 0: without a gap. Where `keep` is not NULL
 * the tile's rows are in order, and only those that it keeps count. */
struct normalize_tile {
    const element *data;
    const int64_t *offset;
    int64_t periods, width, ahead, ahead_step;
    const unsigned char *keep;
    int64_t every[NORMALIZE_CHAIN],
        kept[NORMALIZE_CHAIN]; /* offsets: one period after the other; chosen rows */
};

/* What a thread works with, in its own memory and on its stack. */
struct normalize_survey {
    struct normalize_sums sums;
    struct normalize_tile tile;
};
void TYPED(normalize_fused_survey_begin)(
    const struct normalize_state *state, struct normalize_survey *survey, int rank);
/* The summary of one block, columns [first, last). */
void TYPED(normalize_fused_survey)(struct normalize_state *state, int64_t block, int64_t first, int64_t last,
    struct normalize_survey *survey, int rank);

/* ---- fused_moments.c, fused_extremes.c: tables in one panel, whose rows all count ---- */

/* The sums, or the least and greatest entries, of rows from `begin` on; the row that comes next, from which
 * on to `end` they are left to others. */
int64_t TYPED(normalize_fused_moments)(
    const struct normalize_state *state, const struct normalize_sums *sums, int64_t begin, int64_t end);
int64_t TYPED(normalize_fused_extremes)(
    const struct normalize_state *state, const struct normalize_sums *sums, int64_t begin, int64_t end);

/* ---- fused_strips.c: few rows, so that both passes go over a strip of columns while it is cached ---- */

/* Each thread's part; instead of survey, merge and apply. */
void TYPED(normalize_fused_strips)(struct normalize_state *state, int rank, int size);

/* ---- fused_apply.c: the second pass ---- */

/* `count` entries from x to y, the first of which has position p of a pattern. Asks for what lies `ahead`
 * where the result goes past the caches. */
void TYPED(normalize_fused_scale)(const struct normalize_state *state, const element *x, element *y,
    int64_t count, int64_t p, int64_t ahead);
void TYPED(normalize_fused_apply)(struct normalize_state *state, int rank, int size);

/* Room for one tile, in the thread's own memory behind its sums. Narrow tables only. */
static inline element *normalize_tile_buffer(const struct normalize_state *state, int rank)
{
    return (element *)(void *)(normalize_scratch(state, rank) + 6 * normalize_sums_room(&state->layout));
}

/* A register at a place that is aligned where `stream`. */
static inline __attribute__((always_inline)) void vector_put(element *to, vector value, bool stream)
{
    if (stream)
        streaming_put(to, (streaming_vector)value);
    else
        *(vector_unaligned *)to = value;
}

/* The first `count` lanes of a register, fewer than all. One by one: between streaming stores a masked store
 * is the slower way. */
static inline __attribute__((always_inline)) void vector_put_some(element *to, vector value, int64_t count)
{
    element lanes[VECTOR_LANES] __attribute__((aligned(VECTOR_BYTES)));
    *(vector *)(void *)lanes = value;
    for (int64_t lane = 0; lane < count; lane++)
        to[lane] = lanes[lane];
}

/* How many of `count` elements lie before the first address at which a register is aligned. */
static inline int64_t elements_before_alignment(const element *y, int64_t count)
{
    uintptr_t beyond = (uintptr_t)y % VECTOR_BYTES;
    int64_t head = beyond == 0 ? 0 : (int64_t)((VECTOR_BYTES - beyond) / sizeof(element));
    return head < count ? head : count;
}

/* Which of `count` elements are written register by register. Past the caches whole lines are, and what else
 * is in the first and last line is written the ordinary way, and asked for here: a line to which both kinds
 * of stores go is written out between them, and read again. (Seen on a Zen 3: a third of a microsecond each;
 * rows to drop, of which each slice begins and ends such a line, are 1.05 to 1.15 times as fast.) */
struct stretch {
    int64_t begin, end;
};
static inline struct stretch stretch_of(const element *y, int64_t count, bool stream)
{
    if (!stream)
        return (struct stretch){elements_before_alignment(y, count), count};
    const int64_t line = STREAMING_LINE_BYTES / (int64_t)sizeof(element),
                  past = (int64_t)((uintptr_t)(y + count) % STREAMING_LINE_BYTES / sizeof(element)),
                  before = (count - past) & (line - 1);
    __builtin_prefetch(y, 1);
    __builtin_prefetch(y + count, 1);
    return before + past < count ? (struct stretch){before, count - past} : (struct stretch){count, count};
}

#endif
