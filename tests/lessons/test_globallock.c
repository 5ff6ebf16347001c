/* Lesson 3 on made-up observations. */
#include "tests/lessons/inject.h"

extern const struct lesson lesson_globallock;

static void give(struct injected *in, double locked, double unlocked)
{
    inject_wall(in, "one_thread", 0.03);
    inject_wall(in, "two_threads_locked", 0.03 / locked);
    inject_wall(in, "two_threads_hasty", 0.03 / locked);
    inject_wall(in, "two_threads_half", 0.03 / (0.5 * (locked + unlocked)));
    inject_wall(in, "two_threads_free", 0.03 / unlocked);
    inject(in, "two_threads_locked", "handed_over", 7);
    inject(in, "two_threads_hasty", "handed_over", 200);
}

static enum verdict verdict_of(int cpus, double capacity, double locked, double unlocked, const char *words)
{
    struct injected in;
    inject_begin(&in, &lesson_globallock, cpus, cpus, false, capacity);
    give(&in, locked, unlocked);
    enum verdict verdict = inject_verdict(&in);
    const char *page = inject_explain(&in);
    if (strstr(page, words) == NULL)
        fail_msg("not said: %s\n%s", words, page);
    inject_end(&in);
    return verdict;
}

static void lock_that_takes_the_gain_away_supports(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(2, 1.95, 0.98, 1.9, "were 0.98 times as fast"), VERDICT_SUPPORTED);
}

static void gain_in_spite_of_the_lock_contradicts(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(2, 1.95, 1.8, 1.9, "still 1.80 times as fast"), VERDICT_CONTRADICTED);
}

static void without_a_gain_to_lose_nothing_is_shown(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(2, 1.95, 0.98, 1.3, "Without a clear gain"), VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_of(2, 1.95, 0.98, 1, "Without a clear gain"), VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_of(2, 1.95, 1.3, 1.9, "Not decided"), VERDICT_INCONCLUSIVE);
}

static void one_cpu_or_a_busy_one_cannot_show_it(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(1, 1, 0.98, 0.99, "there were 1.00"), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(verdict_of(2, 1.3, 0.98, 1.2, "there were 1.30"), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(verdict_of(2, 1.3, 1.8, 1.9, "there were 1.30"), VERDICT_NOT_DEMONSTRABLE);
}

static void other_results_are_no_speedup(void **state)
{
    (void)state;
    struct injected in;
    inject_begin(&in, &lesson_globallock, 2, 2, false, 2);
    give(&in, 0.98, 1.9);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(&in, r, "two_threads_free")->checksum = 1;
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    inject_explain(&in);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_that_takes_the_gain_away_supports),
        cmocka_unit_test(gain_in_spite_of_the_lock_contradicts),
        cmocka_unit_test(without_a_gain_to_lose_nothing_is_shown),
        cmocka_unit_test(one_cpu_or_a_busy_one_cannot_show_it),
        cmocka_unit_test(other_results_are_no_speedup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
