/* What both ways of l2 in the fused variant share: sums of squares, and the factor that follows from one. */
#ifndef ACELERA_NORMALIZE_FUSED_L2_H
#define ACELERA_NORMALIZE_FUSED_L2_H

#include "kernels/normalize/fused.h"

enum { NORMALIZE_SHORT_MOST = 12 };

/* fused_l2_short.c: normalize_fused_l2() for rows of so few columns that a register's worth of rows stays in
 * registers. Of which numbers, the way in which they are added up decides. */
static inline bool normalize_is_short(int64_t columns)
{
    return columns <= NORMALIZE_SHORT_MOST && wide_sums_rows_of(columns);
}
void TYPED(normalize_fused_l2_short)(
    const struct normalize_state *state, const element *x, element *y, int64_t rows);

static inline __attribute__((always_inline)) wide wide_cleaned(
    const element *x, const element *filler, bool impute)
{
    wide v = wide_load(x);
    return impute ? wide_select(v == v, v, wide_load(filler)) : v;
}

/* Squares of a row's entries, NaN left out, added up lane by lane. */
static inline __attribute__((always_inline)) wide row_squares(
    const element *x, const element *filler, int64_t columns, bool impute)
{
    enum { CHAINS = 4 };
    wide sum[CHAINS] = {{0}};
    int64_t j = 0;
    for (; j + CHAINS * WIDE_LANES <= columns; j += CHAINS * WIDE_LANES)
        for (int c = 0; c < CHAINS; c++)
            sum[c] = wide_add_square(
                sum[c], wide_cleaned(x + j + c * WIDE_LANES, filler + j + c * WIDE_LANES, impute));
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES)
        sum[0] = wide_add_square(sum[0], wide_cleaned(x + j, filler + j, impute));
    wide total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    for (int lane = 0; j < columns; j++, lane++) {
        double v = (double)(impute && x[j] != x[j] ? filler[j] : x[j]);
        total[lane] += v == v ? v * v : 0;
    }
    return total;
}

/* As many rows as f64 registers have lanes, side by side: a register each, so that no addition waits for the
 * one before, and their totals come as one register. The last entries of a row come with what follows it. */
static inline __attribute__((always_inline)) wide rows_squares(
    const element *x, const element *filler, int64_t columns, bool impute)
{
    wide part[WIDE_LANES] = {{0}};
    int64_t j = 0;
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES)
        for (int r = 0; r < WIDE_LANES; r++)
            part[r] = wide_add_square(part[r], wide_cleaned(x + r * columns + j, filler + j, impute));
    if (j < columns) {
        wide lane = {0};
        for (int l = 0; l < WIDE_LANES; l++)
            lane[l] = l;
        const wide_mask own = lane < (double)(columns - j);
        for (int r = 0; r < WIDE_LANES; r++) {
            wide last = wide_cleaned(x + r * columns + j, filler + j, impute);
            part[r] = wide_add_square(part[r], (wide)((wide_mask)last & own));
        }
    }
    return wide_row_sums(part, WIDE_LANES);
}

/* What a row is multiplied by, whose sum of squares is at most NORMALIZE_SQUARE_GREATEST. */
static inline wide wide_factor(wide total)
{
    const wide zero = {0};
    return wide_select(total < zero + NORMALIZE_SQUARE_LEAST, zero + 1, wide_inverse_root(total));
}

#endif
