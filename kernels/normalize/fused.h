/* What the two passes of the fused variant share: their vector types and the tile buffer. */
#ifndef ACELERA_NORMALIZE_FUSED_H
#define ACELERA_NORMALIZE_FUSED_H

#include "kernels/normalize/normalize.h"

#include "kernels/team.h"

#if defined(__x86_64__)
#    include <immintrin.h>
#endif

/* A full register of f64, and as many elements (half a register where they are f32). */
typedef double wide __attribute__((vector_size(VECTOR_BYTES)));
typedef double wide_unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(double)), may_alias));
typedef element narrow_unaligned
    __attribute__((vector_size(VECTOR_BYTES / 8 * sizeof(element)), aligned(sizeof(element)), may_alias));

/* What comparing two vectors gives: integers of the same width, −1 for true. */
typedef __typeof__((wide){0} == (wide){0}) wide_mask;
typedef __typeof__((vector){0} == (vector){0}) vector_mask;

/* A register of f64 from as many elements at any address. GCC splits the conversion of half a register in
 * two, so where it is one instruction it is named. */
static inline wide wide_load(const element *from)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (wide)_mm512_cvtps_pd(_mm256_loadu_ps(from));
#elif ELEMENT_BITS == 32 && defined(__AVX__)
    return (wide)_mm256_cvtps_pd(_mm_loadu_ps(from));
#else
    return __builtin_convertvector(*(const narrow_unaligned *)from, wide);
#endif
}

static inline vector vector_select(vector_mask condition, vector yes, vector no)
{
    return (vector)(((vector_mask)yes & condition) | ((vector_mask)no & ~condition));
}

/* Room for one tile, in the thread's own memory behind its sums. */
static inline element *TYPED(normalize_tile_buffer)(const struct normalize_state *state, int rank)
{
    return (element *)(void *)(normalize_scratch(state, rank) + 6 * state->layout.period_width);
}

/* The kept rows of [begin, end), without gaps, to `to`. Returns how many. */
int64_t TYPED(normalize_gather)(const struct normalize_state *state, int64_t begin, int64_t end, element *to);

/* The second pass. */
void TYPED(normalize_fused_apply)(struct normalize_state *state, int rank, int size);

#endif
