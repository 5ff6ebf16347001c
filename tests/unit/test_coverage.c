/* The intervals that a reader sees cover the truth as often as they say, with the stopping rule inside: a run
 * that stops because its interval happened to be narrow is how intervals come to cover less. */
#include "harness/measure/schedule.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { TRIALS = 1500, TRUTH_DRAWS = 20001, BLOCKS_MOST = 40 };

static const double precision = 0.02, true_speedup = 1.9;

/* How often each interval covered the truth. */
struct tally {
    size_t median, speedup, by_precision;
};

/* One run of two cells: at least `least` blocks, and on until both are precise at a look, or the budget ends
 * after a number of blocks that the run cannot choose. Times drift by `drift` from block to block. */
static size_t simulate_run(enum shape shape, double deviation, double drift, struct random *random,
    double *one, double *many, bool *precise)
{
    size_t budget = BLOCKS_LEAST + random_below(random, BLOCKS_MOST - BLOCKS_LEAST + 1), blocks = 0;
    do {
        double machine = exp(drift * (double)blocks);
        one[blocks] = machine * process_draw(shape, deviation, random);
        many[blocks] = machine * process_draw(shape, deviation, random) / true_speedup;
        blocks++;
        *precise = schedule_judges_after((int)blocks) && schedule_is_precise(one, blocks, precision) &&
                   schedule_is_precise(many, blocks, precision);
    } while (!*precise && blocks < budget);
    return blocks;
}

/* The true median of the process medians: half of them are below it. Symmetric shapes have it at 1; of the
 * others it is simulated, with an error of a hundredth of their spread. */
static double true_median(enum shape shape, double deviation, struct random *random)
{
    static double medians[TRUTH_DRAWS];
    if (shape != SHAPE_SKEWED && shape != SHAPE_HIT)
        return 1;
    for (size_t i = 0; i < TRUTH_DRAWS; i++)
        medians[i] = process_draw(shape, deviation, random);
    return median_of(medians, TRUTH_DRAWS);
}

static bool is_92_to_98_percent(size_t covered)
{
    return (double)covered >= 0.92 * TRIALS && (double)covered <= 0.98 * TRIALS;
}

static struct tally simulate(enum shape shape, double deviation, double drift)
{
    struct tally tally = {0};
    struct random random;
    random_seed(&random, 1000 * (uint64_t)shape + (uint64_t)(1e4 * deviation));
    double truth = true_median(shape, deviation, &random), point;
    for (size_t t = 0; t < TRIALS; t++) {
        double one[BLOCKS_MOST], many[BLOCKS_MOST];
        bool precise;
        size_t blocks = simulate_run(shape, deviation, drift, &random, one, many, &precise);
        tally.median += covers(median_interval(one, blocks), truth) ? 1 : 0;
        tally.speedup += covers(ratio_interval(one, many, blocks, &point), true_speedup) ? 1 : 0;
        tally.by_precision += precise ? 1 : 0;
    }
    return tally;
}

/* Deviations for which almost every run stops at the first look, about half of them at one of the looks, and
 * almost none before the budget. */
static const double deviations[] = {0.005, 0.02, 0.05};
enum { DEVIATIONS = sizeof deviations / sizeof deviations[0] };

static void intervals_cover_92_to_98_percent_with_the_stopping_rule_inside(void **state)
{
    (void)state;
    size_t stopped = 0;
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t d = 0; d < DEVIATIONS; d++) {
            struct tally tally = simulate(shape, deviations[d], 0);
            stopped += tally.by_precision;
            if (!is_92_to_98_percent(tally.median))
                fail_msg("median, %s, deviation %g: %zu of %d", shape_name[shape], deviations[d],
                    tally.median, TRIALS);
            if (!is_92_to_98_percent(tally.speedup))
                fail_msg("speedup, %s, deviation %g: %zu of %d", shape_name[shape], deviations[d],
                    tally.speedup, TRIALS);
        }
    /* The rule did stop runs, and not all of them: else nothing was tested. */
    assert_in_range(stopped, SHAPES * TRIALS / 4, SHAPES * DEVIATIONS * TRIALS * 3 / 4);
}

/* A machine that gets 1 % slower with every block has no median to cover; its speedup stays what it is. */
static void speedup_is_covered_while_the_machine_drifts(void **state)
{
    (void)state;
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t d = 0; d < DEVIATIONS; d++) {
            struct tally tally = simulate(shape, deviations[d], 0.01);
            if (!is_92_to_98_percent(tally.speedup))
                fail_msg(
                    "%s, deviation %g: %zu of %d", shape_name[shape], deviations[d], tally.speedup, TRIALS);
        }
}

static void fixed_numbers_of_processes_are_covered_too(void **state)
{
    (void)state;
    struct random random;
    random_seed(&random, 6);
    for (enum shape shape = 0; shape < SHAPE_HIT; shape++)
        for (size_t n = INTERVAL_NOMINAL_FROM; n <= 20; n++) {
            size_t covered = 0;
            for (size_t t = 0; t < TRIALS; t++) {
                double values[20];
                for (size_t i = 0; i < n; i++)
                    values[i] = shape_draw(shape, &random);
                covered += covers(median_interval(values, n), 0) ? 1 : 0;
            }
            /* Of two modes and seven values the range alone covers enough, and that is 1 − 2/2^7. */
            double most = shape == SHAPE_BIMODAL && n == 7 ? 1 - 2.0 / 128 : 0.98;
            if (!hits_fit(covered, TRIALS, 0.92, most))
                fail_msg("%s, %zu values: %zu of %d", shape_name[shape], n, covered, TRIALS);
        }
}

/* Each end misses with probability 2^−n: whatever the distribution, exactly. */
static void below_six_processes_the_printed_level_is_exact(void **state)
{
    (void)state;
    static const double level[] = {[3] = 0.75, [4] = 0.875, [5] = 0.9375};
    struct random random;
    random_seed(&random, 3);
    for (enum shape shape = 0; shape < SHAPE_HIT; shape++)
        for (size_t n = 3; n <= 5; n++) {
            size_t covered = 0, speedups = 0;
            for (size_t t = 0; t < TRIALS; t++) {
                double one[5], many[5], point;
                for (size_t i = 0; i < n; i++) {
                    one[i] = exp(0.01 * shape_draw(shape, &random));
                    many[i] = one[i] / (true_speedup * exp(0.01 * shape_draw(shape, &random)));
                }
                struct interval interval = median_interval(one, n);
                assert_true(interval.level == level[n]);
                covered += covers(interval, 1) ? 1 : 0;
                speedups += covers(ratio_interval(one, many, n, &point), true_speedup) ? 1 : 0;
            }
            if (!hits_fit(covered, TRIALS, level[n], level[n]) ||
                !hits_fit(speedups, TRIALS, level[n], level[n]))
                fail_msg(
                    "%s, %zu processes: %zu and %zu of %d", shape_name[shape], n, covered, speedups, TRIALS);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_cover_92_to_98_percent_with_the_stopping_rule_inside),
        cmocka_unit_test(speedup_is_covered_while_the_machine_drifts),
        cmocka_unit_test(fixed_numbers_of_processes_are_covered_too),
        cmocka_unit_test(below_six_processes_the_printed_level_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
