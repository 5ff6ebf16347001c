/* One row divided by its Euclidean norm: the plain way, and the way that does not overflow. Refuses more
 * than a row: no threads, no blocks. */
#include "kernels/normalize/normalize.h"

#include <math.h>

/* The filler where an entry is missing; a NaN filler leaves it NaN, and NaN counts for nothing in the norm.
 */
static inline element cleaned(element x, element filler)
{
    return x == x ? x : filler;
}

void TYPED(normalize_l2_row)(const element *x, const element *filler, element *y, int64_t columns)
{
    double square = 0;
    for (int64_t j = 0; j < columns; j++) {
        double v = (double)cleaned(x[j], filler[j]);
        square += v == v ? v * v : 0;
    }
    /* Beyond, squares or the reciprocal could lose bits; infinity and NaN are beyond too. */
    if (!(square <= NORMALIZE_SQUARE_GREATEST)) {
        TYPED(normalize_l2_row_careful)(x, filler, y, columns);
        return;
    }
    element factor = square < NORMALIZE_SQUARE_LEAST ? 1 : (element)(1 / sqrt(square));
    for (int64_t j = 0; j < columns; j++)
        y[j] = cleaned(x[j], filler[j]) * factor;
}

void TYPED(normalize_l2_row_careful)(const element *x, const element *filler, element *y, int64_t columns)
{
    double greatest = 0, square = 0;
    /* Not fmax(): GCC 12 breaks off at it where there is SVE. */
    for (int64_t j = 0; j < columns; j++) {
        double size = fabs((double)cleaned(x[j], filler[j]));
        greatest = size > greatest ? size : greatest;
    }
    /* An exact power of two brings the greatest entry near 1. */
    double power = isfinite(greatest) ? ldexp(1, -ilogb(greatest)) : 1;
    for (int64_t j = 0; j < columns; j++) {
        double v = (double)cleaned(x[j], filler[j]) * power;
        square += v == v ? v * v : 0;
    }
    double norm = isfinite(greatest) ? sqrt(square) : NAN;
    for (int64_t j = 0; j < columns; j++)
        y[j] = (element)((double)cleaned(x[j], filler[j]) * power / norm);
}
