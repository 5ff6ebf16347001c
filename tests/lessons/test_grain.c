/* Lesson `grain`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_grain;

/* A plain loop of 3 ns an iteration; a parallel one that takes 1 / gain of it and a price. */
static void begin(struct injected *in, int cpus, double capacity, double gain, double price_s)
{
    char name[48];
    inject_begin(in, &lesson_grain, cpus, cpus, true, capacity);
    for (int size = 16; size <= 262144; size *= 4) {
        snprintf(name, sizeof name, "serial_%d", size);
        inject(in, "team", name, 3e-9 * size);
        snprintf(name, sizeof name, "parallel_%d", size);
        inject(in, "team", name, 3e-9 * size / gain + price_s);
    }
    inject(in, "team_of_one", "serial_262144", 3e-9 * 262144);
    inject(in, "team_of_one", "parallel_262144", 3e-9 * 262144 + price_s);
}

static void a_price_that_large_loops_outgrow_supports_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97, 1.95, 1e-6);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    /* Twice the price is 2 µs, 680 iterations: between 256 and 1024. */
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "Up to 256 iterations"));
    assert_non_null(strstr(page, "from 1024 on"));
    assert_true(lesson_grain.measured(&in.run.outcome, 0) == 512);
    inject_end(&in);
}

static void no_price_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97, 1.95, 0);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "was not slower"));
    inject_end(&in);
}

static void no_gain_at_any_size_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97, 1, 1e-6);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "hardly faster even"));
    inject_end(&in);
}

static void scatter_leaves_it_open(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97, 1.95, 1e-6);
    inject_round(&in, 3, "team", "parallel_262144", 3e-9 * 262144);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "No pair of sizes"));
    assert_true(isnan(lesson_grain.measured(&in.run.outcome, 0)));
    inject_end(&in);
}

static void a_team_of_one_that_gains_spoils_the_lesson(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.97, 1.95, 1e-6);
    inject_round(&in, 3, "team_of_one", "parallel_262144", 3e-9 * 200000);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "control failed"));
    inject_end(&in);
}

static void one_cpu_shows_the_price_and_no_crossover(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 0.99, 1, 4e-6);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "16 iterations took"));
    assert_non_null(strstr(page, "only one CPU"));
    assert_true(isnan(lesson_grain.measured(&in.run.outcome, 0)));
    inject_end(&in);
}

static void another_program_on_a_cpu_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.3, 1, 4e-6);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_non_null(strstr(inject_explain(&in), "1.30"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_that_large_loops_outgrow_supports_the_claim),
        cmocka_unit_test(no_price_contradicts_the_claim),
        cmocka_unit_test(no_gain_at_any_size_contradicts_the_claim),
        cmocka_unit_test(scatter_leaves_it_open),
        cmocka_unit_test(a_team_of_one_that_gains_spoils_the_lesson),
        cmocka_unit_test(one_cpu_shows_the_price_and_no_crossover),
        cmocka_unit_test(another_program_on_a_cpu_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
