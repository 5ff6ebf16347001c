/* Simulated measurements with a known truth, for the tests of the analysis: how the times of a machine may be
 * distributed, and what counts as the right number of hits. Seeds are fixed, so no test passes by luck on
 * one day and fails on another. */
#ifndef ACELERA_TEST_SIMULATION_H
#define ACELERA_TEST_SIMULATION_H

#include "harness/analysis/interval.h"
#include "harness/analysis/random.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* HEAVY: Student's t with two degrees of freedom. SKEWED: lognormal. BIMODAL: two equal modes eight
 * deviations apart, so that the median lies where there is nothing. HIT: 15 % take 20 to 40 deviations
 * longer. */
enum shape { SHAPE_NORMAL, SHAPE_HEAVY, SHAPE_SKEWED, SHAPE_BIMODAL, SHAPE_HIT, SHAPES };

static const char *const shape_name[SHAPES] = {"normal", "t2", "lognormal", "bimodal", "15 % hits"};

/* One draw with median 0, but for SHAPE_HIT. */
static inline double shape_draw(enum shape shape, struct random *random)
{
    double u = random_uniform(random);
    switch (shape) {
    case SHAPE_HEAVY:
        return (2 * u - 1) / sqrt(2 * u * (1 - u));
    case SHAPE_SKEWED:
        return expm1(random_normal(random));
    case SHAPE_BIMODAL:
        return (u < 0.5 ? -2 : 2) + 0.5 * random_normal(random);
    case SHAPE_HIT:
        return random_normal(random) + (u < 0.15 ? 20 + 20 * random_uniform(random) : 0);
    default:
        return random_normal(random);
    }
}

enum { SIMULATED_ITERATIONS = 3 };

/* The median of one process: `deviation` between processes and as much within. */
static inline double process_draw(enum shape shape, double deviation, struct random *random)
{
    double seconds[SIMULATED_ITERATIONS], process = deviation * shape_draw(shape, random);
    for (size_t i = 0; i < SIMULATED_ITERATIONS; i++)
        seconds[i] = exp(process + deviation * shape_draw(shape, random));
    return median_of(seconds, SIMULATED_ITERATIONS);
}

/* Whether `hits` of `trials` are what chances from `least` to `most` give: within four standard deviations of
 * the nearer, beyond which a binomial lies in one of 30 000 cases. */
static inline bool hits_fit(size_t hits, size_t trials, double least, double most)
{
    double n = (double)trials, seen = (double)hits;
    return seen >= n * least - 4 * sqrt(n * least * (1 - least)) &&
           seen <= n * most + 4 * sqrt(n * most * (1 - most));
}

static inline bool covers(struct interval interval, double truth)
{
    return interval.low <= truth && truth <= interval.high;
}

#endif
