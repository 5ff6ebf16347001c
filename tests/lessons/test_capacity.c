/* Lesson 0 on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_capacity;

/* Both CPUs together do the work of `given` spinners, in a window of 0.2 s. */
static void give(struct injected *in, double given)
{
    inject(in, "alone", "chunk_s", 20e-6);
    inject(in, "together", "chunks", given * 0.2 / 20e-6);
    inject_wall(in, "alone", 0.08);
    inject_wall(in, "together", 0.2);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(in, r, "together")->cpu_s = 0.4;
}

static enum verdict verdict_of(int cpus, double given, const char *words)
{
    struct injected in;
    inject_begin(&in, &lesson_capacity, cpus, cpus, false, given);
    give(&in, given);
    enum verdict verdict = inject_verdict(&in);
    const char *page = inject_explain(&in);
    if (strstr(page, words) == NULL)
        fail_msg("not said: %s\n%s", words, page);
    inject_end(&in);
    return verdict;
}

static void work_done_decides(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(2, 1.95, "did the work of 1.95"), VERDICT_SUPPORTED);
    assert_int_equal(verdict_of(2, 1.1, "did the work of only 1.10"), VERDICT_CONTRADICTED);
    assert_int_equal(verdict_of(2, 1.7, "neither clearly"), VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_of(1, 1, "With one CPU no two threads"), VERDICT_SUPPORTED);
}

static void busy_cpus_that_get_little_done_are_not_taken_for_work(void **state)
{
    (void)state;
    struct injected in;
    inject_begin(&in, &lesson_capacity, 2, 1, false, 1.1); /* CPU time over wall time is 2 all the same */
    give(&in, 1.1);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "CPU time over wall time was 2.00"));
    assert_non_null(strstr(page, "more CPUs (2) than cores (1)"));
    inject_end(&in);
}

static void causes_are_named_only_where_they_were_seen(void **state)
{
    (void)state;
    struct injected in;
    inject_begin(&in, &lesson_capacity, 2, 2, true, 1.1);
    in.machine.cpu_quota = 1.1;
    give(&in, 1.1);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(&in, r, "together")->off_cpu_s = 0.09;
    inject_verdict(&in);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "1.10 CPUs' worth of time"));
    assert_non_null(strstr(page, "in vain for 45 %"));
    assert_non_null(strstr(page, "virtual"));
    assert_null(strstr(page, "battery"));
    assert_null(strstr(page, "than cores"));
    inject_end(&in);
}

/* Another program, too, gives the two kinds of work different shares; and one CPU shares no core with itself.
 */
static void virtual_cpus_are_suspected_of_one_core_only_where_nothing_else_was_seen(void **state)
{
    (void)state;
    static const struct {
        int cpus;
        double capacity, given, off_cpu_s;
        bool suspected;
    } cases[] = {
        {2, 1.9, 1.1, 0, true}, {2, 1.9, 1.1, 0.09, false}, {1, 1, 0.7, 0, false}, {2, 1.2, 1.1, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct injected in;
        inject_begin(&in, &lesson_capacity, cases[i].cpus, cases[i].cpus, true, cases[i].capacity);
        give(&in, cases[i].given);
        for (int r = 0; r < INJECT_ROUNDS; r++)
            inject_at(&in, r, "together")->off_cpu_s = cases[i].off_cpu_s;
        inject_verdict(&in);
        assert_int_equal(
            strstr(inject_explain(&in), "may be hardware threads of one") != NULL, cases[i].suspected);
        inject_end(&in);
    }
}

static void failed_trials_decide_nothing(void **state)
{
    (void)state;
    struct injected in;
    inject_begin(&in, &lesson_capacity, 2, 2, false, NAN);
    give(&in, 2);
    inject_at(&in, 3, "together")->valid = false;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_done_decides),
        cmocka_unit_test(busy_cpus_that_get_little_done_are_not_taken_for_work),
        cmocka_unit_test(causes_are_named_only_where_they_were_seen),
        cmocka_unit_test(virtual_cpus_are_suspected_of_one_core_only_where_nothing_else_was_seen),
        cmocka_unit_test(failed_trials_decide_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
