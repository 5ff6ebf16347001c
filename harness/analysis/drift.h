/* Did the machine change while it was measured? Drift over the blocks, and effects of the position within a
 * block. Pure numbers. */
#ifndef ACELERA_DRIFT_H
#define ACELERA_DRIFT_H

#include <stddef.h>

/* A monotonic trend of `values` over `at`. Unknown is NaN. */
struct trend {
    double change;  /* over the whole range of `at`, relative: 0.03 is 3 % slower at the end; by the slope of
                       Theil & Sen (Sen, JASA 63, 1968) on logarithms */
    double p_value; /* two-sided, of Kendall's tau (Kendall 1948): exact below 11 pairs unless both places and
                       values are tied, else normal with the variance under ties */
};

/* Positive values; pairs with a NaN are left out. At least 5 pairs, else all NaN. */
void trend_of(const double *at, const double *values, size_t n, struct trend *trend);

#endif
