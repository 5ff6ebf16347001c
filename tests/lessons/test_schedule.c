/* Lesson `schedule`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_schedule;

static void busy(struct injected *in, const char *kind, double most_s, double other_s)
{
    inject(in, kind, "busy_max", most_s);
    inject(in, kind, "busy_mean", (most_s + other_s) / 2);
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        struct observation *made = inject_at(in, r, kind);
        made->lane[0].cpu_s = other_s;
        made->lane[1].cpu_s = most_s;
        made->lane[0].off_cpu_s = made->lane[1].off_cpu_s = 0;
    }
}

static void begin(struct injected *in, int cpus, double capacity)
{
    inject_begin(in, &lesson_schedule, cpus, cpus, true, capacity);
    busy(in, "static", 0.015, 0.005);
    busy(in, "static1", 0.010, 0.010);
    busy(in, "dynamic", 0.010, 0.010);
    busy(in, "guided", 0.010, 0.010);
    busy(in, "equal", 0.010, 0.010);
    inject_wall(in, "static", 0.0152);
    inject_wall(in, "static1", 0.0101);
    inject_wall(in, "dynamic", 0.0101);
    inject_wall(in, "guided", 0.0101);
}

static void imbalance_that_costs_time_supports_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "1.50 times the mean"));
    assert_non_null(strstr(page, "15.2 ms"));
    inject_end(&in);
}

static void equal_work_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    busy(&in, "static", 0.0101, 0.0099);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "nearly equal work"));
    inject_end(&in);
}

static void imbalance_that_costs_nothing_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    inject_wall(&in, "dynamic", 0.0151);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "took hardly longer"));
    inject_end(&in);
}

static void a_loop_longer_than_its_slowest_thread_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    inject_wall(&in, "static", 0.025);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "Something else"));
    inject_end(&in);
}

/* A thread that waits for a CPU is slow: the loop still ends with it. */
static void waiting_for_a_cpu_belongs_to_the_slowest_thread(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    inject_wall(&in, "static", 0.030);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(&in, r, "static")->lane[1].off_cpu_s = 0.0149;
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    inject_end(&in);
}

static void times_that_scatter_leave_it_open(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    inject_at(&in, 2, "dynamic")->wall_s = 0.02;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void equal_rows_of_unequal_work_spoil_the_lesson(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97);
    inject_round(&in, 1, "equal", "busy_max", 0.014);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "control failed"));
    inject_end(&in);
}

static void one_cpu_shows_the_imbalance_and_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 0.99);
    inject_wall(&in, "static", 0.020);
    inject_wall(&in, "dynamic", 0.020);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "1.50 times the mean"));
    assert_non_null(strstr(page, "only one CPU"));
    inject_end(&in);
}

static void another_program_on_a_cpu_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.3);
    inject_wall(&in, "static", 0.030);
    inject_wall(&in, "dynamic", 0.030);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_non_null(strstr(inject_explain(&in), "1.30"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imbalance_that_costs_time_supports_the_claim),
        cmocka_unit_test(equal_work_contradicts_the_claim),
        cmocka_unit_test(imbalance_that_costs_nothing_contradicts_the_claim),
        cmocka_unit_test(a_loop_longer_than_its_slowest_thread_contradicts_the_claim),
        cmocka_unit_test(waiting_for_a_cpu_belongs_to_the_slowest_thread),
        cmocka_unit_test(times_that_scatter_leave_it_open),
        cmocka_unit_test(equal_rows_of_unequal_work_spoil_the_lesson),
        cmocka_unit_test(one_cpu_shows_the_imbalance_and_decides_nothing),
        cmocka_unit_test(another_program_on_a_cpu_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
