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

/* At 1 − 0.05/6 = 0.99167: n = 8, γ(1) = 254/256, γ(2) = 238/256, I = (254/256 − 0.99167)/(16/256) = 1/120,
 * λ = 7·I/(1 + 6·I) = 7/126. */
static void other_levels_interpolate_the_same_way_or_are_refused(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8}, level = 1 - 0.05 / 6;
    struct interval interval = median_interval_at(values, 8, level);
    assert_near(interval.low, 1 + 7.0 / 126);
    assert_near(interval.high, 8 - 7.0 / 126);
    assert_near(interval.level, level);
    assert_near(median_interval_at(values, 8, 0.95).low, median_interval(values, 8).low);
    interval = median_interval_at(values, 7, level); /* the range of seven has 126/128 */
    assert_true(isnan(interval.low) && isnan(interval.high) && isnan(interval.level));
    assert_true(isnan(median_interval_at(values, 8, 1).level));
    assert_true(isnan(median_interval_at(values, 8, NAN).level));
    assert_near(median_interval_at(values, 2, 0.5).low, 1);
}

static void ratios_fall_back_to_their_range_where_that_covers_enough(void **state)
{
    (void)state;
    const double ratios[] = {1, 2, 4, 8, 16, 32, 64, NAN};
    double point;
    struct interval interval = ratios_interval_at(ratios, 8, 0.999, 0.98, &point);
    assert_near(point, 8);
    assert_near(interval.low, 1);
    assert_near(interval.high, 64);
    assert_near(interval.level, 126.0 / 128);
    assert_true(isnan(ratios_interval_at(ratios, 8, 0.999, 0.99, &point).level));
    /* λ = 11/15 between powers of two is a power of two in logarithms. */
    assert_near(ratios_interval_at(ratios, 8, 0.95, 0.95, &point).low, exp2(11.0 / 15));
}

/* Seven values with six in a far mode: interpolating into the gap would cover what the second value covers,
 * 0.875. Of eight it is 0.93, and of values without a gap there is nothing to fear. */
static void interval_does_not_end_inside_a_gap_that_costs_coverage(void **state)
{
    (void)state;
    assert_near(median_interval((double[]){1, 101, 102, 103, 104, 105, 106}, 7).low, 1);
    assert_near(median_interval((double[]){6, 5, 4, 3, 2, 1, -101}, 7).low, -101);
    assert_near(median_interval((double[]){1, 2, 3, 4, 5, 6, 1000}, 7).high, 1000);
    assert_near(median_interval((double[]){1, 2, 3, 4, 5, 6, 1000}, 7).low, 1 + 11.0 / 15);
    assert_near(
        median_interval((double[]){1, 101, 102, 103, 104, 105, 106, 107}, 8).low, 1 + 100 * 189.0 / 202);
}

/* P(X = k) of Binomial(10, 1/2) in 1024ths: 1 10 45 120 210 252. Seven values k = 2 … 8 hold 1002, six 957:
 * from the 2nd to the 9th. Of Binomial(100, 0.9) the best eleven values hold 0.9364, the twelve 85 … 96
 * 0.9523, and 84 … 95 0.9557: from the 84th to the 96th. */
static void quantile_interval_is_the_narrowest_that_covers_enough(void **state)
{
    (void)state;
    double values[100], point;
    for (size_t i = 0; i < 100; i++)
        values[i] = (double)(100 - i);
    struct interval interval = quantile_interval(&values[90], 10, 0.5, &point);
    assert_near(point, 5.5);
    assert_near(interval.low, 2);
    assert_near(interval.high, 9);
    assert_near(interval.level, 1002.0 / 1024);
    interval = quantile_interval(values, 100, 0.9, &point);
    assert_near(point, 90.1);
    assert_near(interval.low, 84);
    assert_near(interval.high, 96);
    assert_true(fabs(interval.level - 0.955690107191) < 1e-9);
}

/* 1 − q^n − (1 − q)^n ≥ 0.95: for 0.9 0.95 0.99 and their mirrors by logarithms: n ≥ log 0.05 / log q. */
static void quantile_without_enough_values_has_no_interval(void **state)
{
    (void)state;
    assert_int_equal(quantile_values_needed(0.5), 6);
    assert_int_equal(quantile_values_needed(0.9), 29);
    assert_int_equal(quantile_values_needed(0.1), 29);
    assert_int_equal(quantile_values_needed(0.95), 59);
    assert_int_equal(quantile_values_needed(0.99), 299);
    assert_true(quantile_values_needed(1) == SIZE_MAX && quantile_values_needed(NAN) == SIZE_MAX);
    double values[30], point;
    for (size_t i = 0; i < 30; i++)
        values[i] = (double)i;
    values[29] = NAN;
    struct interval interval = quantile_interval(values, 30, 0.9, &point);
    assert_near(interval.high, 28);
    assert_true(interval.level >= 0.95);
    interval = quantile_interval(values, 28, 0.9, &point);
    assert_true(isnan(interval.low) && isnan(interval.high) && isnan(interval.level));
    assert_near(point, 24.3);
    assert_true(isnan(quantile_interval(values, 29, 0, &point).level));
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

/* Order statistics cover a quantile of any continuous distribution exactly as often as they say: within four
 * standard deviations. */
static void coverage_of_a_quantile_is_its_true_level(void **state)
{
    (void)state;
    enum { TRIALS = 4000, N = 40 };
    const double quantiles[] = {0.1, 0.5, 0.9};
    uint64_t random = 11;
    for (size_t q = 0; q < 3; q++) {
        struct interval interval = {NAN, NAN, NAN};
        double covered = 0, values[N], point;
        for (int t = 0; t < TRIALS; t++) {
            for (size_t i = 0; i < N; i++)
                values[i] = uniform(&random);
            interval = quantile_interval(values, N, quantiles[q], &point);
            covered += interval.low <= quantiles[q] && quantiles[q] <= interval.high ? 1 : 0;
        }
        assert_true(interval.level >= 0.95);
        assert_true(fabs(covered / TRIALS - interval.level) <
                    4 * sqrt(interval.level * (1 - interval.level) / TRIALS));
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
        cmocka_unit_test(other_levels_interpolate_the_same_way_or_are_refused),
        cmocka_unit_test(ratios_fall_back_to_their_range_where_that_covers_enough),
        cmocka_unit_test(interval_does_not_end_inside_a_gap_that_costs_coverage),
        cmocka_unit_test(quantile_interval_is_the_narrowest_that_covers_enough),
        cmocka_unit_test(quantile_without_enough_values_has_no_interval),
        cmocka_unit_test(coverage_of_a_quantile_is_its_true_level),
        cmocka_unit_test(precision_is_half_the_width_over_the_median),
        cmocka_unit_test(coverage_is_what_the_level_says),
        cmocka_unit_test(coverage_of_the_range_is_its_true_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
