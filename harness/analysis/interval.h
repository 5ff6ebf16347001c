/* Order statistics: medians and distribution-free intervals for a median.
 *
 * Pure functions on numbers. A missing value is NaN and is left out; of a pair, either half being missing
 * leaves out the pair. `n` below counts what is left.
 */
#ifndef ACELERA_INTERVAL_H
#define ACELERA_INTERVAL_H

#include <stddef.h>

/* Values that do not exist are NaN. */
struct interval {
    double low, high;
    double level; /* true coverage, 0.95 or less; NaN if there is no interval (fewer than two values) */
};

enum { INTERVAL_NOMINAL_FROM = 6 }; /* fewest values that give a 95 % interval for a median */

/* Median (mean of the middle two for even n); NaN for n = 0. `values` need not be sorted and is not
 * changed. */
double median_of(const double *values, size_t n);

/* Quantile q in [0, 1], linear between order statistics (Hyndman & Fan 1996, type 7); NaN for n = 0. */
double quantile_of(const double *values, size_t n, double q);

/* Interval for the median of a continuous distribution.
 *
 * n ≥ 6: nominal 95 %, interpolated between adjacent order statistics (Hettmansperger & Sheather 1986, eq.
 * (2); Nyblom 1992), level 0.95; but not across a gap wider than the rest of the interval if that could cost
 * more than 0.03 of its coverage: with half of the values in each of two modes it covers 0.92 to 0.98 (of 7
 * values 0.984), where interpolating everywhere would cover 0.88 of 7 and 0.89 of 10. 2 ≤ n ≤ 5: minimum to
 * maximum under its true level 1 − 2^(1−n). n < 2: all NaN. */
struct interval median_interval(const double *values, size_t n);

/* Interval for the median of exp(log ratio): median_interval on the logarithms of numerator[i] /
 * denominator[i], exponentiated. `point` is exp of the median log-ratio. All values must be positive. */
struct interval ratio_interval(const double *numerator, const double *denominator, size_t n, double *point);

/* The same at another level, for judging several rows together (0 < level < 1). Where the values are too few
 * for it the interval is NaN: never one of a lower level. */
struct interval median_interval_at(const double *values, size_t n, double level);

/* The same for the median of exp(log ratio), as ratio_interval() has it, of ratios already taken. Where they
 * are too few for `level` the interval is their range, if that covers `least`. */
struct interval ratios_interval_at(const double *ratio, size_t n, double level, double least, double *point);

/* Interval for quantile q (0 < q < 1) by two order statistics, the narrowest whose level is at least 0.95 by
 * the binomial distribution; `level` is the true one. All NaN where none exists: 1 − q^n − (1 − q)^n < 0.95.
 * `point` is quantile_of(). */
struct interval quantile_interval(const double *values, size_t n, double q, double *point);

/* The fewest values for which quantile_interval() exists. */
size_t quantile_values_needed(double q);

/* Half the interval's width relative to the median; NaN where there is no interval. */
double interval_precision(struct interval interval, double median);

#endif
