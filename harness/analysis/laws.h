/* Laws of scaling, fitted to measured times, or the reason why not. Pure numbers.
 *
 * Amdahl (AFIPS 1967): t(p) = t₁ (σ + (1 − σ)/p). Gustafson (CACM 31(5), 1988): under fixed work per thread
 * S(p) = p − σ(p − 1). USL (Gunther, Guerrilla Capacity Planning, 2007, eq. 4.31): S(p) = p / (1 + σ(p − 1) +
 * κp(p − 1)), greatest at √((1 − σ)/κ). */
#ifndef ACELERA_LAWS_H
#define ACELERA_LAWS_H

#include "harness/analysis/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum law { LAW_AMDAHL, LAW_GUSTAFSON, LAW_USL };

/* One thread count: times of its processes, one per block, NaN where the block has none. */
struct law_point {
    int threads;
    const double *seconds; /* block_count entries */
    double clock;          /* clock at this count relative to one thread's; 1 where raw times are fitted */
};

struct law_fit {
    bool fitted;
    const char *why_not;             /* a static sentence where it is not fitted */
    double serial;                   /* σ, in [0, 1] */
    struct interval serial_interval; /* bootstrap by block; NaN below 12 blocks */
    double coherency;                /* κ ≥ 0, USL alone; else NaN */
    struct interval coherency_interval;
    double peak_threads;   /* where the USL is greatest; NaN unless inside the measured range */
    double worst_residual; /* largest |log(measured/fitted)| over the points */
};

/* Fits least squares of log times. Points ascend in threads and lie in one region of the machine (the caller
 * sees to it: never across SMT or kinds). Refuses: Amdahl below 4 points, USL below 5 points or below 16
 * threads, Gustafson below 4 points or unless `weak`, the others if `weak`; where a point has no time or no
 * clock; and where more than half of what a constant speedup leaves unexplained is left. */
void law_fit(enum law law, const struct law_point *points, size_t count, size_t block_count, bool weak,
    uint64_t seed, struct law_fit *fit);

/* The speedup that a fit gives at p threads; NaN if not fitted. */
double law_speedup(enum law law, const struct law_fit *fit, int threads);

#endif
