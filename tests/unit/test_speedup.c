/* Speedups, efficiency and serial fraction against values computed by hand. */
#include "harness/analysis/speedup.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("got %.17g, expected %.17g", got, expected);
}

enum { BLOCKS = 7 };

/* One thread, four threads, serial. Block 3 has no four-thread process, block 6 no one-thread one. */
static const double one[BLOCKS] = {8, 8.8, 8, 8, 7.2, 8, NAN};
static const double four[BLOCKS] = {4, 4, 4, NAN, 4, 2, 1};
static const double serial[BLOCKS] = {6, 6, 6, 6, 6, 6, 6};

static void estimate(bool weak, struct row_estimate rows[3])
{
    const struct cell_times cells[] = {
        {one, 1, 16, 0, 2, weak}, {four, 4, 16, 0, 2, weak}, {serial, 1, 16, -1, 2, weak}};
    speedup_estimate(cells, 3, BLOCKS, rows);
}

static void speedup_is_the_median_of_ratios_within_blocks(void **state)
{
    (void)state;
    struct row_estimate rows[3];
    estimate(false, rows);
    assert_near(rows[1].speedup, 2); /* ratios 2, 2.2, 2, 1.8, 4 */
    assert_near(rows[1].speedup_interval.low, 1.8);
    assert_near(rows[1].speedup_interval.high, 4);
    assert_near(rows[1].speedup_interval.level, 0.9375);
    assert_near(rows[1].speedup_vs_serial, 1.5); /* ratios 1.5 four times, 3, 6 */
    assert_near(rows[1].speedup_vs_serial_interval.level, 0.95);
    assert_near(rows[1].efficiency, 0.5);
    assert_near(rows[1].efficiency_low, 0.45);
    assert_near(rows[1].efficiency_high, 1);
    assert_near(rows[1].karp_flatt, 1.0 / 3); /* (1/2 − 1/4) / (1 − 1/4) */
}

static void times_and_rates_use_all_processes_of_the_cell(void **state)
{
    (void)state;
    struct row_estimate rows[3];
    estimate(false, rows);
    assert_int_equal(rows[1].processes, 6);
    assert_near(rows[1].median_s, 4);
    assert_near(rows[1].rate, 4);
    assert_near(rows[0].median_s, 8);
}

static void one_thread_is_exactly_its_own_base(void **state)
{
    (void)state;
    struct row_estimate rows[3];
    estimate(false, rows);
    assert_true(
        rows[0].speedup == 1 && rows[0].speedup_interval.low == 1 && rows[0].speedup_interval.high == 1);
    assert_true(isnan(rows[0].karp_flatt));
}

static void weak_scaling_counts_the_larger_problem(void **state)
{
    (void)state;
    struct row_estimate rows[3];
    estimate(true, rows);
    assert_near(rows[1].speedup, 8);
    assert_near(rows[1].speedup_interval.low, 7.2);
    assert_near(rows[1].speedup_vs_serial, 6);
    assert_near(rows[1].efficiency, 2);
    assert_near(rows[0].speedup, 1);
}

static void unknown_is_nan_and_never_zero(void **state)
{
    (void)state;
    const double none[] = {NAN, NAN}, some[] = {1, 2};
    const struct cell_times cells[] = {
        {none, 2, 0, 1, -1, false}, {some, 1, 0, -1, -1, false}, {some, 2, 5, 0, 0, false}};
    struct row_estimate rows[3];
    speedup_estimate(cells, 3, 2, rows);
    assert_int_equal(rows[0].processes, 0);
    assert_true(isnan(rows[0].median_s) && isnan(rows[0].speedup) && isnan(rows[0].rate));
    assert_true(isnan(rows[0].efficiency) && isnan(rows[0].karp_flatt) && isnan(rows[0].time.level));
    assert_true(isnan(rows[1].speedup) && isnan(rows[1].speedup_vs_serial) && isnan(rows[1].rate));
    assert_true(isnan(rows[2].speedup) && isnan(rows[2].speedup_interval.low));
}

static void serial_fraction_exists_from_two_threads_on(void **state)
{
    (void)state;
    assert_near(karp_flatt_fraction(1.6, 2), 0.25);
    assert_near(karp_flatt_fraction(2.5, 2), -0.2); /* superlinear */
    assert_near(karp_flatt_fraction(8, 8), 0);
    assert_true(isnan(karp_flatt_fraction(1, 1)));
    assert_true(isnan(karp_flatt_fraction(0, 2)));
    assert_true(isnan(karp_flatt_fraction(NAN, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speedup_is_the_median_of_ratios_within_blocks),
        cmocka_unit_test(times_and_rates_use_all_processes_of_the_cell),
        cmocka_unit_test(one_thread_is_exactly_its_own_base),
        cmocka_unit_test(weak_scaling_counts_the_larger_problem),
        cmocka_unit_test(unknown_is_nan_and_never_zero),
        cmocka_unit_test(serial_fraction_exists_from_two_threads_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
