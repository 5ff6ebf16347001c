/* What rows of a few f32 columns are multiplied by under l2, a register of rows at a time. Sums of squares
 * are kept as pairs of f32, whose second part is what the first one rounds off: as good as f64 here, and a
 * register holds twice as many rows.
 *
 * Ogita, Rump & Oishi, "Accurate Sum and Dot Product", SIAM Journal on Scientific Computing 26(6), 2005:
 * algorithms 3.1 (TwoSum), 3.5 (TwoProductFMA) and 5.3 (Dot2).
 *
 * Refuses f64. */
#ifndef ACELERA_NORMALIZE_FUSED_L2_PAIRS_H
#define ACELERA_NORMALIZE_FUSED_L2_PAIRS_H

#include "kernels/normalize/fused_l2.h"
#include "kernels/unroll.h"

#if NORMALIZE_IN_PAIRS
struct pair {
    vector high, low;
};

/* x², exactly but for what underflows. The product must not be contracted with what it is added to. */
static inline __attribute__((always_inline)) struct pair pair_square(vector x)
{
    vector high = x * x;
    __asm__("" : "+x"(high));
    return (struct pair){high, (vector)_mm256_fmsub_ps((__m256)x, (__m256)x, (__m256)high)};
}

static inline __attribute__((always_inline)) struct pair pair_sum(struct pair a, struct pair b)
{
    vector sum = a.high + b.high, part = sum - a.high;
    return (struct pair){sum, ((a.high - (sum - part)) + (b.high - part)) + (a.low + b.low)};
}

/* 1/√s to 2^-32 before it is rounded. The estimate is cut to 12 bits, so that its square has no error, and
 * then corrected by a step that leaves 5/16 of the third power of 1 - s·r², which is below 2^-10. */
static inline __attribute__((always_inline)) vector pair_inverse_root(struct pair s)
{
    const vector_mask bits = (vector_mask)_mm256_rsqrt_ps((__m256)s.high) & ~0xfff;
    const vector r = (vector)bits, square = r * r, one = (vector){0} + 1;
    const vector rest =
        (vector)_mm256_fnmadd_ps((__m256)s.high, (__m256)square, (__m256)one) - s.low * square;
    return r + r * (rest * (0.5F + 0.375F * rest));
}

/* Four entries from `low` on and four from `high` on, imputed. */
static inline __attribute__((always_inline)) vector pair_load(
    const element *low, const element *high, const element *filler, bool impute)
{
    vector v = (vector)_mm256_set_m128(_mm_loadu_ps(high), _mm_loadu_ps(low));
    return impute ? vector_or(v, v, (vector)_mm256_set_m128(_mm_loadu_ps(filler), _mm_loadu_ps(filler))) : v;
}

/* Columns first to first + 3 of VECTOR_LANES rows, each as a register in the order of the rows. */
static inline __attribute__((always_inline)) void pair_columns(
    const element *x, const element *filler, int columns, int first, bool impute, vector *column)
{
    vector row[4];
    for (int r = 0; r < 4; r++)
        row[r] = pair_load(x + r * columns + first, x + (r + 4) * columns + first, filler + first, impute);
    for (int half = 0; half < 2; half++) {
        __m256 a = half == 0 ? _mm256_unpacklo_ps((__m256)row[0], (__m256)row[1])
                             : _mm256_unpackhi_ps((__m256)row[0], (__m256)row[1]);
        __m256 b = half == 0 ? _mm256_unpacklo_ps((__m256)row[2], (__m256)row[3])
                             : _mm256_unpackhi_ps((__m256)row[2], (__m256)row[3]);
        column[2 * half] = (vector)_mm256_shuffle_ps(a, b, _MM_SHUFFLE(1, 0, 1, 0));
        column[2 * half + 1] = (vector)_mm256_shuffle_ps(a, b, _MM_SHUFFLE(3, 2, 3, 2));
    }
}

/* All `columns` of VECTOR_LANES rows; may read as far as 4 entries from the last row's first one. */
static inline __attribute__((always_inline)) void pair_table(
    const element *x, const element *filler, int columns, bool impute, vector *column)
{
    if (columns == 1) {
        column[0] = *(const vector_unaligned *)x;
        if (impute)
            column[0] = vector_or(column[0], column[0], *(const vector_unaligned *)filler);
    } else if (columns == 2) {
        __m256 a = (__m256)pair_load(x, x + 8, filler, impute),
               b = (__m256)pair_load(x + 4, x + 12, filler, impute);
        column[0] = (vector)_mm256_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0));
        column[1] = (vector)_mm256_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1));
    } else {
        for (int j = 0; j < columns; j += 4) {
            const int first = j == 0 || j + 4 <= columns ? j : columns - 4;
            pair_columns(x, filler, columns, first, impute, column + first);
        }
    }
}

/* Σx² of VECTOR_LANES rows. */
static inline __attribute__((always_inline)) struct pair pair_rows_squares(
    const element *x, const element *filler, int columns, bool impute)
{
    vector column[NORMALIZE_SHORT_MOST];
    struct pair sum = {{0}, {0}};
    pair_table(x, filler, columns, impute, column);
    UNROLL for (int j = 0; j < columns; j++)
    {
        struct pair square = pair_square((vector)((vector_mask)column[j] & (column[j] == column[j])));
        sum = j == 0 ? square : pair_sum(sum, square);
    }
    return sum;
}

/* What rows with these sums of squares are multiplied by. False if one is beyond what f32 can hold with ease,
 * or rounds to the least one that counts, from where only f64 tells which side it is on. */
static inline __attribute__((always_inline)) bool pair_factors(struct pair sum, vector *by)
{
    const vector least = (vector){0} + (element)NORMALIZE_SQUARE_LEAST, greatest = (vector){0} + 0x1p100F;
    *by = vector_select(sum.high < least, (vector){0} + 1, pair_inverse_root(sum));
    return _mm256_movemask_ps((__m256)((sum.high > greatest) | (sum.high == least))) == 0;
}
#endif

#endif
