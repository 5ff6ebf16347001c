/* The first pass where it adds up moments alone, of rows that all count: some places of a block are read at
 * once, each from end to end, so that the processor's own prefetchers have as many runs to follow; a few
 * periods of each at a time.
 *
 * These are cleaned first: copied to the first-level cache with the provisional mean in the place of what is
 * missing, which so adds nothing, and counted. Of f32 a register is looked at once then, where each of its
 * halves would be masked in f64. While a copy is added up, the next periods are asked for, evenly.
 *
 * Seen on a Zen 3: 1.05 to 1.15 times as fast as tiles of which each masks its own, from 8 columns on, for
 * periods up to the longest here; beyond, sums go to memory too often. With AVX-512 masks cost less than
 * a copy, so tiles that are read from end to end are left to others; with longer periods they are not, and
 * this is 1.05 to 1.3 times as fast (Zen 4).
 *
 * Refuses extremes, rows to drop, and tables that are cut into panels. */
#include "kernels/normalize/fused.h"

enum {
    PLACES = NORMALIZE_PLACES,
    TILE = 4096 / sizeof(element), /* elements at a time, or a period of each place */
    PERIODS_MOST = NORMALIZE_CHAIN,
#if defined(__AVX512F__)
    PERIOD_LEAST = NORMALIZE_GROUP + 1,
    PERIOD_MOST = 256,
#else
    PERIOD_LEAST = 1,
    PERIOD_MOST = ELEMENT_BITS == 32 ? 64 : 320,
#endif
    CLEAN_MOST = TILE > PLACES *PERIOD_MOST ? TILE : PLACES *PERIOD_MOST,
    LINE = 64 / sizeof(element),
    GROUP_REGISTERS = NORMALIZE_GROUP / VECTOR_LANES,
    CLEANED_REGISTERS = 4, /* at a time: their counts and means fit the registers */
};

_Static_assert(PERIOD_MOST % VECTOR_LANES == 0, "the longest period fills whole registers");

/* Periods of `width` positions at these offsets from `data`; those of the next tile lie `ahead`. */
struct periods {
    const element *data;
    int64_t count, width, ahead, offset[PERIODS_MOST];
    element *clean; /* the periods one after the other, each whole registers long */
    int64_t stride;
};

/* `vectors` registers of all periods from position p on. */
static inline __attribute__((always_inline)) void group_clean(
    const struct periods *periods, const struct normalize_sums *sums, int64_t p, const int vectors)
{
    vector_mask count[CLEANED_REGISTERS];
    vector mean[CLEANED_REGISTERS];
    for (int v = 0; v < vectors; v++) {
        count[v] = (vector_mask)(vector){0};
        wide halves[HALVES];
        for (int h = 0; h < HALVES; h++)
            halves[h] = *(const wide_unaligned *)(sums->shift + p + v * VECTOR_LANES + h * WIDE_LANES);
        mean[v] = vector_narrowed(halves);
    }
    element *to = periods->clean + p;
    for (int64_t i = 0; i < periods->count; i++, to += periods->stride) {
        const element *from = periods->data + periods->offset[i] + p;
        for (int v = 0; v < vectors; v++) {
            const vector x = *(const vector_unaligned *)(from + v * VECTOR_LANES);
            count[v] -= x == x;
            *(vector_unaligned *)(to + v * VECTOR_LANES) = vector_or(x, x, mean[v]);
        }
    }
    for (int v = 0; v < vectors; v++)
        counts_put_by(sums, p + v * VECTOR_LANES, count[v]);
}

static inline __attribute__((always_inline)) void group_add(
    const struct periods *periods, const struct normalize_sums *sums, int64_t p, const int vectors)
{
    struct vector_moments own[GROUP_REGISTERS];
    wide shift[GROUP_REGISTERS * HALVES];
    moments_begin(sums, p, vectors, own, shift);
    const element *from = periods->clean + p, *ahead = periods->data + periods->ahead + p;
    for (int64_t i = 0; i < periods->count; i++, from += periods->stride) {
        for (int64_t line = 0; line < vectors * VECTOR_LANES; line += LINE)
            __builtin_prefetch(ahead + periods->offset[i] + line, 0, 3);
        for (int v = 0; v < vectors; v++)
            vector_add_numbers(&own[v], from + v * VECTOR_LANES, shift + v * HALVES);
    }
    moments_put_by(sums, p, vectors, own);
}

/* The last register may reach past a period: what it finds there lands behind the sums. */
static void periods_add(const struct periods *periods, const struct normalize_sums *sums)
{
    const int64_t end = periods->width + VECTOR_LANES - 1;
    int64_t p = 0;
    for (; p + CLEANED_REGISTERS * VECTOR_LANES <= end; p += CLEANED_REGISTERS * VECTOR_LANES)
        group_clean(periods, sums, p, CLEANED_REGISTERS);
    switch ((end - p) / VECTOR_LANES) {
    case 3:
        group_clean(periods, sums, p, 3);
        break;
    case 2:
        group_clean(periods, sums, p, 2);
        break;
    case 1:
        group_clean(periods, sums, p, 1);
    }
    p = 0;
    for (; p + NORMALIZE_GROUP <= end; p += NORMALIZE_GROUP)
        group_add(periods, sums, p, GROUP_REGISTERS);
    for (; p + VECTOR_LANES <= end; p += VECTOR_LANES)
        group_add(periods, sums, p, 1);
}

int64_t TYPED(normalize_fused_moments)(
    const struct normalize_state *state, const struct normalize_sums *sums, int64_t begin, int64_t end)
{
    element clean[CLEAN_MOST] __attribute__((aligned(64)));
    const int64_t rows = state->layout.period_rows, width = state->layout.period_width,
                  stride = (width + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    if (width < PERIOD_LEAST || stride > PERIOD_MOST)
        return begin;
    struct periods periods; /* no initializer, which would clear all offsets */
    periods.data = state->table + begin * state->columns;
    periods.width = width;
    periods.clean = clean;
    periods.stride = stride;
    const int64_t each = greatest(1, least(TILE / stride, PERIODS_MOST) / PLACES); /* of a place at a time */
    const int64_t turns = (end - begin) / rows / PLACES / each;
    periods.count = PLACES * each;
    periods.ahead = each * width;
    for (int64_t i = 0; i < periods.count; i++)
        periods.offset[i] = (i % PLACES * turns * each + i / PLACES) * width;
    for (int64_t turn = 0; turn < turns; turn++, periods.data += each * width)
        periods_add(&periods, sums);
    return begin + turns * each * PLACES * rows;
}
