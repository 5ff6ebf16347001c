/* Each process is its own yardstick: an iteration against the median of the last half of the same process.
 * Processes are independent, iterations are not, so what counts is the interval over processes. That half has
 * an odd number of iterations: then, whatever the distribution, one more iteration from it is as likely above
 * its median as below, and the interval errs as often as it says. */
#include "harness/analysis/steady.h"
#include "harness/analysis/interval.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ITERATIONS_LEAST = 4 };

/* Iterations in the last half of a process. */
static size_t last_half(size_t count)
{
    return count / 2 | 1;
}

/* One cell while it is judged. */
struct judged {
    const double *const *seconds;
    const size_t *count;
    size_t processes;
    double *yardstick; /* of each process; NaN: too short to judge */
    double *offset;    /* scratch, one for each process */
};

/* The median of what `offset` holds, if it can be told from 0; else NaN. */
static double told_from_zero(const struct judged *judged)
{
    struct interval interval = median_interval(judged->offset, judged->processes);
    bool told = interval.level >= 0.95 && (interval.low > 0 || interval.high < 0);
    return told ? median_of(judged->offset, judged->processes) : NAN;
}

/* Whether iteration k differs from the last half of its process. */
static bool differs(const struct judged *judged, size_t k)
{
    for (size_t i = 0; i < judged->processes; i++) {
        bool early = !isnan(judged->yardstick[i]) && k + last_half(judged->count[i]) < judged->count[i];
        judged->offset[i] = early ? log(judged->seconds[i][k] / judged->yardstick[i]) : NAN;
    }
    return !isnan(told_from_zero(judged));
}

/* How much slower the first `from` iterations were. */
static double excess_before(const struct judged *judged, size_t from)
{
    for (size_t i = 0; i < judged->processes; i++) {
        double sum = 0;
        for (size_t k = 0; k < from && k < judged->count[i]; k++)
            sum += log(judged->seconds[i][k] / judged->yardstick[i]);
        judged->offset[i] = sum / (double)from;
    }
    return expm1(median_of(judged->offset, judged->processes));
}

/* From the third quarter of each process to its fourth, which are as long: in a steady state either may be
 * the slower. */
static double creep_of(const struct judged *judged)
{
    for (size_t i = 0; i < judged->processes; i++) {
        size_t count = judged->count[i], quarter = count / 4;
        judged->offset[i] = NAN;
        if (isnan(judged->yardstick[i]))
            continue;
        double third = median_of(judged->seconds[i] + (count - 2 * quarter), quarter);
        double fourth = median_of(judged->seconds[i] + (count - quarter), quarter);
        judged->offset[i] = log(fourth / third);
    }
    return expm1(told_from_zero(judged));
}

static void judge(const struct judged *judged, struct steady_state *state)
{
    size_t known = 0, from = 0;
    for (size_t i = 0; i < judged->processes; i++) {
        size_t count = judged->count[i], half = last_half(count);
        judged->yardstick[i] =
            count >= ITERATIONS_LEAST ? median_of(judged->seconds[i] + (count - half), half) : NAN;
        known += count >= ITERATIONS_LEAST ? 1 : 0;
    }
    if (known < INTERVAL_NOMINAL_FROM)
        return;
    while (differs(judged, from))
        from++;
    state->known = true;
    state->from = from;
    state->excess = from > 0 ? excess_before(judged, from) : NAN;
    state->creep = creep_of(judged);
}

void steady_state_of(
    const double *const *seconds, const size_t *count, size_t processes, struct steady_state *state)
{
    *state = (struct steady_state){.excess = NAN, .creep = NAN};
    double *scratch = processes > 0 ? calloc(2 * processes, sizeof *scratch) : NULL;
    if (scratch == NULL)
        return;
    judge(&(struct judged){.seconds = seconds,
              .count = count,
              .processes = processes,
              .yardstick = scratch,
              .offset = scratch + processes},
        state);
    free(scratch);
}
