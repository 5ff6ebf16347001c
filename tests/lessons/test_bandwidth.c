/* Lesson `bandwidth`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_bandwidth;

static void rates(struct injected *in, const char *name, double table, double product, double clock_ghz)
{
    inject_wall(in, name, 0.05);
    inject(in, name, "table", 30e9 * table);
    inject(in, name, "stream", 33e9 * table);
    inject(in, name, "small_stream", 100e9);
    inject(in, name, "product", 150e9 * product);
    inject(in, name, "clock", 1e9 * clock_ghz);
}

static void begin(struct injected *in, int cpus, double capacity, double table, double product)
{
    inject_begin(in, &lesson_bandwidth, cpus, cpus, false, capacity);
    rates(in, "team_1", 1, 1, 4);
    rates(in, "team_2", table, cpus > 2 ? 1.9 : product, 4);
    if (cpus > 2)
        rates(in, "team_4", table, product, 4);
}

static void a_plateau_at_the_stream_supports_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 1.8, 3.7);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "From 2 threads on"));
    assert_non_null(strstr(page, "3.70 times"));
    inject_end(&in);
}

static void no_plateau_in_range_contradicts_it_here_and_no_further(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, 1.9, 1.95);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "no plateau up to 2 threads"));
    inject_end(&in);
}

static void a_table_that_flattens_far_below_the_stream_contradicts_it(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 1.8, 3.7);
    inject(&in, "team_4", "stream", 150e9);
    inject(&in, "team_4", "small_stream", 400e9);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "Something else than bandwidth"));
    inject_end(&in);
}

static void gains_are_for_the_same_clock(void **state)
{
    (void)state;
    struct injected in;
    begin(
        &in, 4, 3.9, 1.8, 1.9); /* the cores run at half their clock: the product gained 3.8 times a clock */
    inject(&in, "team_4", "clock", 2e9);
    inject_verdict(&in);
    assert_float_equal(lesson_bandwidth.measured(&in.run.outcome, 1), 3.8, 1e-9);
    inject_end(&in);
}

static void a_table_that_may_lie_in_the_cache_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 1.8, 3.7);
    inject(&in, "team_4", "small_stream", 33e9 * 1.8);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "may lie in the caches"));
    inject_end(&in);
}

static void a_product_that_gains_nothing_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 1.8, 1.2);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "not the memory that holds things back"));
    inject_end(&in);
}

static void a_gain_between_the_thresholds_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 3.9, 3, 3.7);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void without_enough_cpu_nothing_is_claimed(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.5, 1.9, 1.95);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    inject_explain(&in);
    inject_end(&in);
    inject_begin(&in, &lesson_bandwidth, 1, 1, false, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_non_null(strstr(inject_explain(&in), "one core"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plateau_at_the_stream_supports_the_claim),
        cmocka_unit_test(no_plateau_in_range_contradicts_it_here_and_no_further),
        cmocka_unit_test(a_table_that_flattens_far_below_the_stream_contradicts_it),
        cmocka_unit_test(gains_are_for_the_same_clock),
        cmocka_unit_test(a_table_that_may_lie_in_the_cache_decides_nothing),
        cmocka_unit_test(a_product_that_gains_nothing_decides_nothing),
        cmocka_unit_test(a_gain_between_the_thresholds_decides_nothing),
        cmocka_unit_test(without_enough_cpu_nothing_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
