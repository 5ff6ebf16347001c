/* Lesson `place`, judged on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_place;

/* `worth`: work in threads alone. */
static void work(struct injected *in, const char *name, double worth, double cpus)
{
    inject_wall(in, name, 0.03);
    inject(in, name, "rate", 40000 * worth);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(in, r, name)->cpu_s = 0.03 * cpus;
}

static void begin(struct injected *in, int cpus, int cores, bool virtual_cpus, double capacity)
{
    inject_begin(in, &lesson_place, cpus, cores, virtual_cpus, capacity);
    work(in, "one_thread", 1, 1);
    work(in, "two_on_one_cpu", 1, 1);
    work(in, "one_thread_a_cpu", cores, cpus);
    work(in, "two_threads_a_cpu", cores, cpus);
    work(in, "four_threads_a_cpu", cores, cpus);
    for (int c = 0; c < in->run.plan.conditions; c++)
        if (strncmp(in->run.plan.condition[c].name, "steps", 5) == 0)
            work(in, in->run.plan.condition[c].name, cores, cpus);
}

static void hardware_threads_that_share_a_core_support_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 2, false, 2.5);
    work(&in, "two_cores", 1.98, 2);
    work(&in, "two_siblings", 1.2, 2);
    assert_int_equal(inject_verdict(&in), VERDICT_SUPPORTED);
    assert_non_null(strstr(inject_explain(&in), "hardware threads of one core) did 1.20 times"));
    inject_end(&in);
}

static void siblings_worth_two_cores_contradict_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 4, 2, false, 2.5);
    work(&in, "two_cores", 1.98, 2);
    work(&in, "two_siblings", 1.97, 2);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    assert_non_null(strstr(inject_explain(&in), "as much as two cores"));
    inject_end(&in);
}

static void crowding_that_pays_contradicts_the_claim(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 1, false, 1);
    work(&in, "four_threads_a_cpu", 1.5, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_CONTRADICTED);
    inject_explain(&in);
    inject_end(&in);
}

static void one_cpu_shows_the_half_about_crowding(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 1, false, 1);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE); /* as a whole */
    assert_non_null(strstr(inject_explain(&in), "The other half of the claim"));
    inject_end(&in);
}

static void virtual_cpus_are_not_called_cores(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 2, true, 1.9);
    work(&in, "pair_neighbours", 1.3, 2);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE); /* but for crowding */
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "1.30 times the work of one"));
    assert_non_null(strstr(page, "Only the pairs that were measured are known"));
    assert_null(strstr(page, "(two cores)"));
    inject_end(&in);
}

/* Against a competitor four threads get four fifths of a CPU, one gets half: that must not count as a gain.
 */
static void a_competitor_makes_it_inconclusive(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 1, 1, false, 1);
    work(&in, "one_thread", 0.5, 0.5);
    work(&in, "one_thread_a_cpu", 0.5, 0.5);
    work(&in, "two_on_one_cpu", 0.67, 0.67);
    work(&in, "four_threads_a_cpu", 0.8, 0.8);
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "Against another program"));
    inject_end(&in);
}

static void cores_are_not_compared_without_enough_cpu(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 2, false, 1.4);
    work(&in, "two_cores", 1.4, 2);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    inject_explain(&in);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hardware_threads_that_share_a_core_support_the_claim),
        cmocka_unit_test(siblings_worth_two_cores_contradict_the_claim),
        cmocka_unit_test(crowding_that_pays_contradicts_the_claim),
        cmocka_unit_test(one_cpu_shows_the_half_about_crowding),
        cmocka_unit_test(virtual_cpus_are_not_called_cores),
        cmocka_unit_test(a_competitor_makes_it_inconclusive),
        cmocka_unit_test(cores_are_not_compared_without_enough_cpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
