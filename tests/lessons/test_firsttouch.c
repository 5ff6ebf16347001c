/* Lesson `firsttouch`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_firsttouch;

static void begin(struct injected *in, int nodes, double own_gbs, double one_gbs, double with_writer)
{
    inject_domains = nodes;
    inject_begin(in, &lesson_firsttouch, 4, 4, false, 3.9);
    inject_domains = 1;
    inject_wall(in, "page_faults", 0.01);
    inject(in, "page_faults", "first_write", 2e-6);
    inject(in, "page_faults", "second_write", 20e-9);
    inject(in, "page_faults", "first_faults", 1);
    inject(in, "page_faults", "page", 4096);
    if (nodes < 2)
        return;
    inject_wall(in, "each_writes_its_own", 0.05);
    inject_wall(in, "one_writes_all", 0.05);
    inject(in, "each_writes_its_own", "bandwidth", 1e9 * own_gbs);
    inject(in, "one_writes_all", "bandwidth", 1e9 * one_gbs);
    inject(in, "each_writes_its_own", "pages_with_writer", 1);
    inject(in, "one_writes_all", "pages_with_writer", with_writer);
    inject(in, "one_writes_all", "pages_with_reader", 0.5);
}

static void pages_with_their_writer_and_faster_reading_support_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 80, 45, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "1.78 times as fast"));
    assert_non_null(strstr(page, "50 % of the pages"));
    inject_end(&in);
}

static void threads_of_the_plan_are_on_both_nodes(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 80, 45, 1);
    const struct condition *own = &in.run.plan.condition[plan_find(&in.run.plan, "each_writes_its_own")];
    assert_int_equal(own->threads, 4);
    assert_int_equal(in.pu[own->pu[0]].domain, 0);
    assert_int_equal(in.pu[own->pu[1]].domain, 1);
    inject_end(&in);
}

static void equal_bandwidth_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 80, 80, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    inject_explain(&in);
    inject_end(&in);
}

static void pages_elsewhere_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 80, 45, 0.4);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "40 % of the pages"));
    inject_end(&in);
}

static void a_difference_between_the_thresholds_decides_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 50, 45, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void pages_that_cannot_be_asked_about_decide_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 80, 45, NAN);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

static void one_node_shows_what_a_first_write_costs_and_claims_nothing(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 0, 0, 0);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    assert_non_null(strstr(inject_explain(&in), "took 2.00 µs"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_with_their_writer_and_faster_reading_support_the_claim),
        cmocka_unit_test(threads_of_the_plan_are_on_both_nodes),
        cmocka_unit_test(equal_bandwidth_contradicts_the_claim),
        cmocka_unit_test(pages_elsewhere_contradict_the_claim),
        cmocka_unit_test(a_difference_between_the_thresholds_decides_nothing),
        cmocka_unit_test(pages_that_cannot_be_asked_about_decide_nothing),
        cmocka_unit_test(one_node_shows_what_a_first_write_costs_and_claims_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
