/* The twelve rules: a run that keeps them says yes, and each rule that a run can break comes out broken when
 * it does. */
#include "tests/unit/scaling_record.h"

static struct named_value fact = {"kernel", "Linux"};
static struct rule rule[RULES];

static int make_good_record(void **state)
{
    make_record(state);
    record.environment = &fact;
    record.environment_count = 1;
    record.quantile = 0.75;
    return 0;
}

static int free_rules(void **state)
{
    rules_free(rule);
    memset(rule, 0, sizeof rule);
    return free_summary(state);
}

static void judge(void)
{
    rules_free(rule);
    summarize(0);
    rules_make(&summary, rule);
}

static void assert_kept(int number, const char *kept, const char *evidence)
{
    judge();
    const struct rule *judged = &rule[number - 1];
    if (strcmp(rule_kept_name(judged->kept), kept) != 0 || strstr(judged->evidence, evidence) == NULL)
        fail_msg("%d %s: %s: %s", number, judged->rule, rule_kept_name(judged->kept), judged->evidence);
}

static void fail_cell(int cell)
{
    for (int block = 0; block <= BLOCKS; block++) {
        processes[block * CELLS + cell].done = false;
        processes[block * CELLS + cell].interrupted = true;
    }
}

static void keep_blocks(int count)
{
    for (int i = 0; i < PROCESSES; i++)
        processes[i].done = processes[i].block <= count;
    for (int i = 0; i < PROCESSES; i++)
        processes[i].interrupted = !processes[i].done;
}

static void a_whole_run_keeps_the_rules(void **state)
{
    (void)state;
    judge();
    for (int i = 0; i < RULES; i++)
        if (rule[i].kept != RULE_YES && i != 11)
            fail_msg("%d %s: %s: %s", i + 1, rule[i].rule, rule_kept_name(rule[i].kept), rule[i].evidence);
    assert_int_equal(rule[11].kept, RULE_PARTLY); /* there are no plots */
}

static void speedups_without_a_base_break_rule_1(void **state)
{
    (void)state;
    fail_cell(0);
    assert_kept(1, "partly", "5 of 5 rows with threads have a base of one thread with its time, 0 a serial");
    fail_cell(cell_of(WORK, 0));
    assert_kept(1, "no", "0 of 4");
}

static void a_sweep_that_stops_early_breaks_rule_2(void **state)
{
    (void)state;
    record.interrupted = true;
    assert_kept(2, "partly", "up to 16 threads of 16 usable PUs");
    record.interrupted = false;
    record.usable_pus = 32;
    assert_kept(2, "no", "up to 16 threads of 32 usable PUs");
    record.usable_pus = 16;
    struct skipped_cell skipped = {.cell = cells[0], .why = ""};
    record.skipped = &skipped;
    record.skipped_count = 1;
    assert_kept(2, "no", "1 cell skipped, 1 of them without a reason");
}

static void few_processes_break_rule_5(void **state)
{
    (void)state;
    keep_blocks(5);
    assert_kept(5, "no", "0 of 6 rows have intervals of 95%, 6 one of a lower level");
    keep_blocks(6);
    assert_kept(5, "yes", "6 of 6");
    processes[3 * CELLS + cell_of(WORK, 2)].done = false;
    assert_kept(5, "partly", "5 of 6");
}

static void one_process_a_row_breaks_rules_6_and_7(void **state)
{
    (void)state;
    keep_blocks(1);
    assert_kept(6, "no", "0 of 6 rows have an interval");
    assert_kept(7, "no", "0 of 5 speedups");
}

static void a_quantile_that_is_refused_breaks_rule_8(void **state)
{
    (void)state;
    record.quantile = 0.9;
    assert_kept(8, "no", "quantile 0.9 in 0 of 6 rows (it takes 29 processes)");
    record.quantile = NAN;
    assert_kept(8, "partly", "no other quantile was asked for");
}

static void an_unknown_machine_breaks_rule_9(void **state)
{
    (void)state;
    record.host = "";
    assert_kept(9, "partly", "5 of 6 of host");
    record.cpu_model = "";
    assert_kept(9, "no", "4 of 6");
    record.cpu_model = "c";
    record.environment_count = 0;
    assert_kept(9, "no", "0 facts");
}

static void missing_stamps_break_rule_10(void **state)
{
    (void)state;
    for (int block = 0; block <= BLOCKS; block++)
        processes[block * CELLS + cell_of(WORK, 1)].sample = NULL;
    assert_kept(10, "partly", "1 of 6 rows have none");
    for (int i = 0; i < PROCESSES; i++)
        processes[i].sample = NULL;
    assert_kept(10, "no", "in 0 of 216 iterations");
}

static void dropped_ceilings_break_rule_11(void **state)
{
    (void)state;
    dropped[cell_of(FLOPS, 4)] = dropped[cell_of(STREAM, 4)] = true;
    assert_kept(11, "partly", "5 of 6 rows stand under a measured ceiling");
    for (int cell = 0; cell < CELLS; cell++)
        dropped[cell] = cells[cell].is_reference;
    assert_kept(11, "no", "0 of 6");
}

static void rules_about_what_is_not_there_do_not_apply(void **state)
{
    (void)state;
    for (int cell = 0; cell < CELLS; cell++)
        fail_cell(cell);
    static const int about[] = {1, 3, 4, 5, 6, 7, 10, 11};
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        assert_kept(about[i], "not applicable", "");
    assert_kept(2, "no", "6 of 6 rows without a result");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_good_record, free_rules)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_run_keeps_the_rules),
        TEST(speedups_without_a_base_break_rule_1),
        TEST(a_sweep_that_stops_early_breaks_rule_2),
        TEST(few_processes_break_rule_5),
        TEST(one_process_a_row_breaks_rules_6_and_7),
        TEST(a_quantile_that_is_refused_breaks_rule_8),
        TEST(an_unknown_machine_breaks_rule_9),
        TEST(missing_stamps_break_rule_10),
        TEST(dropped_ceilings_break_rule_11),
        TEST(rules_about_what_is_not_there_do_not_apply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
