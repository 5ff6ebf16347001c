/* Lesson `limit`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_limit;

/* One thread: 20 ms serial, 60 ms parallel. `extra` is what a team takes more than the serial part explains.
 */
static void team(struct injected *in, const char *name, int threads, double extra)
{
    double parallel_s = 0.060 / threads;
    inject(in, name, "serial", 0.020);
    inject(in, name, "parallel", parallel_s + extra);
    inject_wall(in, name, 0.020 + parallel_s + extra);
}

static void begin(struct injected *in, int cpus, double capacity, double extra)
{
    static const char *const names[] = {"team_1", "team_2", "team_4"};
    inject_begin(in, &lesson_limit, cpus, cpus, false, capacity);
    for (int i = 0, threads = 1; threads <= cpus; i++, threads *= 2)
        team(in, names[i], threads, threads == 1 ? 0 : extra);
    inject_wall(in, "no_serial_part", 0.080 / cpus);
    inject_wall(in, "weak", 0.082);
}

static void points_on_the_predicted_curve_support_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 0.0004);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "25.0 %"));
    assert_non_null(strstr(page, "more than 4.00 times"));
    inject_end(&in);
}

static void two_cpus_are_judged_by_karp_and_flatt_and_it_is_said(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 0.0002);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    assert_non_null(strstr(inject_explain(&in), "one point is no curve"));
    inject_end(&in);
}

static void a_loss_that_the_serial_part_does_not_explain_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 0.020);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "difference of 20.0 ms"));
    inject_end(&in);
}

static void rounds_on_both_sides_of_the_threshold_decide_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 0.0004);
    for (int r = 0; r < 3; r++)
        inject_at(&in, r, "team_4")->wall_s = 0.045;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void a_control_that_is_no_faster_makes_it_inconclusive(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 0.0004);
    inject_wall(&in, "no_serial_part", 0.036);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "without a serial part was not clearly faster"));
    inject_end(&in);
}

static void rounds_that_another_program_disturbed_do_not_count(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 0.020);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        for (int l = 0; l < 4; l++) {
            inject_at(&in, r, "team_4")->lane[l].pu = l;
            inject_at(&in, r, "team_4")->lane[l].off_cpu_s = l == 2 ? 0.018 : 0;
        }
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void without_enough_cpu_nothing_is_claimed(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.5, 0.020);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_non_null(strstr(inject_explain(&in), "1.50"));
    inject_end(&in);
    inject_begin(&in, &lesson_limit, 1, 1, false, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    inject_explain(&in);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_on_the_predicted_curve_support_the_claim),
        cmocka_unit_test(two_cpus_are_judged_by_karp_and_flatt_and_it_is_said),
        cmocka_unit_test(a_loss_that_the_serial_part_does_not_explain_contradicts_the_claim),
        cmocka_unit_test(rounds_on_both_sides_of_the_threshold_decide_nothing),
        cmocka_unit_test(a_control_that_is_no_faster_makes_it_inconclusive),
        cmocka_unit_test(rounds_that_another_program_disturbed_do_not_count),
        cmocka_unit_test(without_enough_cpu_nothing_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
