/* Lesson `pipeline`, judged on made-up observations. */
#include "tests/lessons/inject.h"
#include "tests/lessons/spans.h"

extern const struct lesson lesson_pipeline;

static void reports(struct injected *in, const char *name)
{
    for (int b = 0; b < 8; b++) {
        char key[32];
        snprintf(key, sizeof key, "report_%d", b);
        inject(in, name, key, 1000 + b);
    }
    inject(in, name, "scaled_early", 0);
    inject(in, name, "blocks", 64);
    inject(in, name, "accumulated_early", 56);
}

/* Of two processes the second says nothing of its own in inject(): its order is made up here. */
static void second_process(struct injected *in)
{
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        struct observation *made = inject_at(in, r, "processes_with_threads");
        struct observed_value *value = &made->value[made->values++];
        *value = (struct observed_value){.name = "scaled_early", .process = 1, .value = 0};
    }
}

static void begin(struct injected *in, int cpus, double capacity, double one_cpu_s, double tasks_s)
{
    inject_begin(in, &lesson_pipeline, cpus, cpus, false, capacity);
    for (int c = 0; c < in->run.plan.conditions; c++) {
        reports(in, in->run.plan.condition[c].name);
        inject_wall(in, in->run.plan.condition[c].name, one_cpu_s);
    }
    second_process(in);
    inject_wall(in, "sequential", 0.040);
    if (cpus < 2)
        return;
    inject_wall(in, "tasks", tasks_s);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        give_spans(inject_at(in, r, "tasks"), 90);
}

static void gains_by_waiting_and_by_cpus_support_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.028, 0.015);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "1.43 times as fast on one CPU"));
    assert_non_null(strstr(page, "1.87 times as fast on all 2 CPUs"));
    inject_end(&in);
}

static void one_cpu_shows_the_gain_by_waiting_alone(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 1, 0.028, 0);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE); /* as a whole */
    assert_non_null(strstr(inject_explain(&in), "on a single CPU"));
    assert_non_null(strstr(in.page.data, "It helped because"));
    inject_end(&in);
}

static void another_result_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.028, 0.015);
    inject(&in, "tasks", "report_3", 7);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "not all of the batches"));
    inject_end(&in);
}

static void scaling_before_all_is_clean_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.028, 0.015);
    inject(&in, "tasks", "scaled_early", 1);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    inject_explain(&in);
    inject_end(&in);
}

static void tasks_that_gain_nothing_on_one_cpu_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.0399, 0.015);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    inject_explain(&in);
    inject_end(&in);
}

static void rounds_that_another_program_disturbed_do_not_count(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.0399, 0.015);
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        struct observation *made = inject_at(&in, r, "tasks_one_cpu");
        for (int l = 0; l < made->lanes; l++) {
            made->lane[l].pu = 0;
            made->lane[l].cpu_s = 0.008;
            made->lane[l].off_cpu_s = 0.015; /* more than the other thread had: somebody else was there */
        }
    }
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void a_gain_between_the_thresholds_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.028, 0.0235);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void without_enough_cpu_nothing_is_claimed_of_several(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.5, 0.028, 0.027);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    inject_explain(&in);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains_by_waiting_and_by_cpus_support_the_claim),
        cmocka_unit_test(one_cpu_shows_the_gain_by_waiting_alone),
        cmocka_unit_test(another_result_contradicts_the_claim),
        cmocka_unit_test(scaling_before_all_is_clean_contradicts_the_claim),
        cmocka_unit_test(tasks_that_gain_nothing_on_one_cpu_contradict_the_claim),
        cmocka_unit_test(rounds_that_another_program_disturbed_do_not_count),
        cmocka_unit_test(a_gain_between_the_thresholds_decides_nothing),
        cmocka_unit_test(without_enough_cpu_nothing_is_claimed_of_several),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
