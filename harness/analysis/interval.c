/* Order statistics and intervals for a median. No I/O, no state, and no allocation: order statistics are
 * found by bisection over the bit patterns of the doubles, at most 64 passes over the values, so that the
 * input stays untouched and nothing can fail. */
#include "harness/analysis/interval.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const double most_missed = 0.03; /* an interval may cover so much less than its level, at worst */

/* A sequence that is never stored: value[i], or value[i] / divisor[i]. */
struct series {
    const double *value, *divisor; /* divisor: NULL for plain values */
    size_t n;
    bool logarithmic; /* the scale on which medians and intervals are taken */
};

static double series_at(const struct series *series, size_t i)
{
    return series->divisor ? series->value[i] / series->divisor[i] : series->value[i];
}

/* Missing values (NaN) are not part of a series. */
static size_t series_count(const struct series *series)
{
    size_t count = 0;
    for (size_t i = 0; i < series->n; i++)
        count += isnan(series_at(series, i)) ? 0 : 1;
    return count;
}

/* Unsigned integers in the order of the doubles they stand for; NaN after everything. */
static uint64_t order_key(double value)
{
    uint64_t bits;
    if (isnan(value))
        return UINT64_MAX;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double order_value(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The value that has `rank` others before it (rank from 0, below series_count). It lies between two values of
 * the series, `low` and `high`; each pass halves what is between them and moves one of them to the next
 * value, so there are never more passes than values, nor than bits. */
static double order_statistic(const struct series *series, size_t rank)
{
    uint64_t low = UINT64_MAX, high = 0;
    for (size_t i = 0; i < series->n; i++) {
        uint64_t key = order_key(series_at(series, i));
        low = key < low ? key : low;
        high = key > high && key < UINT64_MAX ? key : high;
    }
    while (low < high) {
        uint64_t middle = low + (high - low + 1) / 2, last_below = low, first_above = high;
        size_t below = 0;
        for (size_t i = 0; i < series->n; i++) {
            uint64_t key = order_key(series_at(series, i));
            if (key >= middle) {
                first_above = key < first_above ? key : first_above;
                continue;
            }
            last_below = key > last_below ? key : last_below;
            below++;
        }
        low = below <= rank ? first_above : low;
        high = below <= rank ? high : last_below;
    }
    return order_value(low);
}

static double interpolate(double from, double to, double weight)
{
    return weight <= 0 ? from : weight >= 1 ? to : from + weight * (to - from);
}

static double scaled(const struct series *series, size_t rank)
{
    double value = order_statistic(series, rank);
    return series->logarithmic ? log(value) : value;
}

static double series_median(const struct series *series)
{
    size_t n = series_count(series);
    if (n == 0)
        return NAN;
    double upper = scaled(series, n / 2);
    return n % 2 ? upper : interpolate(scaled(series, n / 2 - 1), upper, 0.5);
}

/* P(X = k) for X ~ Binomial(n, q), from logarithms so that a large n does not underflow on the way. */
static double binomial_at(size_t n, size_t k, double q)
{
    double ways = lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
    return exp(ways + (double)k * log(q) + (double)(n - k) * log1p(-q));
}

/* The most that the range of n values covers. */
static double range_level(size_t n)
{
    return 1 - ldexp(1.0, 1 - (int)n);
}

/* Which order statistics make an interval: its ends lie between the outer ones and the next inner ones. */
struct ends {
    size_t outer;        /* the d-th smallest and the d-th largest */
    double weight;       /* how far from the outer towards the inner ones */
    double inside_level; /* what the inner ones cover */
};

/* The interval from the d-th smallest to the d-th largest value covers the median with probability
 * γ(d) = 1 − 2·P(X < d). d is the largest rank with γ(d) ≥ level; the ends then move towards the next order
 * statistics by λ = (n−d)·I / (d + (n−2d)·I), where I = (γ(d) − level) / (γ(d) − γ(d+1)). */
static struct ends ends_at(size_t n, double level)
{
    size_t d = 1;
    double coverage = range_level(n), next = coverage - 2 * binomial_at(n, 1, 0.5);
    while (next >= level) {
        d++;
        coverage = next;
        next -= 2 * binomial_at(n, d, 0.5);
    }
    double excess = (coverage - level) / (coverage - next);
    double weight = (double)(n - d) * excess / ((double)d + ((double)n - 2 * (double)d) * excess);
    return (struct ends){d, weight, next};
}

/* Interpolation trusts that there is a density between the outer and the inner value. A gap wider than all of
 * the interval inside of it says that there is none: two modes, perhaps with the median between them. Then
 * the end covers as much as the inner value does, and where that is too little it stays at the outer one. */
static double end_of(const struct ends *ends, double level, double outer, double inner, double far_inner)
{
    bool hole = fabs(inner - outer) > fabs(far_inner - inner);
    return hole && ends->inside_level < level - most_missed ? outer : interpolate(outer, inner, ends->weight);
}

static struct interval series_interval_at(const struct series *series, double level)
{
    size_t n = series_count(series);
    if (n < 2 || !(level > 0 && level <= range_level(n)))
        return (struct interval){NAN, NAN, NAN};
    struct ends ends = ends_at(n, level);
    struct interval interval = {scaled(series, ends.outer - 1), scaled(series, n - ends.outer), level};
    if (ends.weight > 0) {
        double low = scaled(series, ends.outer), high = scaled(series, n - ends.outer - 1);
        interval.low = end_of(&ends, level, interval.low, low, high);
        interval.high = end_of(&ends, level, interval.high, high, low);
    }
    return interval;
}

static struct interval series_interval(const struct series *series)
{
    return series_interval_at(series, fmin(0.95, range_level(series_count(series))));
}

static struct interval exponentiated(struct interval interval)
{
    return (struct interval){exp(interval.low), exp(interval.high), interval.level};
}

double median_of(const double *values, size_t n)
{
    return series_median(&(struct series){.value = values, .n = n});
}

double quantile_of(const double *values, size_t n, double q)
{
    struct series series = {.value = values, .n = n};
    size_t count = series_count(&series);
    if (count == 0 || !(q >= 0 && q <= 1))
        return NAN;
    double position = q * (double)(count - 1);
    size_t rank = (size_t)position;
    double weight = position - (double)rank, low = order_statistic(&series, rank);
    return weight > 0 ? interpolate(low, order_statistic(&series, rank + 1), weight) : low;
}

struct interval median_interval(const double *values, size_t n)
{
    return series_interval(&(struct series){.value = values, .n = n});
}

struct interval median_interval_at(const double *values, size_t n, double level)
{
    return series_interval_at(&(struct series){.value = values, .n = n}, level);
}

struct interval ratio_interval(const double *numerator, const double *denominator, size_t n, double *point)
{
    struct series series = {.value = numerator, .divisor = denominator, .n = n, .logarithmic = true};
    *point = exp(series_median(&series));
    return exponentiated(series_interval(&series));
}

struct interval ratios_interval_at(const double *ratio, size_t n, double level, double least, double *point)
{
    struct series series = {.value = ratio, .n = n, .logarithmic = true};
    double reached = fmin(level, range_level(series_count(&series)));
    *point = exp(series_median(&series));
    return exponentiated(series_interval_at(&series, reached >= least ? reached : NAN));
}

/* With X ~ Binomial(n, q) the number of values below the quantile, the order statistics l < u enclose it
 * where l ≤ X ≤ u − 1. X has one mode, so the fewest of its values that hold 0.95 are found by growing from
 * there towards the likelier side; X = 0 and X = n have no order statistic on one side. */
struct interval quantile_interval(const double *values, size_t n, double q, double *point)
{
    struct series series = {.value = values, .n = n};
    size_t count = series_count(&series);
    *point = quantile_of(values, n, q);
    if (!(q > 0 && q < 1) || count < quantile_values_needed(q))
        return (struct interval){NAN, NAN, NAN};
    size_t low = (size_t)fmin(fmax(floor((double)(count + 1) * q), 1), (double)count - 1), high = low;
    double level = binomial_at(count, low, q);
    while (level < 0.95 && (low > 1 || high < count - 1)) {
        double below = low > 1 ? binomial_at(count, low - 1, q) : -1;
        double above = high < count - 1 ? binomial_at(count, high + 1, q) : -1;
        level += fmax(below, above);
        if (below > above)
            low--;
        else
            high++;
    }
    return (struct interval){order_statistic(&series, low - 1), order_statistic(&series, high), level};
}

static bool quantile_has_interval(size_t n, double q)
{
    return 1 - pow(q, (double)n) - pow(1 - q, (double)n) >= 0.95;
}

size_t quantile_values_needed(double q)
{
    size_t enough = 2, few = 1;
    if (!(q > 0 && q < 1))
        return SIZE_MAX;
    while (!quantile_has_interval(enough, q)) {
        if (enough > SIZE_MAX / 2)
            return SIZE_MAX;
        few = enough;
        enough *= 2;
    }
    while (enough - few > 1) {
        size_t middle = few + (enough - few) / 2;
        if (quantile_has_interval(middle, q))
            enough = middle;
        else
            few = middle;
    }
    return enough;
}

double interval_precision(struct interval interval, double median)
{
    return (interval.high - interval.low) / 2 / median;
}
