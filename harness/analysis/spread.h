/* How times scatter: between processes and within them, and which stand far out. Pure numbers; nothing is
 * ever dropped here. */
#ifndef ACELERA_SPREAD_H
#define ACELERA_SPREAD_H

#include "harness/analysis/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Relative standard deviations (of the logarithms) of the random-effects model log t = μ + process +
 * iteration (Kalibera & Jones, ISMM 2013, section 6; unequal counts: Searle, Casella & McCulloch, Variance
 * Components, 1992, section 3.6). Unknown is NaN. The interval has its level where processes scatter about
 * normally; a variance has none for every distribution: under a heavy tail (lognormal, σ = 1) it covers
 * 0.75. */
struct variance_split {
    double between, within;
    double share_between;           /* between² / (between² + within²) */
    struct interval share_interval; /* bootstrap by process; NaN below 12 processes */
};

/* seconds[i]: the count[i] timed iterations of process i, all positive. NaN below two processes, or with one
 * iteration in each: what varies within cannot then be told from what varies between. */
void variance_split_of(const double *const *seconds, const size_t *count, size_t processes, uint64_t seed,
    struct variance_split *split);

/* Tukey's fences (Exploratory Data Analysis, 1977): beyond 1.5 interquartile ranges outside the quartiles.
 * Sets marked[i] (may be NULL) and returns how many; none below 5 values. */
size_t tukey_mark(const double *values, size_t n, bool *marked);

#endif
