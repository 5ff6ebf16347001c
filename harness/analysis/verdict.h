/* Is B slower than A? Verdicts for a family of rows, each from one interval whose level pays for the others
 * (Holm, Scand. J. Statist. 6, 1979). Pure numbers.
 *
 * A ratio is time of B / time of A: above 1, B is slower. */
#ifndef ACELERA_VERDICT_H
#define ACELERA_VERDICT_H

#include "harness/analysis/interval.h"

#include <stddef.h>

enum verdict { VERDICT_EQUIVALENT, VERDICT_FASTER, VERDICT_SLOWER, VERDICT_INCONCLUSIVE };

/* "equivalent" "faster" "slower" "inconclusive" */
const char *verdict_name(enum verdict verdict);

/* One row: n paired ratios (one per block), or the medians of several runs on each side. */
struct verdict_row {
    /* Given. Either pairs … */
    const double *ratio; /* NaN where one half is missing */
    size_t pairs;
    /* … or runs: medians of a_count runs of A, b_count of B (ratio NULL). */
    const double *a, *b;
    size_t a_count, b_count;

    /* Found. */
    double point; /* exp of the median log-ratio (runs: Hodges & Lehmann, 1963) */
    struct interval
        interval; /* the one the verdict comes from, at its Holm-adjusted level; NaN if none exists */
    enum verdict verdict;
    const char *why; /* a static sentence where nothing could be decided for want of data; else NULL */
};

/* Decides, in this order: equivalent when inside (1/(1+δ), 1+δ); slower or faster when the interval excludes
 * 1 (runs: and the whole of it lies beyond δ); else inconclusive. `delta` is relative, 0.01. */
void verdict_decide(struct verdict_row *rows, size_t count, double delta);

/* How many pairs a family of m rows needs for any verdict: 1 + log₂(m / 0.05), rounded up. */
size_t verdict_pairs_needed(size_t rows);

/* One run a side: the interval within the runs says nothing of the change between them. Slower or faster only
 * if the whole interval lies beyond δ and beyond `machine_change`, the ratio of the runs' own ceilings (the
 * largest and the smallest of them; NaN unknown: then never slower or faster). */
void verdict_between_two_runs(
    struct verdict_row *rows, size_t count, double delta, double machine_low, double machine_high);

/* One-sided 95 % upper bound for a probability after `hits` of `trials` (Clopper & Pearson, Biometrika 26,
 * 1934). */
double clopper_pearson_upper(size_t hits, size_t trials);

#endif
