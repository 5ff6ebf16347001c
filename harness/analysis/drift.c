/* Kendall's tau and the slope of Theil & Sen are one thing: the slope is where the residuals have a tau of 0
 * (Sen 1968). Both come from counting inversions in a merge sort, so that ten thousand blocks cost no more
 * than a few sorts of them. */
#include "harness/analysis/drift.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    PAIRS_LEAST = 5,
    PAIRS_EXACT = 10,
    COMPARISONS_EXACT = PAIRS_EXACT * (PAIRS_EXACT - 1) / 2,
    SLOPE_BITS = 48
};

struct point {
    double at, value;
};

static int point_order(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* Sorts by value; returns how many pairs stood the other way round. `spare`: room for n more. */
static double count_inversions(struct point *point, struct point *spare, size_t n)
{
    if (n < 2)
        return 0;
    size_t half = n / 2, left = 0, right = half;
    double count = count_inversions(point, spare, half) + count_inversions(point + half, spare, n - half);
    for (size_t i = 0; i < n; i++) {
        bool from_left = right == n || (left < half && point[left].value <= point[right].value);
        count += from_left ? 0 : (double)(half - left);
        spare[i] = point[from_left ? left++ : right++];
    }
    for (size_t i = 0; i < n; i++)
        point[i] = spare[i];
    return count;
}

/* Of points sorted by place, then value: pairs whose own slope is smaller; pairs at the same place stay in
 * order and count for none. `work`, 2 n points, is left sorted by what remains of the values. */
static double count_below(const struct point *point, size_t n, double slope, struct point *work)
{
    for (size_t i = 0; i < n; i++)
        work[i] = (struct point){point[i].at, point[i].value - slope * point[i].at};
    return count_inversions(work, work + n, n);
}

/* ---- Kendall's tau ---- */

/* Sums over groups of t equal ones. */
struct ties {
    double pairs;    /* t (t − 1) */
    double triples;  /* t (t − 1) (t − 2) */
    double variance; /* t (t − 1) (2 t + 5) */
};

static void ties_add(struct ties *ties, double t)
{
    ties->pairs += t * (t - 1);
    ties->triples += t * (t - 1) * (t - 2);
    ties->variance += t * (t - 1) * (2 * t + 5);
}

enum tied { TIED_PLACE = 1, TIED_VALUE = 2 };

/* Of points sorted by what may be tied. `group`: the sizes of the groups; NULL not wanted. */
static struct ties ties_of(const struct point *point, size_t n, unsigned tied, size_t *group)
{
    struct ties ties = {0};
    size_t groups = 0, size = 1;
    for (size_t i = 1; i <= n; i++, size++) {
        if (i < n && (!(tied & TIED_PLACE) || point[i].at == point[i - 1].at) &&
            (!(tied & TIED_VALUE) || point[i].value == point[i - 1].value))
            continue;
        ties_add(&ties, (double)size);
        if (group != NULL)
            group[groups++] = size;
        size = 0;
    }
    return ties;
}

/* How many of the distinct orders of n things, some of them alike, have d inversions: the coefficients of
 * [n]! / Π [t]!, where [k]! = Π (1 + x + … + x^(i−1)) (Knuth, TAOCP vol. 3, 5.1.2). */
static void multiply_by_run(double *coefficient, size_t length)
{
    for (size_t d = COMPARISONS_EXACT + 1; d-- > length;)
        coefficient[d] -= coefficient[d - length];
    for (size_t d = 1; d <= COMPARISONS_EXACT; d++)
        coefficient[d] += coefficient[d - 1];
}

static void divide_by_run(double *coefficient, size_t length)
{
    for (size_t d = COMPARISONS_EXACT; d >= 1; d--)
        coefficient[d] -= coefficient[d - 1];
    for (size_t d = length; d <= COMPARISONS_EXACT; d++)
        coefficient[d] += coefficient[d - length];
}

/* `tied`: points sorted by the one thing in which there may be ties, `by`. */
static double exact_p_value(const struct point *tied, size_t n, enum tied by, double score)
{
    double coefficient[COMPARISONS_EXACT + 1] = {1}, beyond = 0, all = 0;
    size_t group[PAIRS_EXACT] = {0};
    double comparisons = ((double)(n * (n - 1)) - ties_of(tied, n, by, group).pairs) / 2;
    for (size_t i = 2; i <= n; i++)
        multiply_by_run(coefficient, i);
    for (size_t g = 0; g < PAIRS_EXACT; g++)
        for (size_t i = 2; i <= group[g]; i++)
            divide_by_run(coefficient, i);
    for (size_t d = 0; (double)d <= comparisons; d++) {
        all += coefficient[d];
        beyond += fabs(comparisons - 2 * (double)d) >= fabs(score) ? coefficient[d] : 0;
    }
    return beyond / all;
}

/* With the variance under ties and the correction for continuity (Kendall 1948, ch. 4). */
static double normal_p_value(double n, const struct ties *at, const struct ties *value, double score)
{
    double variance = (n * (n - 1) * (2 * n + 5) - at->variance - value->variance) / 18 +
                      at->triples * value->triples / (9 * n * (n - 1) * (n - 2)) +
                      at->pairs * value->pairs / (2 * n * (n - 1));
    return variance > 0 ? erfc(fmax(0, fabs(score) - 1) / sqrt(2 * variance)) : 1;
}

/* `point` is sorted by place, then value; `work` has room for 2 n. */
static double kendall_p_value(const struct point *point, size_t n, struct point *work)
{
    double inversions = count_below(point, n, 0, work), count = (double)n;
    struct ties at = ties_of(point, n, TIED_PLACE, NULL), value = ties_of(work, n, TIED_VALUE, NULL);
    struct ties both = ties_of(point, n, TIED_PLACE | TIED_VALUE, NULL);
    double comparisons = (count * (count - 1) - at.pairs - value.pairs + both.pairs) / 2;
    double score = comparisons - 2 * inversions;
    if (n <= PAIRS_EXACT && value.pairs <= 0)
        return exact_p_value(point, n, TIED_PLACE, score);
    if (n <= PAIRS_EXACT && at.pairs <= 0)
        return exact_p_value(work, n, TIED_VALUE, score);
    return normal_p_value(count, &at, &value, score);
}

/* ---- the slope ---- */

/* The slope that has `rank` others below it, by bisection between bounds that no slope exceeds. */
static double slope_of_rank(
    const struct point *point, size_t n, double rank, double bound, struct point *work)
{
    double low = -bound, high = bound;
    for (int bit = 0; bit < SLOPE_BITS; bit++) {
        double middle = low / 2 + high / 2;
        if (count_below(point, n, middle, work) <= rank)
            low = middle;
        else
            high = middle;
    }
    return low / 2 + high / 2;
}

/* The median slope of all pairs at different places; the places span `range` > 0. */
static double middle_slope(const struct point *point, size_t n, double range, struct point *work)
{
    double least = INFINITY, most = -INFINITY, gap = range, count = (double)n;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, point[i].value);
        most = fmax(most, point[i].value);
        if (i > 0 && point[i].at > point[i - 1].at)
            gap = fmin(gap, point[i].at - point[i - 1].at);
    }
    if (!(most > least))
        return 0;
    double slopes = (count * (count - 1) - ties_of(point, n, TIED_PLACE, NULL).pairs) / 2;
    double bound = 2 * (most - least) / gap;
    double lower = slope_of_rank(point, n, floor((slopes - 1) / 2), bound, work);
    double upper = fmod(slopes, 2) > 0 ? lower : slope_of_rank(point, n, floor(slopes / 2), bound, work);
    return lower / 2 + upper / 2;
}

void trend_of(const double *at, const double *values, size_t n, struct trend *trend)
{
    size_t known = 0;
    *trend = (struct trend){.change = NAN, .p_value = NAN};
    struct point *point = n > 0 ? calloc(3 * n, sizeof *point) : NULL;
    if (point == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        if (!isnan(at[i]) && !isnan(values[i]))
            point[known++] = (struct point){.at = at[i], .value = log(values[i])};
    qsort(point, known, sizeof *point, point_order);
    double range = known >= PAIRS_LEAST ? point[known - 1].at - point[0].at : 0;
    if (range > 0) {
        trend->change = expm1(middle_slope(point, known, range, point + n) * range);
        trend->p_value = kendall_p_value(point, known, point + n);
    }
    free(point);
}
