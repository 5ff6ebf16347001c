/* Lesson `race`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_race;

static void begin(struct injected *in, int cpus)
{
    inject_begin(in, &lesson_race, cpus, cpus, true, NAN);
    inject(in, "each_10", "right", 100);
    inject(in, "each_1000000", "right", 0);
    inject(in, "long", "lost", 40);
    inject(in, "long", "updates", 1e7);
    inject(in, "at_once", "missing", 0);
    inject(in, "at_once", "updates", 4e6);
}

static void right_short_runs_and_losing_long_ones_support_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject_round(&in, 3, "each_10", "right", 96);
    inject_round(&in, 5, "long", "lost", 0.8);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    assert_non_null(strstr(inject_explain(&in), "40.00"));
    inject_end(&in);
}

static void one_cpu_is_enough_and_preemption_is_named(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1);
    inject(&in, "long", "lost", 3);
    assert_int_equal(in.run.plan.condition[0].pus, 1);
    assert_int_equal(plan_find(&in.run.plan, "long_one_cpu"), -1);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    assert_non_null(strstr(inject_explain(&in), "preemption"));
    inject_end(&in);
}

static void long_runs_without_a_loss_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject(&in, "long", "lost", 0);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "not even the long runs"));
    inject_end(&in);
}

static void wrong_short_runs_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject(&in, "each_10", "right", 4);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "even the shortest"));
    inject_end(&in);
}

static void a_single_long_run_without_a_loss_leaves_it_open(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1);
    inject_round(&in, 6, "long", "lost", 0);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "Inconclusive"));
    inject_end(&in);
}

/* Nothing is known of an instrument that was not looked at often enough. */
static void a_control_that_was_measured_too_seldom_has_not_failed(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject_at(&in, 2, "at_once")->valid = false;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_null(strstr(inject_explain(&in), "control failed"));
    assert_non_null(strstr(in.page.data, "too few of them"));
    inject_end(&in);
}

static void too_few_rounds_leave_it_open(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject_at(&in, 0, "long")->valid = false;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void atomic_additions_that_get_lost_spoil_the_lesson(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject_round(&in, 2, "at_once", "missing", 1);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "control failed"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_short_runs_and_losing_long_ones_support_the_claim),
        cmocka_unit_test(one_cpu_is_enough_and_preemption_is_named),
        cmocka_unit_test(long_runs_without_a_loss_contradict_the_claim),
        cmocka_unit_test(wrong_short_runs_contradict_the_claim),
        cmocka_unit_test(a_single_long_run_without_a_loss_leaves_it_open),
        cmocka_unit_test(a_control_that_was_measured_too_seldom_has_not_failed),
        cmocka_unit_test(too_few_rounds_leave_it_open),
        cmocka_unit_test(atomic_additions_that_get_lost_spoil_the_lesson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
