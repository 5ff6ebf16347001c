/* What the parts of the fused variant share. */
#ifndef ACELERA_NORMALIZE_FUSED_H
#define ACELERA_NORMALIZE_FUSED_H

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

/* ---- fused_apply.c: the second pass ---- */
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
        STREAMING_STORE(to, value);
    else
        *(vector_unaligned *)to = value;
}

/* The first `count` lanes of a register, fewer than all. */
static inline __attribute__((always_inline)) void vector_put_some(element *to, vector value, int64_t count)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)value);
#elif defined(__AVX512F__)
    _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)value);
#else
    for (int lane = 0; lane < count; lane++)
        to[lane] = value[lane];
#endif
}

/* How many of `count` elements lie before the first address at which a register is aligned. */
static inline int64_t elements_before_alignment(const element *y, int64_t count)
{
    uintptr_t beyond = (uintptr_t)y % VECTOR_BYTES;
    int64_t head = beyond == 0 ? 0 : (int64_t)((VECTOR_BYTES - beyond) / sizeof(element));
    return head < count ? head : count;
}

#endif
