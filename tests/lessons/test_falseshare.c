/* Lesson `falseshare`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_falseshare;

static void begin(struct injected *in, bool virtual_cpus, double capacity)
{
    inject_begin(in, &lesson_falseshare, 2, 2, virtual_cpus, capacity);
    inject(in, "together", "addition", 23);
    inject(in, "apart", "addition", 6.6);
    inject(in, "together_one_cpu", "addition", 6.7);
    inject(in, "apart_one_cpu", "addition", 6.5);
    if (virtual_cpus) {
        inject(in, "full_alone", "chunk_s", 1);
        inject(in, "full_both", "chunk_s", 1.05);
    }
}

static void a_penalty_that_padding_ends_supports_the_claim(void **state)
{
    (void)state;
    struct injected in;
    for (int virtual_cpus = 0; virtual_cpus < 2; virtual_cpus++) {
        begin(&in, virtual_cpus, 1.97);
        assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
        assert_non_null(strstr(inject_explain(&in), "23.0 ns"));
        inject_end(&in);
    }
}

static void no_penalty_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, true, 1.97);
    inject(&in, "together", "addition", 6.7);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "cost hardly more"));
    inject_end(&in);
}

static void padding_that_does_not_help_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, false, 1.97);
    inject(&in, "together", "addition", 40);
    inject(&in, "apart", "addition", 20);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "stayed slow"));
    inject_end(&in);
}

static void a_penalty_on_one_cpu_spoils_the_lesson(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, false, 1.97);
    inject_round(&in, 7, "together_one_cpu", "addition", 20);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "control failed"));
    inject_end(&in);
}

static void a_scattered_penalty_leaves_it_open(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, false, 1.97);
    inject_round(&in, 0, "together", "addition", 8);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void virtual_cpus_that_may_be_one_core_show_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, true, 1.97);
    inject(&in, "full_both", "chunk_s", 1.9);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_non_null(strstr(inject_explain(&in), "virtual"));
    inject_end(&in);

    /* Nor do they contradict anything. */
    begin(&in, true, 1.97);
    inject(&in, "full_both", "chunk_s", 1.9);
    inject(&in, "together", "addition", 6.6);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    inject_end(&in);
}

static void another_program_on_a_cpu_neither_supports_nor_contradicts(void **state)
{
    (void)state;
    struct injected in;
    for (int penalty = 0; penalty < 2; penalty++) {
        begin(&in, true, 1.2);
        inject(&in, "together", "addition", penalty ? 23 : 6.6);
        assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
        assert_false(lesson_falseshare.rule[in.run.outcome.deciding].precondition); /* it was not judged */
        assert_non_null(strstr(inject_explain(&in), "1.20"));
        inject_end(&in);
    }
}

static void one_cpu_and_one_core_are_refused_before_anything_runs(void **state)
{
    (void)state;
    struct injected in;
    for (int cpus = 1; cpus <= 2; cpus++) {
        inject_begin(&in, &lesson_falseshare, cpus, 1, false, cpus);
        assert_int_equal(in.run.plan.conditions, 0);
        assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
        assert_non_null(strstr(inject_explain(&in), cpus == 1 ? "only one CPU" : "one core"));
        inject_end(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_penalty_that_padding_ends_supports_the_claim),
        cmocka_unit_test(no_penalty_contradicts_the_claim),
        cmocka_unit_test(padding_that_does_not_help_contradicts_the_claim),
        cmocka_unit_test(a_penalty_on_one_cpu_spoils_the_lesson),
        cmocka_unit_test(a_scattered_penalty_leaves_it_open),
        cmocka_unit_test(virtual_cpus_that_may_be_one_core_show_nothing),
        cmocka_unit_test(another_program_on_a_cpu_neither_supports_nor_contradicts),
        cmocka_unit_test(one_cpu_and_one_core_are_refused_before_anything_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
