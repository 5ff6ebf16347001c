/* The order statistics of all differences of logarithms, found by bisection with a count that walks both
 * sorted samples once: the differences themselves, a thousand times a thousand, are never made. */
#include "harness/analysis/shift.h"

#include <math.h>
#include <stdlib.h>

/* Up to here the rank-sum distribution is exact; beyond it is as normal as makes no difference. */
enum { EXACT_DIFFERENCES = 2500 };

/* Two sorted samples of logarithms. */
struct samples {
    const double *a, *b;
    size_t a_count, b_count;
};

static int value_order(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Logarithms of what is known, sorted; returns how many. */
static size_t take_logarithms(const double *values, size_t n, double *logarithms)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            logarithms[known++] = log(values[i]);
    qsort(logarithms, known, sizeof *logarithms, value_order);
    return known;
}

static size_t differences_below(const struct samples *samples, double limit)
{
    size_t below = 0, passed = 0;
    for (size_t i = 0; i < samples->a_count; i++) {
        while (passed < samples->b_count && samples->b[passed] - samples->a[i] < limit)
            passed++;
        below += passed;
    }
    return below;
}

/* The difference that has `rank` others before it. */
static double difference_of_rank(const struct samples *samples, size_t rank)
{
    double low = samples->b[0] - samples->a[samples->a_count - 1];
    double high = samples->b[samples->b_count - 1] - samples->a[0];
    for (;;) {
        double middle = low / 2 + high / 2;
        if (!(middle > low && middle < high))
            break;
        if (differences_below(samples, middle) <= rank)
            low = middle;
        else
            high = middle;
    }
    return differences_below(samples, high) <= rank ? high : low;
}

/* In how many of the orders of both samples a difference of rank u is the last below 0: the coefficients of
 * Π (1 − x^(b + i)) / (1 − x^i), i = 1 … a. They sum to "a + b over a", below 1e30 here. */
static void rank_sum_orders(size_t a_count, size_t b_count, double *orders)
{
    size_t last = a_count * b_count;
    orders[0] = 1;
    for (size_t u = 1; u <= last; u++)
        orders[u] = 0;
    for (size_t i = 1; i <= a_count; i++) {
        for (size_t u = last + 1; u-- > b_count + i;)
            orders[u] -= orders[u - b_count - i];
        for (size_t u = i; u <= last; u++)
            orders[u] += orders[u - i];
    }
}

/* The largest k for which the interval between the k-th smallest and the k-th largest difference has the
 * level; 1 if the range covers at least `least`; else 0. `covered`: what it covers. */
static size_t exact_rank(size_t a_count, size_t b_count, double level, double least, double *covered)
{
    double orders[EXACT_DIFFERENCES + 1], all = 0, below = 0;
    size_t last = a_count * b_count, k = 0;
    rank_sum_orders(a_count, b_count, orders);
    for (size_t u = 0; u <= last; u++)
        all += orders[u];
    while (1 - 2 * (below + orders[k]) / all >= (k == 0 ? least : level)) {
        below += orders[k++];
        *covered = 1 - 2 * below / all;
    }
    return k;
}

/* The same by the normal approximation with the correction for continuity. */
static size_t normal_rank(size_t a_count, size_t b_count, double level, double *covered)
{
    double product = (double)a_count * (double)b_count, low = 0, high = product / 2;
    double deviation = sqrt(product * (double)(a_count + b_count + 1) / 12);
    while (high - low > 0.5) {
        double middle = floor(low / 2 + high / 2 + 0.5);
        double covers = erf((product / 2 - middle + 0.5) / deviation / sqrt(2));
        if (covers >= level) {
            low = middle;
            *covered = covers;
        } else {
            high = middle - 1;
        }
    }
    return (size_t)low;
}

static struct interval interval_of(const struct samples *samples, double level, double least)
{
    const struct interval none = {NAN, NAN, NAN};
    size_t differences = samples->a_count * samples->b_count;
    double covered = NAN;
    size_t k = differences <= EXACT_DIFFERENCES
                   ? exact_rank(samples->a_count, samples->b_count, level, least, &covered)
                   : normal_rank(samples->a_count, samples->b_count, level, &covered);
    if (k == 0)
        return none;
    return (struct interval){
        exp(difference_of_rank(samples, k - 1)), exp(difference_of_rank(samples, differences - k)), covered};
}

struct interval shift_interval_at(const double *a, size_t a_count, const double *b, size_t b_count,
    double level, double least, double *point)
{
    struct interval interval = {NAN, NAN, NAN};
    double *logarithms = a_count + b_count > 0 ? calloc(a_count + b_count, sizeof *logarithms) : NULL;
    *point = NAN;
    if (logarithms == NULL)
        return interval;
    struct samples samples = {.a = logarithms, .a_count = take_logarithms(a, a_count, logarithms)};
    double *b_logarithms = logarithms + samples.a_count;
    samples.b = b_logarithms;
    samples.b_count = take_logarithms(b, b_count, b_logarithms);
    size_t differences = samples.a_count * samples.b_count;
    if (differences > 0) {
        double upper = difference_of_rank(&samples, differences / 2);
        double lower = differences % 2 ? upper : difference_of_rank(&samples, differences / 2 - 1);
        *point = exp(lower / 2 + upper / 2);
        interval = interval_of(&samples, level, least);
    }
    free(logarithms);
    return interval;
}

size_t shift_values_needed(double level)
{
    double orders = 2; /* 2 n over n */
    size_t n = 1;
    for (; !(1 - 2 / orders >= level) && level < 1; n++)
        orders *= 2 * (2 * (double)n + 1) / ((double)n + 1);
    return n;
}
