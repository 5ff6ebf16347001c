/* The same floating-point numbers, added up in one row, and by teams of several sizes with a reduction. How
 * many different sums come out, and how far apart they are.
 *
 * None of the sums is wrong: each is the rounded result of another order of additions. The exact sum of the
 * same numbers, as whole multiples of a small unit, tells how far each is from it. */
#include "lessons/experiments/experiment.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 100000, TEAMS = 4 };

/* Number i: 1 to 65536 tenths. A tenth has no exact binary representation: sums are rounded. */
static inline uint32_t tenths(int64_t i)
{
    return 1 + (((uint32_t)i * 2654435761u) >> 16);
}

static double sum_in_row(const double *number)
{
    double sum = 0;
    for (int64_t i = 0; i < NUMBERS; i++)
        sum += number[i];
    return sum;
}

static double sum_by_team(const double *number, int threads)
{
    double sum = 0;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : sum)
    for (int64_t i = 0; i < NUMBERS; i++)
        sum += number[i];
    return sum;
}

static const char *floatsum_prepare(const struct experiment_setup *setup, void **state)
{
    (void)setup;
    double *number = malloc(NUMBERS * sizeof *number);
    if (number == NULL)
        return "no memory";
    for (int64_t i = 0; i < NUMBERS; i++)
        number[i] = tenths(i) / 10.0;
    *state = number;
    return NULL;
}

static const char *floatsum_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    (void)setup;
    const double *number = state;
    double sum[TEAMS + 1], least, most;
    int different = 0;
    uint64_t exact = 0;
    sum[0] = sum_in_row(number);
    for (int team = 1; team <= TEAMS; team++)
        sum[team] = sum_by_team(number, team + 1);
    least = most = sum[0];
    for (int i = 0; i <= TEAMS; i++) {
        bool seen = false;
        for (int j = 0; j < i; j++)
            seen = seen || memcmp(&sum[i], &sum[j], sizeof sum[i]) == 0;
        different += !seen;
        least = fmin(least, sum[i]);
        most = fmax(most, sum[i]);
    }
    for (int64_t i = 0; i < NUMBERS; i++)
        exact += tenths(i);
    experiment_add_value(result, "orders", TEAMS + 1, "1");
    experiment_add_value(result, "different", different, "1");
    experiment_add_value(result, "sum", sum[0], "1");
    experiment_add_value(result, "apart", (most - least) / fabs(sum[0]), "1");
    experiment_add_value(result, "error", fabs(sum[0] - (double)exact / 10.0) / fabs(sum[0]), "1");
    result->checksum = exact;
    return NULL;
}

static void floatsum_release(void *state)
{
    free(state);
}

const struct experiment experiment_floatsum = {
    .name = "floatsum",
    .what = "the same floating-point numbers added in several orders: in one row, and by teams of 2 to 5",
    .prepare = floatsum_prepare,
    .run = floatsum_run,
    .release = floatsum_release,
};
