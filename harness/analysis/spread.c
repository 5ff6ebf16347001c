/* Analysis of variance with one random effect. Everything is a function of three numbers a process (how many
 * iterations, their mean logarithm, their squares about it), so that resampling a million iterations costs no
 * more than resampling the processes. */
#include "harness/analysis/spread.h"
#include "harness/analysis/random.h"

#include <math.h>
#include <stdlib.h>

enum { RESAMPLES = 1000, PROCESSES_TO_RESAMPLE = 12, TUKEY_LEAST = 5 };

struct group {
    double count, mean, squares;
};

static struct group group_of(const double *seconds, size_t count)
{
    struct group group = {.count = (double)count};
    for (size_t i = 0; i < count; i++)
        group.mean += log(seconds[i]) / group.count;
    for (size_t i = 0; i < count; i++) {
        double off = log(seconds[i]) - group.mean;
        group.squares += off * off;
    }
    return group;
}

/* Of groups that count `times` each. */
struct analysis {
    double within;        /* mean square: variance within */
    double typical_count; /* iterations of a process, as unequal ones weigh */
    double log_ratio;     /* of the mean squares, between over within; what the share is a function of */
    double error;         /* standard error of log_ratio, from how much each group contributes to it */
};

static struct analysis analyse(const struct group *group, const double *times, size_t groups)
{
    double k = 0, iterations = 0, count_squares = 0, sum = 0, within = 0, between = 0, error = 0;
    for (size_t i = 0; i < groups; i++) {
        const struct group *g = &group[i];
        k += times[i];
        iterations += times[i] * g->count;
        count_squares += times[i] * g->count * g->count;
        sum += times[i] * g->count * g->mean;
        within += times[i] * g->squares;
    }
    double mean = sum / iterations;
    for (size_t i = 0; i < groups; i++)
        between += times[i] * group[i].count * (group[i].mean - mean) * (group[i].mean - mean);
    for (size_t i = 0; i < groups; i++) {
        const struct group *g = &group[i];
        double pull = k * g->count * (g->mean - mean) * (g->mean - mean) / between - k * g->squares / within +
                      k * (g->count - 1) / (iterations - k) - 1;
        error += times[i] * pull * pull;
    }
    double mean_within = within / (iterations - k), mean_between = between / (k - 1);
    return (struct analysis){.within = mean_within,
        .typical_count = (iterations - count_squares / iterations) / (k - 1),
        .log_ratio = log(mean_between / mean_within),
        .error = sqrt(error / (k * (k - 1)))};
}

/* The share of the variance that is between processes, 0 where the ratio of mean squares is below 1. */
static double share_of(double log_ratio, double typical_count)
{
    double relative = fmax(0, expm1(log_ratio) / typical_count); /* between / within */
    return isinf(relative) ? 1 : relative / (1 + relative);
}

/* Percentiles of resampled shares cover 80 to 90 % at 12 processes; the bootstrap-t (Efron & Tibshirani, An
 * Introduction to the Bootstrap, 1993, ch. 12.5) asks how far resampled ratios lie from their own truth in
 * units of their own error. */
static struct interval resampled_share(
    const struct group *group, double *times, size_t groups, const struct analysis *found, uint64_t seed)
{
    double distance[RESAMPLES], k = (double)groups;
    double truth =
        found->log_ratio + log((k - 1) / k); /* squares about their mean, over all and not all − 1 */
    struct random random;
    random_seed(&random, seed);
    for (size_t r = 0; r < RESAMPLES; r++) {
        for (size_t i = 0; i < groups; i++)
            times[i] = 0;
        for (size_t i = 0; i < groups; i++)
            times[random_below(&random, groups)] += 1;
        struct analysis again = analyse(group, times, groups);
        distance[r] = (again.log_ratio - truth) / again.error;
    }
    double low = found->log_ratio - quantile_of(distance, RESAMPLES, 0.975) * found->error;
    double high = found->log_ratio - quantile_of(distance, RESAMPLES, 0.025) * found->error;
    return (struct interval){share_of(low, found->typical_count), share_of(high, found->typical_count), 0.95};
}

void variance_split_of(const double *const *seconds, const size_t *count, size_t processes, uint64_t seed,
    struct variance_split *split)
{
    const struct interval none = {NAN, NAN, NAN};
    struct group *group = calloc(processes + 1, sizeof *group);
    double *times = calloc(processes + 1, sizeof *times);
    size_t groups = 0;
    *split = (struct variance_split){NAN, NAN, NAN, none};
    if (group == NULL || times == NULL)
        goto cleanup;
    for (size_t i = 0; i < processes; i++) {
        times[i] = 1;
        if (count[i] > 0)
            group[groups++] = group_of(seconds[i], count[i]);
    }
    struct analysis found = analyse(group, times, groups);
    if (groups < 2 || !(found.within > 0))
        goto cleanup;
    split->share_between = share_of(found.log_ratio, found.typical_count);
    split->within = sqrt(found.within);
    split->between = sqrt(found.within * fmax(0, expm1(found.log_ratio) / found.typical_count));
    if (groups >= PROCESSES_TO_RESAMPLE && isfinite(found.error))
        split->share_interval = resampled_share(group, times, groups, &found, seed);
cleanup:
    free(times);
    free(group);
}

size_t tukey_mark(const double *values, size_t n, bool *marked)
{
    size_t count = 0, known = 0;
    double low = quantile_of(values, n, 0.25), high = quantile_of(values, n, 0.75),
           reach = 1.5 * (high - low);
    for (size_t i = 0; i < n; i++)
        known += isnan(values[i]) ? 0 : 1;
    for (size_t i = 0; i < n; i++) {
        bool out = known >= TUKEY_LEAST && (values[i] < low - reach || values[i] > high + reach);
        count += out ? 1 : 0;
        if (marked != NULL)
            marked[i] = out;
    }
    return count;
}
