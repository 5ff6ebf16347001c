/* How much one sample is shifted against another: the estimate of Hodges & Lehmann and the interval that
 * belongs to the rank-sum test. Pure numbers.
 *
 * Hodges & Lehmann, Ann. Math. Statist. 34, 1963; Mann & Whitney, Ann. Math. Statist. 18, 1947. */
#ifndef ACELERA_SHIFT_H
#define ACELERA_SHIFT_H

#include "harness/analysis/interval.h"

#include <stddef.h>

/* The ratio b / a as the median of all ratios of one value of b to one of a; positive values, NaN left out.
 * The interval is the narrowest whose level by the rank-sum distribution is at least `level` (below 1), or
 * the range where they are too few for that but the range covers `least`; its `level` is the true one. Under
 * equal distributions it excludes 1 with probability 1 − level. All NaN where none exists. */
struct interval shift_interval_at(const double *a, size_t a_count, const double *b, size_t b_count,
    double level, double least, double *point);

/* The fewest values a side, as many on both, that give an interval at this level. */
size_t shift_values_needed(double level);

#endif
