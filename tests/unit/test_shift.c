/* The shift between two samples: small cases counted by hand, and the level that the interval claims against
 * a simulation. */
#include "harness/analysis/shift.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fabs(expected)))
        fail_msg("got %.17g, expected %.17g", got, expected);
}

/* The ratios of 4 8 and 1 2: 2 4 4 8; those of three and two, with one unknown: 3 6 5 10 8 16. */
static void point_is_the_median_of_all_ratios(void **state)
{
    (void)state;
    double point;
    shift_interval_at((double[]){2, 1}, 2, (double[]){4, 8}, 2, 0.95, 0.95, &point);
    assert_near(point, 4);
    shift_interval_at((double[]){1, NAN, 2}, 3, (double[]){16, 10, 6}, 3, 0.95, 0.95, &point);
    assert_near(point, sqrt(8 * 6));
    shift_interval_at((double[]){NAN}, 1, (double[]){1}, 1, 0.95, 0.95, &point);
    assert_true(isnan(point));
    shift_interval_at(NULL, 0, NULL, 0, 0.95, 0.95, &point);
    assert_true(isnan(point));
}

/* Four against four: 70 orders. The extreme one leaves 1 − 2/70 to the range; two orders on each side leave
 * 1 − 4/70 = 0.943 to the second smallest and largest. A is 1, so that the ratios are four times each of B.
 */
static void interval_is_the_narrowest_that_the_rank_sum_allows(void **state)
{
    (void)state;
    const double a[] = {1, 1.01, 1.02, 1.03}, b[] = {2, 4, 8, 16};
    double point;
    struct interval range = shift_interval_at(a, 4, b, 4, 0.95, 0.95, &point);
    assert_near(range.low, 2 / 1.03);
    assert_near(range.high, 16);
    assert_near(range.level, 1 - 2.0 / 70);
    struct interval second = shift_interval_at(a, 4, b, 4, 0.94, 0.94, &point);
    assert_near(second.low, 2 / 1.02);
    assert_near(second.high, 16 / 1.01);
    assert_near(second.level, 1 - 4.0 / 70);
}

static void too_few_values_have_no_interval_or_the_range_where_that_will_do(void **state)
{
    (void)state;
    const double a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8};
    double point;
    struct interval three = shift_interval_at(a, 3, b, 3, 0.95, 0.95, &point);
    assert_true(isnan(three.low) && isnan(three.high) && isnan(three.level));
    assert_near(point, 3);
    assert_near(shift_interval_at(a, 4, b, 4, 0.99, 0.95, &point).level, 1 - 2.0 / 70);
    assert_true(isnan(shift_interval_at(a, 4, b, 4, 0.99, 0.98, &point).level));
}

/* 20 of 3, 70 of 4, 252 of 5, 924 of 6: two of them are extreme. */
static void values_needed_are_those_that_the_interval_needs(void **state)
{
    (void)state;
    assert_int_equal(shift_values_needed(0.9), 3);
    assert_int_equal(shift_values_needed(0.95), 4);
    assert_int_equal(shift_values_needed(1 - 0.05 / 6), 5);
    assert_int_equal(shift_values_needed(0.995), 6);
}

/* 55 × 45 = 2475 differences are ranked exactly, 56 × 45 = 2520 by the normal distribution: on 1 … n both
 * must give almost the same. One rank in 2500 moves an end by less than 0.01 of the range. */
static void normal_ranks_continue_the_exact_ones(void **state)
{
    (void)state;
    double a[56], b[45], point;
    for (size_t i = 0; i < 56; i++)
        a[i] = exp((double)i / 56);
    for (size_t i = 0; i < 45; i++)
        b[i] = exp((double)i / 45);
    struct interval exact = shift_interval_at(a, 55, b, 45, 0.95, 0.95, &point);
    struct interval normal = shift_interval_at(a, 56, b, 45, 0.95, 0.95, &point);
    assert_true(fabs(log(exact.high / exact.low) - log(normal.high / normal.low)) < 0.01);
    assert_true(exact.level >= 0.95 && exact.level < 0.951 && normal.level >= 0.95 && normal.level < 0.951);
}

/* Where both samples come from one distribution the interval excludes 1 as often as its level says. */
static void level_is_kept_under_every_shape(void **state)
{
    (void)state;
    enum { TRIALS = 1500, MOST = 60 };
    static const size_t sizes[] = {4, 5, 8, 12, 60};
    struct random random;
    random_seed(&random, 4);
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            size_t covered = 0, n = sizes[s], trials = n < 60 ? TRIALS : TRIALS / 5;
            double level = NAN;
            for (size_t t = 0; t < trials; t++) {
                double a[MOST], b[MOST], point;
                for (size_t i = 0; i < n; i++) {
                    a[i] = exp(0.01 * shape_draw(shape, &random));
                    b[i] = exp(0.01 * shape_draw(shape, &random));
                }
                struct interval interval = shift_interval_at(a, n, b, n, 0.95, 0.95, &point);
                covered += covers(interval, 1) ? 1 : 0;
                level = interval.level;
            }
            if (!hits_fit(covered, trials, level, level))
                fail_msg("%s, %zu a side: %zu of %zu at %g", shape_name[shape], n, covered, trials, level);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(point_is_the_median_of_all_ratios),
        cmocka_unit_test(interval_is_the_narrowest_that_the_rank_sum_allows),
        cmocka_unit_test(too_few_values_have_no_interval_or_the_range_where_that_will_do),
        cmocka_unit_test(values_needed_are_those_that_the_interval_needs),
        cmocka_unit_test(normal_ranks_continue_the_exact_ones),
        cmocka_unit_test(level_is_kept_under_every_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
