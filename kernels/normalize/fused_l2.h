/* What both ways of l2 in the fused variant share. */
#ifndef ACELERA_NORMALIZE_FUSED_L2_H
#define ACELERA_NORMALIZE_FUSED_L2_H

#include "kernels/normalize/fused.h"

/* fused_l2_short.c: normalize_fused_l2() for rows of few columns; of how many, wide_row_sums() decides, or
 * where fused_l2_pairs.h takes its place that one. */
#define NORMALIZE_SHORT_WIDE(X) X(1) X(2) X(3) X(4) X(6) X(8) X(12)
#if ELEMENT_BITS == 32 && defined(__AVX2__) && !defined(__AVX512F__)
#    define NORMALIZE_IN_PAIRS    1
#    define NORMALIZE_SHORT_OF(X) NORMALIZE_SHORT_WIDE(X) X(5) X(7) X(9) X(10) X(11) X(13) X(14) X(15) X(16)
enum { NORMALIZE_SHORT_MOST = 16 };
#else
#    define NORMALIZE_IN_PAIRS    0
#    define NORMALIZE_SHORT_OF(X) NORMALIZE_SHORT_WIDE(X)
enum { NORMALIZE_SHORT_MOST = WIDE_ROW_MOST };
#endif
static inline bool normalize_is_short(int64_t columns)
{
#define IS(COLUMNS) || columns == (COLUMNS)
    return false NORMALIZE_SHORT_OF(IS);
#undef IS
}
void TYPED(normalize_fused_l2_short)(
    const struct normalize_state *state, const element *x, element *y, int64_t rows);

static inline __attribute__((always_inline)) wide wide_cleaned(
    const element *x, const element *filler, bool impute)
{
    wide v = wide_load(x);
    return impute ? wide_select(v == v, v, wide_load(filler)) : v;
}

/* What a row is multiplied by, whose sum of squares is at most NORMALIZE_SQUARE_GREATEST. */
static inline wide wide_factor(wide total)
{
    const wide zero = {0};
    return wide_select(total < zero + NORMALIZE_SQUARE_LEAST, zero + 1, wide_inverse_root(total));
}

#endif
