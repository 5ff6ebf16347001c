/* Lesson 1 on made-up observations. */
#include "tests/lessons/inject.h"
#include "tests/lessons/spans.h"

extern const struct lesson lesson_waiting;

struct times {
    double waits_serial, waits_threads, computes_serial, computes_threads;
    double used; /* CPUs, while computing */
};

static void give(struct injected *in, struct times times)
{
    inject_wall(in, "waits_one_after_another", times.waits_serial);
    inject_wall(in, "waits_on_threads", times.waits_threads);
    inject_wall(in, "computations_one_after_another", times.computes_serial);
    inject_wall(in, "computations_on_threads", times.computes_threads);
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        inject_at(in, r, "computations_one_after_another")->cpu_s = times.used * times.computes_serial;
        inject_at(in, r, "computations_on_threads")->cpu_s = times.used * times.computes_threads;
        give_spans(inject_at(in, r, "computations_on_threads"), 0);
    }
}

static enum verdict verdict_of(struct times times, const char *words)
{
    struct injected in;
    inject_begin(&in, &lesson_waiting, 1, 1, false, 1);
    give(&in, times);
    enum verdict verdict = inject_verdict(&in);
    const char *page = inject_explain(&in);
    if (strstr(page, words) == NULL)
        fail_msg("not said: %s\n%s", words, page);
    inject_end(&in);
    return verdict;
}

static void waits_that_overlap_support(void **state)
{
    (void)state;
    assert_int_equal(verdict_of((struct times){0.12, 0.0155, 0.04, 0.0402, 1}, "the waits 7.7 times as fast"),
        VERDICT_SUPPORTED);
}

static void waits_that_follow_one_another_contradict(void **state)
{
    (void)state;
    assert_int_equal(verdict_of((struct times){0.12, 0.12, 0.04, 0.04, 1}, "only 1.00 times as fast"),
        VERDICT_CONTRADICTED);
}

static void half_a_gain_decides_nothing(void **state)
{
    (void)state;
    assert_int_equal(verdict_of((struct times){0.12, 0.04, 0.04, 0.04, 1}, "the waits were 3.00 times"),
        VERDICT_INCONCLUSIVE);
}

static void gain_of_computing_on_one_cpu_is_the_instruments_fault(void **state)
{
    (void)state;
    assert_int_equal(
        verdict_of((struct times){0.12, 0.0155, 0.08, 0.045, 1}, "cannot be trusted"), VERDICT_INCONCLUSIVE);
}

/* Another program had half of the CPU: eight threads got more of it than one. */
static void shared_cpu_is_not_taken_for_a_gain(void **state)
{
    (void)state;
    assert_int_equal(
        verdict_of((struct times){0.12, 0.0155, 0.08, 0.045, 0.5}, "something else used the CPU"),
        VERDICT_INCONCLUSIVE);
}

static void different_results_decide_nothing(void **state)
{
    (void)state;
    struct injected in;
    inject_begin(&in, &lesson_waiting, 1, 1, false, 1);
    give(&in, (struct times){0.12, 0.0155, 0.04, 0.04, 1});
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(&in, r, "computations_on_threads")->checksum = 1;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_that_overlap_support),
        cmocka_unit_test(waits_that_follow_one_another_contradict),
        cmocka_unit_test(half_a_gain_decides_nothing),
        cmocka_unit_test(gain_of_computing_on_one_cpu_is_the_instruments_fault),
        cmocka_unit_test(shared_cpu_is_not_taken_for_a_gain),
        cmocka_unit_test(different_results_decide_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
