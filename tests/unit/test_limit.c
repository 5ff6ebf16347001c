/* The word for what limits a row, on constructed machines: each of the words where it is due, and nothing
 * where nothing was measured. */
#include "harness/analysis/limit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* 8 threads, 1 s alone, 0.125 s linear; nothing else happens. */
static struct waterfall waterfall;
static struct limit_input input;

static int make_input(void **state)
{
    (void)state;
    waterfall = (struct waterfall){.seconds = {[PART_LINEAR] = 0.125}};
    input = (struct limit_input){.waterfall = &waterfall,
        .seconds = 0.125,
        .roof = ROOF_COMPUTE,
        .roof_fraction = 0.8,
        .roof_fraction_at_clock = NAN,
        .overhead_s = 1e-5,
        .off_cpu_s = 1e-5,
        .throttled_s = 0,
        .ideal = 8,
        .threads = 8,
        .bandwidth_per_domain_kept = NAN};
    return 0;
}

static void lose(enum waterfall_part part, double seconds)
{
    waterfall.seconds[part] += seconds;
    input.seconds += seconds;
}

static void assert_limit(const char *name)
{
    assert_string_equal(limit_name(limit_of(&input)), name);
}

static void a_row_near_its_roof_names_the_roof(void **state)
{
    (void)state;
    assert_limit("compute");
    input.roof = ROOF_BANDWIDTH;
    assert_limit("bandwidth");
    input.roof_fraction = 0.3;
    assert_limit("unknown");
}

/* More arithmetic than the ceiling at any clock: whatever held the ceiling back, it bounds no row. */
static void a_roof_that_is_passed_is_none(void **state)
{
    (void)state;
    input.roof_fraction = 1.05;
    assert_limit("compute");
    input.roof_fraction = 1.2;
    assert_limit("unknown");
    input.roof_fraction_at_clock = 1.02; /* the clock explains it */
    assert_limit("compute");
    input.roof_fraction_at_clock = 1.2;
    assert_limit("unknown");
    input.roof = ROOF_BANDWIDTH; /* a cache explains it */
    assert_limit("bandwidth");
}

/* Amdahl's serial share: nothing measures it, and 57 % of the ceiling is no reason why the rest is lost. */
static void a_loss_that_nothing_explains_is_not_called_a_ceiling(void **state)
{
    (void)state;
    lose(PART_REST, 0.01);
    assert_limit("compute");
    lose(PART_REST, 0.01);
    assert_limit("unknown");
    input.roof_fraction = 0.9; /* at the ceiling, whatever keeps that low */
    assert_limit("compute");
    input.roof_fraction = 0.8;
    input.ideal = 6.9; /* the ceiling itself loses as much */
    assert_limit("compute");
    input.ideal = NAN;
    assert_limit("unknown");
    input.oversubscribed = true; /* p threads on fewer PUs: linear was never to be had */
    assert_limit("compute");
    input.waterfall = NULL;
    assert_limit("compute");
}

static void memory_that_the_team_fills_is_bandwidth(void **state)
{
    (void)state;
    lose(PART_BANDWIDTH, 0.2);
    lose(PART_REST, 0.01);
    input.roof = ROOF_BANDWIDTH;
    assert_limit("bandwidth");
}

static void a_tiny_problem_is_overhead(void **state)
{
    (void)state;
    waterfall.seconds[PART_LINEAR] = 1e-6;
    input.seconds = 5e-6;
    input.overhead_s = 3.5e-6;
    input.off_cpu_s = 0;
    waterfall.seconds[PART_FORKJOIN] = 3.4e-6;
    input.roof_fraction = 0.1;
    assert_limit("overhead");
    input.waterfall = NULL; /* also where there is no row of one thread */
    assert_limit("overhead");
}

static void a_skewed_division_of_work_is_imbalance(void **state)
{
    (void)state;
    lose(PART_IMBALANCE, 0.1);
    lose(PART_BANDWIDTH, 0.02);
    assert_limit("imbalance");
}

static void two_threads_of_one_core_are_smt(void **state)
{
    (void)state;
    input.threads = 2;
    input.ideal = 1.15;
    input.shares_cores = true;
    waterfall.seconds[PART_LINEAR] = 0.5;
    input.seconds = 0.5;
    lose(PART_REST, 0.37);
    input.roof_fraction = 0.98;
    assert_limit("smt");
    input.ideal = NAN; /* not known to be the siblings' doing: the roof is what was measured */
    assert_limit("compute");
    input.ideal = 1.15;
    input.shares_cores = false; /* two cores: whatever it is, it is not SMT */
    assert_limit("compute");
}

static void memory_may_weigh_more_than_siblings(void **state)
{
    (void)state;
    input.ideal = 6;
    input.shares_cores = true; /* 0.042 s by the cores */
    lose(PART_BANDWIDTH, 0.2);
    assert_limit("bandwidth");
}

static void slower_cores_are_kind_whatever_the_waterfall_calls_them(void **state)
{
    (void)state;
    input.ideal = 6;
    input.mixes_kinds = input.uneven = true;
    lose(PART_CLOCK, 0.05);
    lose(PART_IMBALANCE, 0.06);
    assert_limit("kind");
    lose(PART_CLOCK, 0.02);
    assert_limit("kind");
    input.ideal = 8; /* the kinds are equally fast: what falls is the clock */
    assert_limit("clock");
    lose(PART_IMBALANCE, 0.06);
    assert_limit("imbalance");
}

static void a_skew_on_equally_shared_cores_is_imbalance(void **state)
{
    (void)state;
    input.ideal = 7;
    input.shares_cores = true;
    lose(PART_IMBALANCE, 0.1);
    assert_limit("imbalance");
    input.uneven = true; /* some threads have a core for themselves, and wait for those that share */
    assert_limit("smt");
}

static void a_clock_that_falls_is_clock(void **state)
{
    (void)state;
    lose(PART_CLOCK, 0.02);
    assert_limit("clock");
}

static void a_quota_is_quota_and_not_another_program(void **state)
{
    (void)state;
    lose(PART_OFF_CPU, 0.1);
    input.off_cpu_s = 0.1;
    input.throttled_s = 0.09;
    assert_limit("quota");
    input.throttled_s = NAN;
    input.beyond_quota = true; /* the counter cannot be read, the team is known to be too large */
    assert_limit("quota");
}

static void a_competing_process_is_interference(void **state)
{
    (void)state;
    lose(PART_OFF_CPU, 0.1);
    input.off_cpu_s = 0.1;
    assert_limit("interference");
    input.throttled_s = NAN; /* no cgroup, no quota */
    assert_limit("interference");
    input.oversubscribed = true; /* threads that wait for each other are no other program */
    input.roof_fraction = NAN;
    assert_limit("unknown");
}

static void bandwidth_that_domains_do_not_add_up_to_is_numa(void **state)
{
    (void)state;
    lose(PART_BANDWIDTH, 0.2);
    input.spans_domains = true;
    input.bandwidth_per_domain_kept = 0.6;
    assert_limit("numa");
    input.bandwidth_per_domain_kept = 0.97;
    assert_limit("bandwidth");
    input.bandwidth_per_domain_kept = NAN;
    assert_limit("bandwidth");
}

static void small_losses_are_not_limits(void **state)
{
    (void)state;
    lose(PART_CLOCK, 0.002);
    lose(PART_IMBALANCE, 0.003);
    assert_limit("compute");
}

static void nothing_known_is_unknown(void **state)
{
    (void)state;
    const struct limit_input nothing = {.seconds = 1,
        .roof_fraction = NAN,
        .overhead_s = NAN,
        .off_cpu_s = NAN,
        .throttled_s = NAN,
        .ideal = NAN,
        .threads = 8,
        .bandwidth_per_domain_kept = NAN};
    input = nothing;
    assert_limit("unknown");
    input.waterfall = &waterfall;
    waterfall.seconds[PART_REST] = 0.875;
    assert_limit("unknown");
    input.seconds = NAN;
    assert_limit("unknown");
    input.seconds = 1;
    input.off_cpu_s = INFINITY;
    input.overhead_s = -1;
    assert_limit("unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_row_near_its_roof_names_the_roof, make_input),
        cmocka_unit_test_setup(a_roof_that_is_passed_is_none, make_input),
        cmocka_unit_test_setup(a_loss_that_nothing_explains_is_not_called_a_ceiling, make_input),
        cmocka_unit_test_setup(memory_that_the_team_fills_is_bandwidth, make_input),
        cmocka_unit_test_setup(a_tiny_problem_is_overhead, make_input),
        cmocka_unit_test_setup(a_skewed_division_of_work_is_imbalance, make_input),
        cmocka_unit_test_setup(two_threads_of_one_core_are_smt, make_input),
        cmocka_unit_test_setup(memory_may_weigh_more_than_siblings, make_input),
        cmocka_unit_test_setup(slower_cores_are_kind_whatever_the_waterfall_calls_them, make_input),
        cmocka_unit_test_setup(a_skew_on_equally_shared_cores_is_imbalance, make_input),
        cmocka_unit_test_setup(a_clock_that_falls_is_clock, make_input),
        cmocka_unit_test_setup(a_quota_is_quota_and_not_another_program, make_input),
        cmocka_unit_test_setup(a_competing_process_is_interference, make_input),
        cmocka_unit_test_setup(bandwidth_that_domains_do_not_add_up_to_is_numa, make_input),
        cmocka_unit_test_setup(small_losses_are_not_limits, make_input),
        cmocka_unit_test_setup(nothing_known_is_unknown, make_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
