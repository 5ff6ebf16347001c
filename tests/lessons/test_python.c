/* Lesson `python`, judged on made-up observations. */
#include "tests/lessons/inject.h"
#include "tests/lessons/spans.h"

extern const struct lesson lesson_python;

static void script(struct injected *in, const char *name, double wall_s)
{
    inject_wall(in, name, wall_s);
    inject(in, name, "right", 1);
    inject(in, name, "lock", 1);
    inject(in, name, "version", 311);
    inject(in, name, "switch_interval", 0.005);
    inject(in, name, "multiplications", 1e6);
}

static void begin(struct injected *in, double capacity, double threads_s, int overlap)
{
    inject_python = "/usr/bin/python3";
    inject_begin(in, &lesson_python, 2, 2, false, capacity);
    inject_python = NULL;
    script(in, "python_one_thread", 0.040);
    script(in, "python_threads", threads_s);
    script(in, "python_processes", 0.021);
    script(in, "kernel_one_thread", 0.020);
    script(in, "kernel_threads", 0.011);
    inject_wall(in, "simulated_one_thread", 0.030);
    inject_wall(in, "simulated_lock", 0.031);
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        give_spans(inject_at(in, r, "python_threads"), overlap);
        struct observation *processes = inject_at(in, r, "python_processes");
        processes->value[processes->values++] =
            (struct observed_value){.name = "right", .process = 1, .value = 1};
    }
}

static void a_lock_that_lets_one_thread_compute_supports_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1.95, 0.041, 0);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "Python (3.11) has a global interpreter lock"));
    assert_non_null(strstr(page, "5.00 ms"));
    inject_end(&in);
}

static void a_free_threaded_build_contradicts_the_claim_and_is_recognised(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1.95, 0.021, 90);
    inject(&in, "python_one_thread", "lock", 0);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "free-threaded build"));
    assert_non_null(strstr(page, "without a global interpreter lock"));
    inject_end(&in);
}

static void an_interpreter_that_does_not_say_is_called_unknown(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1.95, 0.041, 0);
    inject(&in, "python_one_thread", "lock", NAN);
    inject_verdict(&in);
    assert_non_null(strstr(inject_explain(&in), "is not known here"));
    inject_end(&in);
}

static void a_wrong_result_makes_it_inconclusive(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1.95, 0.041, 0);
    inject(&in, "kernel_threads", "right", 0);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void a_gain_between_the_thresholds_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1.95, 0.032, 0);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void without_enough_cpu_nothing_is_claimed(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1.4, 0.041, 0);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    inject_explain(&in);
    inject_end(&in);
}

static void absent_python_is_said(void **state)
{
    (void)state;
    struct injected in;
    inject_begin(&in, &lesson_python, 2, 2, false, 1.95);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(in.run.plan.conditions, 0);
    assert_non_null(strstr(inject_explain(&in), "no `python3` on this machine"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_that_lets_one_thread_compute_supports_the_claim),
        cmocka_unit_test(a_free_threaded_build_contradicts_the_claim_and_is_recognised),
        cmocka_unit_test(an_interpreter_that_does_not_say_is_called_unknown),
        cmocka_unit_test(a_wrong_result_makes_it_inconclusive),
        cmocka_unit_test(a_gain_between_the_thresholds_decides_nothing),
        cmocka_unit_test(without_enough_cpu_nothing_is_claimed),
        cmocka_unit_test(absent_python_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
