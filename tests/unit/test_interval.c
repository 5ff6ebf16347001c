/* Order statistics against values computed by hand, and the coverage that the interval claims against a
 * simulation with fixed seeds. */
#include "harness/analysis/interval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("got %.17g, expected %.17g", got, expected);
}

static void median_is_the_middle_or_the_mean_of_the_middle_two(void **state)
{
    (void)state;
    assert_near(median_of((double[]){3, 1, 2}, 3), 2);
    assert_near(median_of((double[]){4, -1, 3, 1}, 4), 2);
    assert_near(median_of((double[]){-7}, 1), -7);
    assert_near(median_of((double[]){0.0, -0.0, 5, -5}, 4), 0);
    assert_near(median_of((double[]){2, 2, 2, 9, 2}, 5), 2);
    assert_true(isnan(median_of(NULL, 0)));
}

static void missing_values_are_left_out(void **state)
{
    (void)state;
    assert_near(median_of((double[]){NAN, 3, 1, -NAN, 2}, 5), 2);
    assert_true(isnan(median_of((double[]){NAN, NAN}, 2)));
    assert_near(median_interval((double[]){NAN, 5, 1, 3, NAN}, 5).level, 0.75);
}

static void quantiles_are_linear_between_order_statistics(void **state)
{
    (void)state;
    const double values[] = {40, 10, 30, 20};
    assert_near(quantile_of(values, 4, 0), 10);
    assert_near(quantile_of(values, 4, 1), 40);
    assert_near(quantile_of(values, 4, 0.5), 25);
    assert_near(quantile_of(values, 4, 0.25), 17.5);
    assert_near(quantile_of(values, 4, 0.9), 37);
    assert_true(isnan(quantile_of(values, 4, 1.5)));
    assert_true(isnan(quantile_of(values, 0, 0.5)));
}

/* On 1 … n the interval is (d + λ, n + 1 − d − λ). By hand, with binomial sums as fractions of 2^n:
 *   n = 6:  γ(1) = 62/64,    γ(2) = 50/64,    I = 1/10,    λ = 5/14
 *   n = 7:  γ(1) = 126/128,  γ(2) = 112/128,  I = 11/35,   λ = 11/15
 *   n = 8:  γ(1) = 254/256,  γ(2) = 238/256,  I = 27/40,   λ = 189/202
 *   n = 10: γ(2) = 1002/1024, γ(3) = 912/1024, I = 73/225, λ = 73/111 */
static void nominal_interval_interpolates_as_computed_by_hand(void **state)
{
    (void)state;
    const struct {
        size_t n;
        double low;
    } cases[] = {{6, 1 + 5.0 / 14}, {7, 1 + 11.0 / 15}, {8, 1 + 189.0 / 202}, {10, 2 + 73.0 / 111}};
    const double values[] = {4, 9, 1, 7, 10, 3, 6, 2, 8, 5}; /* 1 … 10 in some order */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double own[10];
        size_t n = 0;
        for (size_t k = 0; k < 10; k++)
            if (values[k] <= (double)cases[i].n)
                own[n++] = values[k];
        struct interval interval = median_interval(own, n);
        assert_int_equal(n, cases[i].n);
        assert_near(interval.low, cases[i].low);
        assert_near(interval.high, (double)n + 1 - cases[i].low);
        assert_near(interval.level, 0.95);
    }
}

static void below_six_values_the_interval_is_the_range_under_its_true_level(void **state)
{
    (void)state;
    const double values[] = {5, 1, 4, 2, 3}, levels[] = {0, 0, 0.5, 0.75, 0.875, 0.9375};
    for (size_t n = 2; n <= 5; n++) {
        struct interval interval = median_interval(values, n);
        assert_near(interval.low, 1);
        assert_near(interval.high, 5);
        assert_near(interval.level, levels[n]);
    }
    assert_true(isnan(median_interval(values, 1).low));
    assert_true(isnan(median_interval(values, 1).high));
    assert_true(isnan(median_interval(values, 1).level));
}

static void thousands_of_values_do_not_underflow(void **state)
{
    (void)state;
    static double values[4001];
    for (size_t i = 0; i < 4001; i++)
        values[i] = (double)((i * 1009) % 4001); /* each of 0 … 4000 once */
    struct interval interval = median_interval(values, 4001);
    /* Normal approximation of the binomial: 2000 ± 1.96·√4001/2 = 2000 ± 62.0 */
    assert_true(interval.low > 2000 - 63 && interval.low < 2000 - 61);
    assert_near(interval.low + interval.high, 4000);
}

static void ratio_interval_pairs_and_works_on_logarithms(void **state)
{
    (void)state;
    const double base[] = {8, 8, 8, NAN, 8, 8, 8, 1}, cell[] = {1, 2, 4, 1, 8, 16, 32, NAN};
    double point = 0;
    /* Ratios 8 4 2 1 1/2 1/4: logarithms to the base 2 are 3 … −2, so the interval is 2^(−2 + 5/14) … */
    struct interval interval = ratio_interval(base, cell, 8, &point);
    assert_near(point, sqrt(2));
    assert_near(interval.low, exp2(-2 + 5.0 / 14));
    assert_near(interval.high, exp2(3 - 5.0 / 14));
    assert_near(interval.level, 0.95);
    ratio_interval(base, cell, 0, &point);
    assert_true(isnan(point));
}

static void precision_is_half_the_width_over_the_median(void **state)
{
    (void)state;
    assert_near(interval_precision((struct interval){9, 13, 0.95}, 10), 0.2);
    assert_true(isnan(interval_precision((struct interval){NAN, NAN, NAN}, 10)));
}

/* ---- coverage ---- */

/* SplitMix64 (Steele, Lea & Flood 2014), then the open unit interval. */
static double uniform(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ z >> 31) >> 12) + 0.5) * 0x1p-52;
}

static double draw_normal(uint64_t *seed)
{
    double radius = sqrt(-2 * log(uniform(seed)));
    return radius * cos(2 * 3.14159265358979323846 * uniform(seed));
}

static double draw_heavy_tailed(uint64_t *seed) /* Student t with two degrees of freedom */
{
    double u = uniform(seed);
    return (2 * u - 1) / sqrt(2 * u * (1 - u));
}

static double draw_skewed(uint64_t *seed) /* exponential, shifted so that its median is 0 */
{
    return -log(uniform(seed)) - log(2.0);
}

static double coverage(double draw(uint64_t *seed), size_t n)
{
    enum { TRIALS = 20000 };
    uint64_t seed = 20240229;
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double values[16];
        for (size_t i = 0; i < n; i++)
            values[i] = draw(&seed);
        struct interval interval = median_interval(values, n);
        covered += interval.low <= 0 && 0 <= interval.high;
    }
    return (double)covered / TRIALS;
}

/* Four standard errors of 20 000 trials are 0.006; the interpolation itself may miss by 0.005. */
static void coverage_is_what_the_level_says(void **state)
{
    (void)state;
    double (*const draws[])(uint64_t *) = {draw_normal, draw_heavy_tailed, draw_skewed};
    const size_t sizes[] = {6, 8, 12};
    for (size_t d = 0; d < 3; d++)
        for (size_t s = 0; s < 3; s++) {
            double share = coverage(draws[d], sizes[s]);
            if (!(share > 0.939 && share < 0.961))
                fail_msg("distribution %zu, n = %zu: coverage %.4f", d, sizes[s], share);
        }
}

static void coverage_of_the_range_is_its_true_level(void **state)
{
    (void)state;
    const double levels[] = {0, 0, 0, 0.75, 0.875, 0.9375};
    for (size_t n = 3; n <= 5; n++)
        assert_true(fabs(coverage(draw_skewed, n) - levels[n]) < 0.013);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(median_is_the_middle_or_the_mean_of_the_middle_two),
        cmocka_unit_test(missing_values_are_left_out),
        cmocka_unit_test(quantiles_are_linear_between_order_statistics),
        cmocka_unit_test(nominal_interval_interpolates_as_computed_by_hand),
        cmocka_unit_test(below_six_values_the_interval_is_the_range_under_its_true_level),
        cmocka_unit_test(thousands_of_values_do_not_underflow),
        cmocka_unit_test(ratio_interval_pairs_and_works_on_logarithms),
        cmocka_unit_test(precision_is_half_the_width_over_the_median),
        cmocka_unit_test(coverage_is_what_the_level_says),
        cmocka_unit_test(coverage_of_the_range_is_its_true_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
