/* Disturbed iterations: marked and told in plain words where another program had a CPU, never where none had,
 * and never taken out of the headline. And what else the samples of a run say of its quality. */
#include "tests/unit/scaling_record.h"

#include "harness/report/sentences.h"
#include "harness/report/why.h"

static const double quiet_s = 0.2 / 16, stretched_s = 0.2 / 16 + 0.02;

/* The last `from` … BLOCKS blocks of a cell were measured beside another program. */
static void disturb(int cell, int from)
{
    for (int block = from; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++) {
            seconds[block * CELLS + cell][i] = stretched_s;
            samples[block * CELLS + cell][i].off_cpu_s = 0.02;
        }
}

static bool is_flagged(const struct summary_row *row)
{
    for (char **flag = row->flags; *flag != NULL; flag++)
        if (strcmp(*flag, "disturbed") == 0)
            return true;
    return false;
}

static bool tells(const char *words)
{
    struct text text = {0};
    bool told = why_add_disturbed_run(&text, &summary);
    for (int i = 0; told && i < summary.row_count; i++)
        if (why_is_disturbed(&summary.row[i])) {
            text_add(&text, "\n");
            why_add_disturbance(&text, &summary.row[i]);
        }
    if (told && strstr(text.data, words) == NULL)
        fail_msg("%s", text.data);
    text_free(&text);
    return told;
}

static void without_another_program_nothing_is_said(void **state)
{
    (void)state;
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.known, BLOCKS * ITERATIONS);
    assert_int_equal(row->marks.marked, 0);
    assert_false(is_flagged(row) || tells(""));
    assert_true(row->marks.unmarked_s == row->estimate.median_s);
}

static void another_program_is_told_with_the_result_without_it(void **state)
{
    (void)state;
    disturb(cell_of(WORK, 4), 5);
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.marked, 8 * ITERATIONS);
    assert_true(is_flagged(row));
    assert_near(row->estimate.median_s, stretched_s, 1e-9); /* all samples count in the headline */
    assert_near(row->marks.unmarked_s, quiet_s, 1e-3);
    assert_int_equal(row->marks.unmarked_processes, 4);
    assert_near(row->marks.unmarked.level, 0.875, 1e-12);
    assert_true(tells("Other programs had CPUs while this was measured: 24 of "));
    assert_true(
        tells("24 of 36 iterations of work tuned f32 ×16 spread were disturbed: another program had a "
              "CPU; without them 12.5 ms instead of 32.5 ms"));
}

static void a_disturbed_pilot_does_not_hide_it(void **state)
{
    (void)state;
    disturb(cell_of(WORK, 4), 0);
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.marked, BLOCKS * ITERATIONS);
    assert_true(isnan(row->marks.unmarked_s));
    assert_true(tells("without them nothing is left"));
}

static void the_pilot_shows_what_is_quiet_here(void **state)
{
    (void)state;
    int cell = cell_of(WORK, 4);
    for (int block = 0; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++)
            samples[block * CELLS + cell][i].off_cpu_s = (block == 0 ? 0.008 : 0.014) * quiet_s;
    assert_int_equal(summarize(cell)->marks.marked, 0);
    for (int i = 0; i < ITERATIONS; i++)
        samples[cell][i].off_cpu_s = 0;
    assert_int_equal(summarize(cell)->marks.marked, BLOCKS * ITERATIONS);
}

static void a_single_blip_is_counted_and_not_told(void **state)
{
    (void)state;
    samples[3 * CELLS + cell_of(WORK, 4)][0].off_cpu_s = 0.002;
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.marked, 1);
    assert_false(is_flagged(row) || tells(""));
}

static void a_daemon_that_wakes_up_now_and_then_is_no_other_program(void **state)
{
    (void)state;
    for (int block = 1; block <= BLOCKS; block += 3) /* 8 % of a ninth of the time */
        samples[block * CELLS + cell_of(WORK, 4)][1].off_cpu_s = 0.001;
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.marked, 4);
    assert_near(row->marks.lost_share, 0.08 / 9, 1e-2);
    assert_false(is_flagged(row) || tells(""));
}

static void the_quota_is_not_called_another_program(void **state)
{
    (void)state;
    disturb(cell_of(WORK, 4), 1);
    for (int block = 1; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++)
            samples[block * CELLS + cell_of(WORK, 4)][i].throttled_s = 0.3;
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_near(row->marks.quota_s, row->marks.lost_s, 1e-12);
    assert_near(row->marks.lost_s, 0.02 * BLOCKS * ITERATIONS, 1e-12);
    assert_true(tells("A CPU quota held threads back"));
    assert_true(tells("were disturbed: the CPU quota held them back"));
}

/* One iteration in three, each for longer than it works: the median does not see it. */
/* A burst that hit one process alone is no trait of the row, however much it took. */
static void what_hit_one_process_is_not_what_limits_the_row(void **state)
{
    (void)state;
    disturb(cell_of(WORK, 4), BLOCKS);
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_true(row->marks.lost_share > 0.1);
    assert_int_equal(row->diagnosis.limit, LIMIT_COMPUTE);
    assert_false(tells(""));
    disturb(cell_of(WORK, 4), BLOCKS - 1);
    row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->diagnosis.limit, LIMIT_INTERFERENCE);
    assert_non_null(strstr(row->why, "for 21% of the time of all iterations together"));
}

static void stops_that_the_median_does_not_see_are_the_limit_all_the_same(void **state)
{
    (void)state;
    int cell = cell_of(WORK, 4);
    for (int block = 1; block <= BLOCKS; block++) {
        seconds[block * CELLS + cell][2] = stretched_s;
        samples[block * CELLS + cell][2].off_cpu_s = 0.02;
    }
    const struct summary_row *row = summarize(cell);
    assert_near(row->estimate.median_s, quiet_s, 1e-3);
    assert_string_equal(limit_name(row->diagnosis.limit), "interference");
    assert_non_null(
        strstr(row->why, "another program had a CPU that its threads wanted for 35% of the time"));
    for (int block = 1; block <= BLOCKS; block++)
        samples[block * CELLS + cell][2].throttled_s = block % 3 == 0 ? 0.3 : 0; /* a third by the quota */
    assert_non_null(
        strstr(summarize(cell)->why, "another program had a CPU that its threads wanted for 23%"));
    for (int block = 1; block <= BLOCKS; block++)
        samples[block * CELLS + cell][2].throttled_s = 0.3;
    row = summarize(cell);
    assert_string_equal(limit_name(row->diagnosis.limit), "quota");
    assert_non_null(strstr(row->why, "the CPU quota held its threads back for 35% of the time"));
}

static void threads_that_wait_for_each_other_are_not_disturbed(void **state)
{
    (void)state;
    int one_pu[MOST_THREADS] = {0};
    cells[cell_of(WORK, 4)].pus = one_pu;
    disturb(cell_of(WORK, 4), 1);
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.known, 0);
    assert_false(is_flagged(row) || tells(""));
}

static void repeated_calls_are_judged_as_the_one_region_they_are(void **state)
{
    (void)state;
    int cell = cell_of(WORK, 4);
    set_seconds(cell, 1e-6);
    set_sample(cell, (struct sample_record){1e-6, 1e-6, 1e-6, 1e-6, 3e-8, 0, NAN, 0, 0, 0});
    assert_int_equal(summarize(cell)->marks.marked, 0); /* 30 ns: no clock tells that */
    for (int block = 0; block <= BLOCKS; block++)
        processes[block * CELLS + cell].repeat = 100000; /* 3 ms of 100 ms */
    assert_int_equal(summarize(cell)->marks.marked, BLOCKS * ITERATIONS);
}

static void unknown_is_not_undisturbed(void **state)
{
    (void)state;
    for (int i = 0; i < PROCESSES; i++)
        processes[i].sample = NULL;
    const struct summary_row *row = summarize(cell_of(WORK, 4));
    assert_int_equal(row->marks.known, 0);
    assert_true(isnan(row->marks.unmarked_s) && isnan(row->diagnosis.off_cpu_s));
}

/* ---- the rest of what samples say ---- */

static void scatter_is_of_all_iterations_and_drops_none(void **state)
{
    (void)state;
    int cell = cell_of(WORK, 0);
    seconds[4 * CELLS + cell][1] = 5;
    const struct summary_row *row = summarize(cell);
    assert_true(row->scatter.max_s == 5 && row->scatter.far_out == 1);
    assert_true(row->scatter.min_s <= row->scatter.lower_s && row->scatter.lower_s <= row->scatter.upper_s);
    assert_int_equal(row->samples, BLOCKS * ITERATIONS);
    double total = 5 - 0.2;
    for (int block = 1; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++)
            total += i == 1 && block == 4 ? 0.2 : seconds[block * CELLS + cell][i];
    assert_near(row->rate_total, 1e9 * BLOCKS * ITERATIONS / total, 1e-12);
}

static void a_machine_that_slows_down_is_a_drift_and_not_a_position(void **state)
{
    (void)state;
    int cell = cell_of(WORK, 2);
    for (int block = 1; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++)
            seconds[block * CELLS + cell][i] = 0.05 * (1 + 0.01 * block);
    const struct summary_row *row = summarize(cell);
    assert_near(row->scatter.over_blocks.change, 0.11, 0.1);
    assert_true(row->scatter.over_blocks.p_value < 0.001);
    assert_true(row->scatter.over_positions.p_value > 0.01);
}

static void a_quantile_is_given_only_where_it_has_an_interval(void **state)
{
    (void)state;
    record.quantile = 0.75;
    const struct summary_row *row = summarize(cell_of(WORK, 0));
    assert_true(row->scatter.quantile_s > row->estimate.median_s && row->scatter.quantile.level >= 0.95);
    record.quantile = 0.9; /* takes 29 processes */
    row = summarize(cell_of(WORK, 0));
    assert_true(isnan(row->scatter.quantile_s) && isnan(row->scatter.quantile.low));
    struct text text = {0};
    assert_true(sentences_add_quantile(&text, &record, row));
    assert_string_equal(
        text.data, "work tuned f32 spread ×1: no interval exists for it with 12 processes; it takes 29");
    text_free(&text);
    record.quantile = NAN;
    assert_false(sentences_add_quantile(&text, &record, row));
}

static void timed_share_is_of_the_whole_run(void **state)
{
    (void)state;
    double timed = 0;
    for (int i = 0; i < PROCESSES; i++)
        for (int k = 0; k < ITERATIONS; k++)
            timed += seconds[i][k];
    processes[1].repeat = 3;
    for (int k = 0; k < ITERATIONS; k++)
        timed += 2 * seconds[1][k];
    summarize(0);
    assert_near(summary.timed_share, timed / 100, 1e-12);
    record.elapsed_s = -1;
    summarize(0);
    assert_true(isnan(summary.timed_share));
}

static void the_clock_of_each_block_is_relative_to_each_cells_own(void **state)
{
    (void)state;
    for (int cell = 0; cell < CELLS; cell++) {
        set_clock(cell, cell % 2 ? 2 : 3);
        processes[3 * CELLS + cell].clock_ghz *= 0.9;
        processes[5 * CELLS + cell].clock_ghz = NAN;
    }
    processes[7 * CELLS].block = 2000000000; /* an edited file does not make a list of that length */
    record.block_count = 2000000000;
    summarize(0);
    assert_int_equal(summary.block_clock_count, BLOCKS);
    assert_true(summary.block_clock[0].block == 1 && summary.block_clock[0].relative == 1);
    assert_near(summary.block_clock[2].relative, 0.9, 1e-12);
    assert_int_equal(summary.block_clock[4].block, 6);
    assert_int_equal(summary.block_clock[BLOCKS - 1].block, 2000000000);
}

static void only_findings_that_warn_are_told_and_none_acts(void **state)
{
    (void)state;
    struct finding_record findings[] = {{"turbo", "information", "on", "", ""},
        {"go\033vernor", "warning", "powersave|on PU 0", "slow", "use it"}};
    struct text wanted = {0};
    char *page = NULL, *table = NULL;
    size_t length = 0;
    record.finding = findings;
    record.finding_count = 2;
    summarize(0);
    FILE *stream = open_memstream(&page, &length);
    assert_true(markdown_write(stream, &summary));
    fclose(stream);
    stream = open_memstream(&table, &length);
    assert_true(table_write(stream, &summary, &(struct table_style){false, true, 100}));
    fclose(stream);
    assert_non_null(strstr(page, "\n- go?vernor: powersave\\|on PU 0; slow; remedy: use it\n"));
    assert_non_null(strstr(table, "\nMay spoil measurements here (acelera doctor): go?vernor\n"));
    assert_true(strstr(page, "turbo") == NULL && strstr(table, "turbo") == NULL);
    assert_false(sentences_add_finding(&wanted, &findings[0]));
    free(page);
    free(table);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_record, free_summary)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_another_program_nothing_is_said),
        TEST(another_program_is_told_with_the_result_without_it),
        TEST(a_disturbed_pilot_does_not_hide_it),
        TEST(the_pilot_shows_what_is_quiet_here),
        TEST(a_single_blip_is_counted_and_not_told),
        TEST(a_daemon_that_wakes_up_now_and_then_is_no_other_program),
        TEST(the_quota_is_not_called_another_program),
        TEST(what_hit_one_process_is_not_what_limits_the_row),
        TEST(stops_that_the_median_does_not_see_are_the_limit_all_the_same),
        TEST(threads_that_wait_for_each_other_are_not_disturbed),
        TEST(repeated_calls_are_judged_as_the_one_region_they_are),
        TEST(unknown_is_not_undisturbed),
        TEST(scatter_is_of_all_iterations_and_drops_none),
        TEST(a_machine_that_slows_down_is_a_drift_and_not_a_position),
        TEST(a_quantile_is_given_only_where_it_has_an_interval),
        TEST(timed_share_is_of_the_whole_run),
        TEST(the_clock_of_each_block_is_relative_to_each_cells_own),
        TEST(only_findings_that_warn_are_told_and_none_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
