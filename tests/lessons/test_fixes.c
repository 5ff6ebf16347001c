/* Lesson `fixes`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_fixes;

static void begin(struct injected *in, int cpus)
{
    inject_begin(in, &lesson_fixes, cpus, cpus, false, NAN);
    inject(in, "critical", "addition", 60);
    inject(in, "atomic", "addition", 11);
    inject(in, "reduction", "addition", 0.25);
    inject(in, "open", "addition", 1);
    inject(in, "critical", "missing", 0);
    inject(in, "atomic", "missing", 0);
    inject(in, "reduction", "missing", 0);
    inject(in, "open", "lost", 45);
    inject(in, "float", "different", 5);
    inject(in, "float", "apart", 2e-15);
}

static void right_totals_at_different_prices_support_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "60.0 ns"));
    assert_non_null(strstr(page, "5 different sums"));
    assert_non_null(strstr(page, "14 significant digits"));
    assert_null(strstr(page, "one CPU"));
    assert_true(lesson_fixes.measured(&in.run.outcome, 2) == 0); /* the sums are not equal */
    inject_end(&in);
}

static void on_one_cpu_the_prices_are_said_to_be_uncontended(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    assert_non_null(strstr(inject_explain(&in), "without contention"));
    inject_end(&in);
}

static void a_wrong_total_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject(&in, "atomic", "missing", -3);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "was not right"));
    inject_end(&in);
}

static void equal_prices_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject(&in, "critical", "addition", 0.26);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "hardly more"));
    inject_end(&in);
}

static void equal_float_sums_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject(&in, "float", "different", 1);
    inject(&in, "float", "apart", 0);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_null(strstr(inject_explain(&in), "significant digits"));
    assert_true(lesson_fixes.measured(&in.run.outcome, 2) == 1);
    inject_end(&in);
}

static void a_total_that_is_wrong_once_contradicts(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject_round(&in, 4, "critical", "missing", 1);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "was not right"));
    inject_end(&in);
}

static void prices_that_scatter_over_the_threshold_leave_it_open(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2);
    inject_round(&in, 1, "atomic", "addition", 0.4);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "Inconclusive"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_totals_at_different_prices_support_the_claim),
        cmocka_unit_test(on_one_cpu_the_prices_are_said_to_be_uncontended),
        cmocka_unit_test(a_wrong_total_contradicts_the_claim),
        cmocka_unit_test(equal_prices_contradict_the_claim),
        cmocka_unit_test(equal_float_sums_contradict_the_claim),
        cmocka_unit_test(a_total_that_is_wrong_once_contradicts),
        cmocka_unit_test(prices_that_scatter_over_the_threshold_leave_it_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
