/* Which rows a law of scaling is fitted to: one sweep, one thread a core, one kind of cores. */
#include "tests/unit/scaling_record.h"

/* Times by Amdahl with a serial share of 5 %. */
static int make_amdahl(void **state)
{
    make_record(state);
    for (int team = 0; team < TEAMS; team++)
        set_seconds(cell_of(WORK, team), 0.2 * (0.05 + 0.95 / (1 << team)));
    return 0;
}

static const struct row_laws *laws_of_work(void)
{
    summarize(0);
    assert_int_equal(summary.laws_count, 1);
    return &summary.laws[0];
}

static void a_sweep_gives_its_serial_share(void **state)
{
    (void)state;
    const struct row_laws *laws = laws_of_work();
    assert_int_equal(laws->points, TEAMS);
    assert_null(laws->why_none);
    assert_true(laws->fit[LAW_AMDAHL][0].fitted);
    assert_near(laws->fit[LAW_AMDAHL][0].serial, 0.05, 0.01);
    assert_false(laws->fit[LAW_GUSTAFSON][0].fitted);
}

static void the_clock_is_taken_out_where_it_is_known(void **state)
{
    (void)state;
    static const double ghz[TEAMS] = {3, 2.9, 2.8, 2.6, 2.4};
    for (int team = 0; team < TEAMS; team++) {
        set_clock(cell_of(WORK, team), ghz[team]);
        set_seconds(cell_of(WORK, team), 0.2 * (0.05 + 0.95 / (1 << team)) * 3 / ghz[team]);
    }
    const struct row_laws *laws = laws_of_work();
    assert_near(laws->fit[LAW_AMDAHL][1].serial, 0.05, 0.01);
    assert_true(laws->fit[LAW_AMDAHL][0].serial > 0.06);
    set_clock(cell_of(WORK, 2), NAN);
    laws = laws_of_work();
    assert_true(laws->fit[LAW_AMDAHL][0].fitted && !laws->fit[LAW_AMDAHL][1].fitted);
    assert_non_null(strstr(laws->fit[LAW_AMDAHL][1].why_not, "clock"));
}

static void no_law_goes_across_siblings_kinds_or_the_quota(void **state)
{
    (void)state;
    cells[cell_of(WORK, 4)].sharing = 2;
    assert_int_equal(laws_of_work()->points, TEAMS - 1);
    assert_int_equal(laws_of_work()->last->cell->threads, 8); /* Karp & Flatt's share belongs to cores, too */
    cells[cell_of(WORK, 3)].classes = 2;
    assert_int_equal(laws_of_work()->points, TEAMS - 2);
    assert_false(laws_of_work()->fit[LAW_AMDAHL][0].fitted);
    cells[cell_of(WORK, 2)].beyond_quota = true;
    assert_int_equal(laws_of_work()->points, TEAMS - 3);
}

static void where_nothing_can_be_tried_there_is_a_reason(void **state)
{
    (void)state;
    for (int team = 0; team < TEAMS; team++)
        cells[cell_of(WORK, team)].sharing = 0; /* not known */
    assert_non_null(laws_of_work()->why_none);
    make_amdahl(state);
    processes[CELLS + cell_of(WORK, 0)].check_failed = true;
    assert_string_equal(laws_of_work()->why_none, "there is no time of one thread");
}

static void placements_are_sweeps_of_their_own(void **state)
{
    (void)state;
    cells[cell_of(WORK, 3)].placement = cells[cell_of(WORK, 4)].placement = "compact";
    summarize(0);
    assert_int_equal(summary.laws_count, 2);
    assert_int_equal(summary.laws[0].points, 3);
    assert_int_equal(summary.laws[1].last->cell->threads, 16);
    assert_string_equal(summary.laws[1].why_none, "there is no time of one thread");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_amdahl, free_summary)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sweep_gives_its_serial_share),
        TEST(the_clock_is_taken_out_where_it_is_known),
        TEST(no_law_goes_across_siblings_kinds_or_the_quota),
        TEST(where_nothing_can_be_tried_there_is_a_reason),
        TEST(placements_are_sweeps_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
