/* What the ways of l2 in the fused variant share. Refuses to write a result. */
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

/* fused_l2_long.c: the same for rows of many columns. */
void TYPED(normalize_fused_l2_long)(
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

/* The lanes below `count`. */
static inline wide_mask wide_first(int64_t count)
{
    wide lane = {0};
    for (int l = 0; l < WIDE_LANES; l++)
        lane[l] = l;
    return lane < (double)count;
}

/* Squares of a row's entries are added up lane by lane, in so many registers, so that few additions wait for
 * the one before; and so many entries at a time. */
enum { SQUARE_CHAINS = 4, SQUARE_STEP = SQUARE_CHAINS * WIDE_LANES };

/* Those of whole steps of entries, from `begin` up to `end`; NaN is left out. With them what lies so far
 * ahead is asked for; 0: nothing. */
static inline __attribute__((always_inline)) void squares_add(wide sum[SQUARE_CHAINS], const element *x,
    const element *filler, int64_t begin, int64_t end, bool impute, int ahead_bytes)
{
    for (int64_t j = begin; j < end; j += SQUARE_STEP) {
        if (ahead_bytes > 0)
            streaming_prefetch(x + j, ahead_bytes, SQUARE_STEP * (int)sizeof(element));
        for (int c = 0; c < SQUARE_CHAINS; c++)
            sum[c] = wide_add_square(
                sum[c], wide_cleaned(x + j + c * WIDE_LANES, filler + j + c * WIDE_LANES, impute));
    }
}

/* And those of the rest, from `j` on. The last come with what follows them. Returns the row's total. */
static inline __attribute__((always_inline)) double squares_total(
    wide sum[SQUARE_CHAINS], const element *x, const element *filler, int64_t j, int64_t columns, bool impute)
{
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES)
        sum[0] = wide_add_square(sum[0], wide_cleaned(x + j, filler + j, impute));
    if (j < columns) {
        wide last = wide_cleaned(x + j, filler + j, impute);
        sum[1] = wide_add_square(sum[1], (wide)((wide_mask)last & wide_first(columns - j)));
    }
    return wide_total((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

static inline __attribute__((always_inline)) double row_total(
    const element *x, const element *filler, int64_t columns, bool impute)
{
    const int64_t whole = columns / SQUARE_STEP * SQUARE_STEP;
    wide sum[SQUARE_CHAINS] = {{0}};
    squares_add(sum, x, filler, 0, whole, impute, 0);
    return squares_total(sum, x, filler, whole, columns, impute);
}

/* A register of cleaned entries times `by`. */
static inline __attribute__((always_inline)) vector register_scaled(
    const element *x, const element *filler, vector by, bool impute)
{
    vector v = *(const vector_unaligned *)x;
    if (impute)
        v = vector_select(v == v, v, *(const vector_unaligned *)filler);
    return v * by;
}

/* Of a register in which a row ends: `own` for its first `count` lanes, `next` for the others. */
static inline __attribute__((always_inline)) vector factor_of_two(vector own, vector next, int64_t count)
{
    lane_numbers lane = {0};
    for (int l = 0; l < VECTOR_LANES; l++)
        lane[l] = l;
    return vector_select((vector_mask)(lane < (lane_index)count), own, next);
}

#endif
