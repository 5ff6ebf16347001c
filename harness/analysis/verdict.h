/* Is B slower than A? Verdicts for a family of rows, each from one interval whose level pays for the others
 * (Holm, Scand. J. Statist. 6, 1979). Pure numbers.
 *
 * A ratio is time of B / time of A: above 1, B is slower.
 *
 * What is guaranteed for m rows together, however the others turn out:
 * - That any row whose ratio is 1 (runs: within δ) is called slower or faster has a probability of at most
 *   5 %, and of 1 % where there are data enough. The levels are 1 − 0.01/m and, as rows are found to differ,
 *   1 − 0.01/(m − 1) and so on; a row with too few pairs for that gets the range of its ratios, if that still
 *   covers 1 − 0.05/m.
 * - That any row whose ratio lies outside the margins is called equivalent has a probability of at most 2.5
 * %: intervals at 1 − 0.05/m, of which only one end can err. (Rows at the very margin, of comparisons that
 *   stopped by verdict_must_follow(): simulated, up to 3.6 %.)
 * - Each printed interval covers its ratio at its printed level, on its own; all of them together less often.
 */
#ifndef ACELERA_VERDICT_H
#define ACELERA_VERDICT_H

#include "harness/analysis/interval.h"

#include <stdbool.h>
#include <stddef.h>

enum verdict { VERDICT_EQUIVALENT, VERDICT_FASTER, VERDICT_SLOWER, VERDICT_INCONCLUSIVE };

/* "equivalent" "faster" "slower" "inconclusive" */
const char *verdict_name(enum verdict verdict);

/* One row: n paired ratios (one per block), or the medians of several runs on each side. All rows of a family
 * are given in the same way. */
struct verdict_row {
    /* Given. Either pairs … */
    const double *ratio; /* NaN where one half is missing */
    size_t pairs;
    /* … or runs: medians of a_count runs of A, b_count of B (ratio NULL). */
    const double *a, *b;
    size_t a_count, b_count;

    /* Found. */
    double point;             /* exp of the median log-ratio (runs: Hodges & Lehmann, 1963) */
    struct interval interval; /* which the verdict comes from, at its adjusted level; NaN if none exists */
    enum verdict verdict;
    const char *why; /* a static sentence where nothing could be decided for want of data; else NULL */
};

/* Decides, in this order: equivalent when inside (1/(1+δ), 1+δ); slower or faster when the interval excludes
 * 1 (runs: and the whole of it lies beyond δ); else inconclusive. `delta` is relative, 0.01. */
void verdict_decide(struct verdict_row *rows, size_t count, double delta);

/* How many pairs a family of m rows needs for any verdict: 1 + log₂(m / 0.05), rounded up; and for one at the
 * level of 1 %: 1 + log₂(m / 0.01). */
size_t verdict_pairs_needed(size_t rows);
size_t verdict_pairs_wanted(size_t rows);

/* Whether this row of a family of `rows` is known well enough for a verdict, whichever: the interval at the
 * level of 1 % is no wider than from 1 to 1 + δ, so that it excludes 1 or lies inside the margins. Whoever
 * stops by this stops by how narrow the interval is, never by what it says. */
bool verdict_must_follow(const double *ratio, size_t pairs, size_t rows, double delta);
/* How many runs a side, as many on both: 4 for one row, 5 for six. */
size_t verdict_runs_needed(size_t rows);

/* One run a side, `a` and `b` being the process medians of either: the interval says nothing of the change
 * between the runs. What is known of that is how the runs' own ceilings changed, from the smallest ratio
 * `machine_low` to the largest `machine_high`. Slower or faster only if the whole interval lies beyond δ and
 * beyond these; equivalent only if it is inside the margins even when it is stretched by them. NaN unknown:
 * then inconclusive, with the reason. */
void verdict_between_two_runs(
    struct verdict_row *rows, size_t count, double delta, double machine_low, double machine_high);

/* One-sided 95 % upper bound for a probability after `hits` of `trials` (Clopper & Pearson, Biometrika 26,
 * 1934). */
double clopper_pearson_upper(size_t hits, size_t trials);

#endif
