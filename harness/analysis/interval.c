/* Order statistics and intervals for a median. No I/O, no state, and no allocation: order statistics are
 * found by bisection over the bit patterns of the doubles, 64 passes over the values, so that the input
 * stays untouched and nothing can fail. */
#include "harness/analysis/interval.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A sequence that is never stored: value[i], or value[i] / divisor[i]. */
struct series {
    const double *value, *divisor; /* divisor: NULL for plain values */
    size_t n;
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

/* The value that has `rank` others before it (rank from 0, below series_count): the largest key with at most
 * `rank` keys below it. */
static double order_statistic(const struct series *series, size_t rank)
{
    uint64_t key = 0;
    for (int bit = 63; bit >= 0; bit--) {
        uint64_t candidate = key | UINT64_C(1) << bit;
        size_t below = 0;
        for (size_t i = 0; i < series->n; i++)
            below += order_key(series_at(series, i)) < candidate;
        if (below <= rank)
            key = candidate;
    }
    return order_value(key);
}

static double interpolate(double from, double to, double weight)
{
    return weight <= 0 ? from : weight >= 1 ? to : from + weight * (to - from);
}

/* On the scale where the interval is taken: plain, or logarithms of the ratios. */
static double scaled(const struct series *series, size_t rank)
{
    double value = order_statistic(series, rank);
    return series->divisor ? log(value) : value;
}

static double series_median(const struct series *series)
{
    size_t n = series_count(series);
    if (n == 0)
        return NAN;
    double upper = scaled(series, n / 2);
    return n % 2 ? upper : interpolate(scaled(series, n / 2 - 1), upper, 0.5);
}

/* P(X < rank) for X ~ Binomial(n, 1/2), summed from logarithms so that large n do not underflow. */
static double binomial_below(size_t n, size_t rank)
{
    double log_term = -(double)n * log(2.0), sum = 0;
    for (size_t k = 0; k < rank; k++) {
        sum += exp(log_term);
        log_term += log((double)(n - k) / (double)(k + 1));
    }
    return sum;
}

/* The interval from the d-th smallest to the d-th largest value covers the median with probability
 * γ(d) = 1 − 2·P(X < d). d is the largest rank with γ(d) ≥ 0.95; the ends then move towards the next order
 * statistics by λ = (n−d)·I / (d + (n−2d)·I), where I = (γ(d) − 0.95) / (γ(d) − γ(d+1)). */
static void nominal_rank(size_t n, size_t *rank, double *weight)
{
    const double nominal = 0.95;
    size_t d = 1;
    double coverage = 1 - 2 * binomial_below(n, d), next = 1 - 2 * binomial_below(n, d + 1);
    while (next >= nominal) {
        d++;
        coverage = next;
        next = 1 - 2 * binomial_below(n, d + 1);
    }
    double excess = (coverage - nominal) / (coverage - next);
    *rank = d;
    *weight = (double)(n - d) * excess / ((double)d + (double)(n - 2 * d) * excess);
}

static struct interval series_interval(const struct series *series)
{
    size_t n = series_count(series), d = 1;
    double weight = 0, level = 1 - ldexp(1.0, 1 - (int)n);
    if (n < 2)
        return (struct interval){NAN, NAN, NAN};
    if (n >= INTERVAL_NOMINAL_FROM) {
        nominal_rank(n, &d, &weight);
        level = 0.95;
    }
    struct interval interval = {scaled(series, d - 1), scaled(series, n - d), level};
    if (weight > 0) {
        interval.low = interpolate(interval.low, scaled(series, d), weight);
        interval.high = interpolate(interval.high, scaled(series, n - d - 1), weight);
    }
    return interval;
}

double median_of(const double *values, size_t n)
{
    return series_median(&(struct series){values, NULL, n});
}

double quantile_of(const double *values, size_t n, double q)
{
    struct series series = {values, NULL, n};
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
    return series_interval(&(struct series){values, NULL, n});
}

struct interval ratio_interval(const double *numerator, const double *denominator, size_t n, double *point)
{
    struct series series = {numerator, denominator, n};
    struct interval interval = series_interval(&series);
    *point = exp(series_median(&series));
    return (struct interval){exp(interval.low), exp(interval.high), interval.level};
}

double interval_precision(struct interval interval, double median)
{
    return (interval.high - interval.low) / 2 / median;
}
