/* What a summary says of why rows stop scaling: every limit where it is due, from measured ceilings, and no
 * claim beyond them. */
#include "tests/unit/scaling_record.h"

#include "harness/report/why.h"

static void assert_limit(int cell, const char *limit, const char *words)
{
    const struct summary_row *row = summarize(cell);
    if (strcmp(limit_name(row->diagnosis.limit), limit) != 0 || strstr(row->why, words) == NULL)
        fail_msg("%s: %s; expected %s: … %s …", limit_name(row->diagnosis.limit), row->why, limit, words);
}

static void perfect_scaling_near_the_arithmetic_ceiling_is_compute(void **state)
{
    (void)state;
    assert_limit(cell_of(WORK, 4), "compute", "16 threads reach 50% of what flops fma reaches with them");
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    double sum = 0;
    for (int part = 0; part < WATERFALL_PARTS; part++)
        sum += row->diagnosis.waterfall.seconds[part];
    assert_true(row->diagnosis.has_waterfall && sum == row->estimate.median_s);
    assert_near(row->diagnosis.ideal, 16, 1e-9);
    assert_false(summarize(cell_of(WORK, 0))->diagnosis.has_waterfall);
}

/* A ceiling that something else held back bounds nothing, and is not called a limit. */
static void a_ceiling_that_the_row_passes_is_none(void **state)
{
    (void)state;
    set_seconds(cell_of(FLOPS, 4), 1);
    assert_limit(cell_of(WORK, 4), "unknown", "of what flops fma reached with as many threads");
    assert_non_null(strstr(summarize(cell_of(WORK, 4))->why, "so that was no ceiling"));
}

/* 4 threads fill the memory: the row and the stream stay at their times. */
static void make_memory_bound(void)
{
    for (int team = 0; team < TEAMS; team++) {
        int filled = team < 2 ? 1 << team : 4;
        cells[cell_of(WORK, team)].bytes = 1.9e9;
        set_seconds(cell_of(WORK, team), 0.2 / filled);
        set_seconds(cell_of(STREAM, team), 0.1 / (filled * (1 + 0.005 * team)));
    }
}

static void a_ceiling_at_another_clock_is_compared_at_the_rows_own_too(void **state)
{
    (void)state;
    set_clock(cell_of(FLOPS, 4), 3.2);
    assert_limit(cell_of(WORK, 4), "compute", "53% of it at its own clock (3 GHz, flops 3.2)");
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_near(row->ceiling_at_clock, row->ceiling * 3 / 3.2, 1);
    set_clock(cell_of(FLOPS, 4), 3.03); /* within what clocks scatter by */
    assert_null(strstr(summarize(cell_of(WORK, 4))->why, "its own clock"));
    set_clock(cell_of(FLOPS, 4), NAN);
    row = summarize(cell_of(WORK, 4));
    assert_null(strstr(row->why, "its own clock"));
    assert_true(isnan(row->ceiling_at_clock));
    make_memory_bound();
    set_clock(cell_of(FLOPS, 4), 3);
    assert_true(isnan(summarize(cell_of(WORK, 4))->ceiling_at_clock)); /* memory has a clock of its own */
}

static void memory_bound_says_from_which_team_on_threads_add_nothing(void **state)
{
    (void)state;
    make_memory_bound();
    assert_limit(cell_of(WORK, 4), "bandwidth",
        "4 threads use 94% of the bandwidth that 4 threads can get (40.4 GB/s, stream triad), and 16 get "
        "only "
        "1% more");
    assert_limit(cell_of(WORK, 0), "bandwidth", "1 thread uses 95% of the bandwidth that 1 thread can get");
}

static void memory_that_gives_a_large_team_less_is_told_so(void **state)
{
    (void)state;
    make_memory_bound();
    set_seconds(cell_of(STREAM, 4), 0.1 / 3);
    set_seconds(cell_of(WORK, 4), 0.2 / 3);
    assert_limit(cell_of(WORK, 4), "bandwidth", "(40.4 GB/s, stream triad), and 16 get 26% less");
}

static void rates_have_no_exponent(void **state)
{
    (void)state;
    cells[cell_of(FLOPS, 4)].flop *= 10;
    cells[cell_of(WORK, 4)].flop *= 10;
    assert_limit(cell_of(WORK, 4), "compute", "(1599 GFLOP/s)");
}

static void more_bandwidth_than_five_percent_is_no_claim_of_saturation(void **state)
{
    (void)state;
    make_memory_bound();
    set_seconds(cell_of(STREAM, 4), 0.1 / 4.4);
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_null(strstr(row->why, "and 16 get"));
    record.usable_pus = 32; /* there are PUs that were not measured */
    row = summarize(cell_of(WORK, 4));
    assert_non_null(strstr(row->why, "16 threads use 86% of the bandwidth"));
    assert_non_null(strstr(row->why, "; more threads may help"));
}

static void more_than_linear_is_explained_by_memory_that_grows_faster_or_not_at_all(void **state)
{
    (void)state;
    make_memory_bound();
    set_seconds(cell_of(WORK, 1), 0.2 / 2.4);
    set_seconds(cell_of(STREAM, 1), 0.1 / 2.5);
    const struct summary_row *row = summarize(cell_of(WORK, 1));
    assert_non_null(strstr(row->why,
        "; the whole interval of the speedup lies above 2: the bandwidth of stream triad grows 2.5 times"));
    set_seconds(cell_of(STREAM, 1), 0.1 / 2);
    row = summarize(cell_of(WORK, 1));
    assert_non_null(strstr(row->why, ", and nothing that was measured says why"));
    set_seconds(cell_of(WORK, 1), 0.2 / 2);
    row = summarize(cell_of(WORK, 1));
    assert_null(strstr(row->why, "more than 2 times"));
}

static void an_uncertain_bandwidth_is_no_claim_of_saturation(void **state)
{
    (void)state;
    make_memory_bound();
    for (int block = 1; block <= BLOCKS; block += 3) /* a third of the blocks 12 % faster: the
                                                        median stays, its interval does not */
        for (int i = 0; i < ITERATIONS; i++)
            seconds[block * CELLS + cell_of(STREAM, 4)][i] /= 1.12;
    assert_null(strstr(summarize(cell_of(WORK, 4))->why, "and 16 get"));
}

static void a_tiny_problem_is_overhead(void **state)
{
    (void)state;
    for (int team = 0; team < TEAMS; team++)
        set_seconds(cell_of(WORK, team), 1e-5 / (1 << team) + 1e-6 * (1 + team));
    cells[cell_of(WORK, 4)].flop = 1e3;
    assert_limit(cell_of(WORK, 4), "overhead", "1 region at 5.00 µs, 2 barriers at 500 ns");
    assert_near(summarize(cell_of(WORK, 4))->diagnosis.overhead_s, 6e-6, 1e-3);
}

static void what_a_limit_leaves_unexplained_is_said(void **state)
{
    (void)state;
    double s = 0.2 / 16 + 0.006;
    set_sample(cell_of(WORK, 4), (struct sample_record){s, s - 0.006, s, s - 0.006, 0, 0, NAN, 0, 0, 0});
    set_seconds(cell_of(WORK, 4), s);
    assert_null(strstr(summarize(cell_of(WORK, 4))->why, "more is lost"));
    set_seconds(cell_of(WORK, 4), s + 0.01);
    assert_limit(cell_of(WORK, 4), "imbalance", "; 35% more is lost, and nothing that was measured says why");
}

static void skewed_threads_are_imbalance(void **state)
{
    (void)state;
    double s = 0.2 / 16 + 0.006;
    set_seconds(cell_of(WORK, 4), s);
    set_sample(cell_of(WORK, 4), (struct sample_record){s, s - 0.006, s, s - 0.006, 0, 0, NAN, 0, 0, 0});
    assert_limit(cell_of(WORK, 4), "imbalance", "the busiest thread works 6.00 ms longer");
}

/* 16 threads on 8 cores, together 9 times one thread. */
static void siblings_on_shared_cores_are_smt(void **state)
{
    (void)state;
    cells[cell_of(WORK, 4)].sharing = 2;
    cells[cell_of(WORK, 4)].cores = 8;
    set_seconds(cell_of(WORK, 4), 0.2 / 8.9);
    for (int block = 0; block <= BLOCKS; block++)
        for (int t = 0; t < MOST_THREADS; t++)
            lanes[block * CELLS + cell_of(FLOPS, 4)][t].busy_s = 0.1 / 9;
    assert_limit(cell_of(WORK, 4), "smt", "16 threads share 8 cores, and together are worth 9 times one");
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_near(row->diagnosis.ideal, 9, 1e-9);
}

static void slow_cores_are_kind(void **state)
{
    (void)state;
    double s = 0.2 / 12;
    cells[cell_of(WORK, 4)].classes = 2;
    set_seconds(cell_of(WORK, 4), s); /* the fast wait for the slow */
    set_sample(cell_of(WORK, 4), (struct sample_record){s, s - 0.0045, s, s - 0.0045, 0, 0, NAN, 0, 0, 0});
    set_clock(cell_of(WORK, 4), 2);
    for (int block = 0; block <= BLOCKS; block++)
        for (int t = 8; t < MOST_THREADS; t++) /* half as fast: worth 12 together */
            lanes[block * CELLS + cell_of(FLOPS, 4)][t].busy_s = 0.1 / 8;
    assert_limit(cell_of(WORK, 4), "kind", "together are worth 12 times one; the row reaches 12");
}

static void without_lanes_the_ideal_is_the_ceilings_own_speedup(void **state)
{
    (void)state;
    for (int i = 0; i < PROCESSES; i++)
        processes[i].lane = NULL;
    set_seconds(cell_of(FLOPS, 4), 0.1 / 10);
    assert_near(summarize(cell_of(WORK, 4))->diagnosis.ideal, 10, 1e-9);
    dropped[cell_of(FLOPS, 4)] = true;
    assert_true(isnan(summarize(cell_of(WORK, 4))->diagnosis.ideal));
}

/* Each of two threads computes at full speed while it runs, and together they are worth one. */
static void threads_that_take_turns_on_a_pu_are_worth_no_more_than_it(void **state)
{
    (void)state;
    static int one_pu[2] = {3, 3};
    cells[cell_of(WORK, 1)].pus = cells[cell_of(FLOPS, 1)].pus = one_pu;
    set_seconds(cell_of(FLOPS, 1), 0.1);
    set_seconds(cell_of(WORK, 1), 0.2);
    assert_near(summarize(cell_of(WORK, 1))->diagnosis.ideal, 1, 1e-9);
}

static void a_falling_clock_is_clock(void **state)
{
    (void)state;
    set_seconds(cell_of(WORK, 4), 0.2 / 16 * 1.25);
    set_clock(cell_of(WORK, 4), 2.4);
    assert_limit(cell_of(WORK, 4), "clock", "2.4 GHz with 16 threads and 3 GHz with one");
}

static void threads_without_a_cpu_are_interference_or_quota(void **state)
{
    (void)state;
    double s = 0.2 / 16 + 0.01;
    set_seconds(cell_of(WORK, 4), s);
    set_sample(cell_of(WORK, 4), (struct sample_record){s, s, s - 0.01, s - 0.01, 0.01, 0, NAN, 9, 0, 0});
    assert_limit(
        cell_of(WORK, 4), "interference", "another program had a CPU that its threads wanted for 44%");
    set_sample(cell_of(WORK, 4), (struct sample_record){s, s, s - 0.01, s - 0.01, 0.01, 0.1, NAN, 9, 0, 0});
    assert_limit(cell_of(WORK, 4), "quota", "the CPU quota held its threads back for 44%");
}

/* 16 threads over two domains get 1.2 times what 8 get in one. */
static void domains_that_do_not_add_up_are_numa(void **state)
{
    (void)state;
    cells[cell_of(WORK, 4)].domains = cells[cell_of(STREAM, 4)].domains = 2;
    cells[cell_of(WORK, 4)].bytes = cells[cell_of(WORK, 3)].bytes = 1.9e9;
    set_seconds(cell_of(STREAM, 4), 0.1 / 8 / 1.2);
    set_seconds(cell_of(WORK, 4), 0.2 / 8 / 1.2);
    assert_limit(cell_of(WORK, 4), "numa", "over 2 memory domains it gets 60%");
    set_seconds(cell_of(STREAM, 4), 0.1 / 15.5); /* they add up: nothing is said against them */
    set_seconds(cell_of(WORK, 4), 0.2 / 15.5);
    assert_limit(cell_of(WORK, 4), "bandwidth", "16 threads use 95%");
}

static void a_disturbed_ceiling_is_said_to_be_one(void **state)
{
    (void)state;
    set_seconds(cell_of(FLOPS, 4), 0.1 / 8);
    set_sample(cell_of(FLOPS, 4),
        (struct sample_record){0.1 / 8, 0.1 / 8, 0.1 / 16, 0.1 / 16, 0.1 / 16, 0, NAN, 0, 0, 0});
    assert_limit(cell_of(WORK, 4), "compute", "(80 GFLOP/s); but that ceiling was disturbed");
    assert_limit(cell_of(WORK, 3), "compute", "(80 GFLOP/s)");
    assert_null(strstr(summarize(cell_of(WORK, 3))->why, "disturbed"));
}

static void without_ceilings_and_sentinels_nothing_is_claimed(void **state)
{
    (void)state;
    for (int c = 0; c < CELLS; c++) {
        cells[c].ceiling_count = 0;
        dropped[c] = cells[c].is_reference;
    }
    for (int i = 0; i < PROCESSES; i++) {
        processes[i].sample = NULL;
        processes[i].clock_ghz = NAN;
    }
    set_seconds(cell_of(WORK, 4), 0.2 / 8);
    assert_limit(
        cell_of(WORK, 4), "unknown", "50% of its time is lost, and nothing was measured that could say");
    assert_limit(cell_of(WORK, 3), "unknown", "nothing that was measured holds it back");
}

static void only_the_largest_verified_team_of_a_sweep_is_explained(void **state)
{
    (void)state;
    struct text line = {0};
    int from = 0;
    processes[CELLS + cell_of(WORK, 4)].check_failed = true;
    summarize(cell_of(WORK, 4));
    const struct summary_row *row = why_next(&summary, &from);
    assert_int_equal(row->cell->threads, 8);
    assert_null(why_next(&summary, &from));
    why_add_line(&line, row);
    assert_non_null(
        strstr(line.data, "work tuned f32 ×8 spread, 8 times one thread, compute: 8 threads reach 50%"));
    text_free(&line);
}

static void weak_scaling_starts_from_the_time_of_one_thread(void **state)
{
    (void)state;
    for (int cell = 0; cell < CELLS; cell++)
        cells[cell].scaling = "weak";
    for (int team = 0; team < TEAMS; team++)
        set_seconds(cell_of(WORK, team), 0.2);
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_near(row->diagnosis.waterfall.seconds[PART_LINEAR], 0.2, 1e-3);
    assert_near(row->estimate.speedup, 16, 1e-3);
    struct text line = {0};
    why_add_line(&line, row);
    assert_non_null(strstr(line.data, "work tuned f32 ×16 spread weak, 16 times one thread"));
    text_free(&line);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_record, free_summary)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(perfect_scaling_near_the_arithmetic_ceiling_is_compute),
        TEST(memory_bound_says_from_which_team_on_threads_add_nothing),
        TEST(memory_that_gives_a_large_team_less_is_told_so),
        TEST(rates_have_no_exponent),
        TEST(more_bandwidth_than_five_percent_is_no_claim_of_saturation),
        TEST(more_than_linear_is_explained_by_memory_that_grows_faster_or_not_at_all),
        TEST(an_uncertain_bandwidth_is_no_claim_of_saturation),
        TEST(a_tiny_problem_is_overhead),
        TEST(what_a_limit_leaves_unexplained_is_said),
        TEST(skewed_threads_are_imbalance),
        TEST(siblings_on_shared_cores_are_smt),
        TEST(slow_cores_are_kind),
        TEST(without_lanes_the_ideal_is_the_ceilings_own_speedup),
        TEST(threads_that_take_turns_on_a_pu_are_worth_no_more_than_it),
        TEST(a_falling_clock_is_clock),
        TEST(a_ceiling_that_the_row_passes_is_none),
        TEST(a_ceiling_at_another_clock_is_compared_at_the_rows_own_too),
        TEST(threads_without_a_cpu_are_interference_or_quota),
        TEST(domains_that_do_not_add_up_are_numa),
        TEST(a_disturbed_ceiling_is_said_to_be_one),
        TEST(without_ceilings_and_sentinels_nothing_is_claimed),
        TEST(only_the_largest_verified_team_of_a_sweep_is_explained),
        TEST(weak_scaling_starts_from_the_time_of_one_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
