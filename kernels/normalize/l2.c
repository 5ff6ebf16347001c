/* One row divided by its Euclidean norm: the plain way, and the way that neither overflows nor underflows. */
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
    /* Outside this range squares or the reciprocal could lose bits; zero, infinity and NaN are outside too.
     */
    if (!(square >= NORMALIZE_SQUARE_LEAST && square <= NORMALIZE_SQUARE_GREATEST)) {
        TYPED(normalize_l2_row_careful)(x, filler, y, columns);
        return;
    }
    element factor = (element)(1 / sqrt(square));
    for (int64_t j = 0; j < columns; j++)
        y[j] = cleaned(x[j], filler[j]) * factor;
}

void TYPED(normalize_l2_row_careful)(const element *x, const element *filler, element *y, int64_t columns)
{
    double greatest = 0, square = 0;
    for (int64_t j = 0; j < columns; j++)
        greatest = fmax(greatest, fabs((double)cleaned(x[j], filler[j])));
    /* An exact power of two brings the greatest entry near 1 (2^1022 at most: the power itself must be
     * finite). */
    double power = 1;
    if (greatest > 0 && isfinite(greatest)) {
        int exponent = -ilogb(greatest);
        power = ldexp(1, exponent > 1022 ? 1022 : exponent);
    }
    for (int64_t j = 0; j < columns; j++) {
        double v = (double)cleaned(x[j], filler[j]) * power;
        square += v == v ? v * v : 0;
    }
    double norm = greatest == 0 ? 1 : isfinite(greatest) ? sqrt(square) : NAN;
    for (int64_t j = 0; j < columns; j++)
        y[j] = (element)((double)cleaned(x[j], filler[j]) * power / norm);
}
