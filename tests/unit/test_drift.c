/* Trends by hand and by permutation, and how often chance passes for one. */
#include "harness/analysis/drift.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { BLOCKS_MOST = 40 };

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("got %.17g, expected %.17g", got, expected);
}

static struct trend trend_over_blocks(const double *values, size_t n)
{
    double at[BLOCKS_MOST];
    struct trend trend;
    for (size_t i = 0; i < n; i++)
        at[i] = (double)(i + 1);
    trend_of(at, values, n, &trend);
    return trend;
}

/* Slopes of logarithms 0 1 4 3 5 at 1 … 5: 1 2 1 5/4 | 3 1 4/3 | −1 1/2 | 2, in order −1 1/2 1 1 1 5/4 4/3 2
 * 2 3; the middle two are 1 and 5/4. One of ten pairs descends: of the 120 orders 1 + 4 have no more, on
 * either side. */
static void slope_and_chance_are_those_computed_by_hand(void **state)
{
    (void)state;
    const double values[] = {1, exp(1), exp(4), exp(3), exp(5)};
    struct trend trend = trend_over_blocks(values, 5);
    assert_near(trend.change, expm1(4 * 1.125));
    assert_near(trend.p_value, 10.0 / 120);
}

static void order_of_the_blocks_does_not_matter_and_unknown_ones_are_left_out(void **state)
{
    (void)state;
    const double at[] = {3, 5, NAN, 1, 2, 9, 4}, values[] = {exp(4), exp(5), 7, 1, exp(1), NAN, exp(3)};
    struct trend trend;
    trend_of(at, values, 7, &trend);
    assert_near(trend.change, expm1(4 * 1.125));
    assert_near(trend.p_value, 10.0 / 120);
}

/* Logarithms 0 2 | 1 5 | 4 at 1, 2 and 3: the eight slopes between places are 1 5 2 −1 3 1 3 −1, the middle
 * two of them 1 and 2; pairs within a place have none. */
static void pairs_at_one_place_have_no_slope(void **state)
{
    (void)state;
    const double at[] = {1, 1, 2, 2, 3}, values[] = {1, exp(2), exp(1), exp(5), exp(4)};
    struct trend trend;
    trend_of(at, values, 5, &trend);
    assert_near(trend.change, expm1(2 * 1.5));
}

/* Every pair ascends: 2 of 10! orders. */
static void a_steady_rise_is_as_improbable_as_can_be(void **state)
{
    (void)state;
    double values[10];
    for (size_t i = 0; i < 10; i++)
        values[i] = exp(0.01 * (double)i);
    struct trend trend = trend_over_blocks(values, 10);
    assert_near(trend.change, expm1(0.09));
    assert_true(fabs(trend.p_value * 3628800 - 2) < 1e-6);
}

/* Values 1 1 2 2 2 3 in this order ascend in all 11 pairs that differ: 1 of 6!/(2!·3!) = 60 orders, and its
 * mirror. The same with the places tied instead. */
static void tied_values_and_tied_places_are_counted_exactly(void **state)
{
    (void)state;
    const double tied[] = {1, 1, 2, 2, 2, 3}, distinct[] = {1, 2, 3, 4, 5, 6};
    struct trend trend;
    trend_of(distinct, tied, 6, &trend);
    assert_near(trend.p_value, 2.0 / 60);
    trend_of(tied, distinct, 6, &trend);
    assert_near(trend.p_value, 2.0 / 60);
}

/* Kendall's own normal approximation: 1 … 11 but for the exchange of 1 and 11 has 55 − 2·19 = 17 for a score,
 * variance 11·10·27/18 = 165. */
static void above_ten_pairs_the_normal_distribution_serves(void **state)
{
    (void)state;
    double values[] = {11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1};
    assert_near(trend_over_blocks(values, 11).p_value, erfc(16 / sqrt(2 * 165)));
}

/* Ties on both sides, 1 1 2 2 3 3 against 1 1 2 2 3 3: 12 of 12 pairs ascend; t = u = 2 three times, so the
 * variance is (6·5·17 − 2·3·2·9)/18 + 6·6/(2·6·5). */
static void ties_on_both_sides_take_the_variance_under_ties(void **state)
{
    (void)state;
    const double tied[] = {1, 1, 2, 2, 3, 3};
    struct trend trend;
    trend_of(tied, tied, 6, &trend);
    assert_near(trend.p_value, erfc(11 / sqrt(2 * ((510 - 108) / 18.0 + 36 / 60.0))));
}

static void nothing_is_said_of_too_little(void **state)
{
    (void)state;
    const double at[] = {1, 2, 3, 4, NAN}, same[] = {2, 2, 2, 2, 2}, values[] = {1, 2, 3, 4, 5};
    struct trend trend;
    trend_of(at, values, 5, &trend);
    assert_true(isnan(trend.change) && isnan(trend.p_value));
    trend_of(same, values, 5, &trend);
    assert_true(isnan(trend.change) && isnan(trend.p_value));
    trend_of(at, values, 0, &trend);
    assert_true(isnan(trend.change) && isnan(trend.p_value));
    trend_of(values, same, 5, &trend);
    assert_near(trend.change, 0);
    assert_near(trend.p_value, 1);
}

/* One block out of six can be hit by anything: the slope stays within what the other pairs say. */
static void one_hit_does_not_make_a_drift(void **state)
{
    (void)state;
    double values[] = {1, 1.001, 0.999, 1.0005, 0.9995, 5};
    struct trend trend = trend_over_blocks(values, 6);
    assert_true(fabs(trend.change) < 0.01);
    assert_true(trend.p_value > 0.05);
}

/* How often a trend of 5 % probability is seen. `positions`: the places are drawn among so many, with ties.
 */
static size_t count_trends(
    enum shape shape, size_t blocks, size_t positions, double drift, size_t trials, uint64_t seed)
{
    struct random random;
    size_t seen = 0;
    random_seed(&random, seed);
    for (size_t t = 0; t < trials; t++) {
        double at[BLOCKS_MOST], values[BLOCKS_MOST];
        struct trend trend;
        for (size_t i = 0; i < blocks; i++) {
            at[i] = (double)(positions > 0 ? random_below(&random, positions) : i);
            values[i] = exp(0.01 * shape_draw(shape, &random) + drift * (double)i / (double)(blocks - 1));
        }
        trend_of(at, values, blocks, &trend);
        seen += trend.p_value <= 0.05 ? 1 : 0;
    }
    return seen;
}

/* The probability takes steps (of 6 blocks 2.8 % is the last under 5), so it may be less than 5 %. */
static void chance_passes_for_a_trend_at_most_5_percent_of_the_time(void **state)
{
    (void)state;
    enum { TRIALS = 1000 };
    static const size_t sizes[] = {6, 8, 10, 11, 20, 40};
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            for (size_t positions = 0; positions <= 6; positions += 6) {
                size_t seen = count_trends(shape, sizes[s], positions, 0, TRIALS, s);
                if (!hits_fit(seen, TRIALS, 0.02, 0.05))
                    fail_msg("%s, %zu blocks, %zu positions: %zu of %d", shape_name[shape], sizes[s],
                        positions, seen, TRIALS);
            }
}

/* 3 % over the run against a deviation of 1 %: 10 blocks see it in three of four runs, 20 in all but few. */
static void drifts_are_found(void **state)
{
    (void)state;
    enum { TRIALS = 300 };
    assert_true(hits_fit(count_trends(SHAPE_NORMAL, 10, 0, 0.03, TRIALS, 1), TRIALS, 0.7, 1));
    assert_true(hits_fit(count_trends(SHAPE_NORMAL, 20, 0, 0.03, TRIALS, 2), TRIALS, 0.95, 1));
    assert_true(hits_fit(count_trends(SHAPE_HIT, 20, 0, 0.03, TRIALS, 3), TRIALS, 0.7, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slope_and_chance_are_those_computed_by_hand),
        cmocka_unit_test(order_of_the_blocks_does_not_matter_and_unknown_ones_are_left_out),
        cmocka_unit_test(pairs_at_one_place_have_no_slope),
        cmocka_unit_test(a_steady_rise_is_as_improbable_as_can_be),
        cmocka_unit_test(tied_values_and_tied_places_are_counted_exactly),
        cmocka_unit_test(above_ten_pairs_the_normal_distribution_serves),
        cmocka_unit_test(ties_on_both_sides_take_the_variance_under_ties),
        cmocka_unit_test(nothing_is_said_of_too_little),
        cmocka_unit_test(one_hit_does_not_make_a_drift),
        cmocka_unit_test(chance_passes_for_a_trend_at_most_5_percent_of_the_time),
        cmocka_unit_test(drifts_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
