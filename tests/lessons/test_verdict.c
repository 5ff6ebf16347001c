/* From numbers and thresholds to a verdict. */
#include "lessons/engine/verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct lesson_rule large_speaks = {.name = "speedup", .supported = 1.5, .contradicted = 1.2};
static const struct lesson_rule small_speaks = {.name = "overlap", .supported = 5, .contradicted = 50};

/* `rounds` values from `first`, `step` apart. */
static struct statistic series(const struct lesson_rule *rule, int rounds, double first, double step)
{
    struct statistic statistic = {.rounds = rounds};
    for (int r = 0; r < rounds; r++)
        statistic.value[r] = first + step * r;
    statistic_judge(rule, &statistic);
    return statistic;
}

static void eight_rounds_are_needed(void **state)
{
    (void)state;
    struct statistic seven = series(&large_speaks, 7, 2, 0), eight = series(&large_speaks, 8, 2, 0);
    assert_true(isnan(seven.low) && isnan(seven.high));
    assert_int_equal(seven.verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(eight.verdict, VERDICT_SUPPORTED);
}

static void rounds_that_gave_nothing_do_not_count(void **state)
{
    (void)state;
    struct statistic statistic = series(&large_speaks, 9, 2, 0);
    statistic.value[3] = NAN;
    statistic_judge(&large_speaks, &statistic);
    assert_int_equal(statistic.verdict, VERDICT_SUPPORTED);
    statistic.value[4] = NAN;
    statistic_judge(&large_speaks, &statistic);
    assert_int_equal(statistic.verdict, VERDICT_INCONCLUSIVE);
    assert_true(statistic.median == 2);
}

static void interval_is_the_range_of_eight_and_leaves_out_one_of_twelve(void **state)
{
    (void)state;
    struct statistic eight = series(&large_speaks, 8, 1, 1), eleven = series(&large_speaks, 11, 1, 1),
                     twelve = series(&large_speaks, 12, 1, 1), many = series(&large_speaks, 64, 1, 1);
    assert_true(eight.low == 1 && eight.high == 8 && eight.median == 4.5);
    assert_true(eleven.low == 1 && eleven.high == 11);
    assert_true(twelve.low == 2 && twelve.high == 11);
    assert_true(many.low == 22 && many.high == 43); /* 1 − 2·P(Bin(64, ½) ≤ 21) = 99.2 %, ≤ 22: 98.3 % */
}

static void only_the_whole_interval_decides(void **state)
{
    (void)state;
    assert_int_equal(series(&large_speaks, 8, 1.5, 0.1).verdict, VERDICT_SUPPORTED);
    assert_int_equal(series(&large_speaks, 8, 1.49, 0.1).verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(series(&large_speaks, 8, 0.4, 0.1).verdict, VERDICT_CONTRADICTED);
    assert_int_equal(series(&large_speaks, 8, 1.3, 0).verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(series(&small_speaks, 8, 0, 0.7).verdict, VERDICT_SUPPORTED);
    assert_int_equal(series(&small_speaks, 8, 0, 0.8).verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(series(&small_speaks, 8, 51, 1).verdict, VERDICT_CONTRADICTED);
    assert_int_equal(series(&small_speaks, 8, 49, 1).verdict, VERDICT_INCONCLUSIVE);
}

/* Of twelve rounds a median's interval leaves out one on each side: right for a speed, wrong for a total. */
static void what_must_never_happen_is_contradicted_by_one_round(void **state)
{
    (void)state;
    const struct lesson_rule median = {.name = "missing", .supported = 0, .contradicted = 0.5},
                             never = {.name = "missing",
                                 .supported = 0,
                                 .contradicted = 0.5,
                                 .every_round = true},
                             always = {
                                 .name = "same", .supported = 100, .contradicted = 99.9, .every_round = true};
    struct statistic missing = series(&never, 12, 0, 0), same = series(&always, 12, 100, 0);
    assert_int_equal(missing.verdict, VERDICT_SUPPORTED);
    assert_int_equal(same.verdict, VERDICT_SUPPORTED);
    missing.value[7] = 1;
    same.value[7] = 50;
    statistic_judge(&median, &missing);
    assert_int_equal(missing.verdict, VERDICT_SUPPORTED);
    statistic_judge(&never, &missing);
    statistic_judge(&always, &same);
    assert_int_equal(missing.verdict, VERDICT_CONTRADICTED);
    assert_int_equal(same.verdict, VERDICT_CONTRADICTED);
    assert_true(missing.high == 1 && same.low == 50);
}

/* ---- several rules ---- */

enum { CONTROL, PLAIN, WITH_CPUS, RULES };

static const struct lesson_rule rules[RULES] = {
    [CONTROL] = {.name = "control", .supported = 5, .contradicted = 50, .control = true},
    [PLAIN] = {.name = "plain", .supported = 1.5, .contradicted = 1.2},
    [WITH_CPUS] = {.name = "with_cpus", .supported = 1.5, .contradicted = 1.2, .needs_capacity = true},
};

static const struct capacity ample = {1.95, 1.9, 2}, shaky = {1.8, 1.1, 2}, little = {1, 0.9, 1.1},
                             unknown = {NAN, NAN, NAN};

static int deciding;

static enum verdict of(double control, double plain, double with_cpus, struct capacity capacity)
{
    struct statistic statistic[RULES] = {series(&rules[CONTROL], 8, control, 0),
        series(&rules[PLAIN], 8, plain, 0), series(&rules[WITH_CPUS], 8, with_cpus, 0)};
    return verdict_of_rules(rules, statistic, RULES, capacity, 1.5, &deciding);
}

static void all_rules_support_or_one_contradicts(void **state)
{
    (void)state;
    assert_int_equal(of(0, 2, 2, ample), VERDICT_SUPPORTED);
    assert_int_equal(deciding, -1);
    assert_int_equal(of(0, 1, 2, ample), VERDICT_CONTRADICTED);
    assert_int_equal(deciding, PLAIN);
    assert_int_equal(of(0, 2, 1, ample), VERDICT_CONTRADICTED);
    assert_int_equal(deciding, WITH_CPUS);
    assert_int_equal(of(0, 1.3, 2, ample), VERDICT_INCONCLUSIVE);
    assert_int_equal(deciding, PLAIN);
    assert_int_equal(of(0, NAN, 2, ample), VERDICT_INCONCLUSIVE);
}

static void failed_control_takes_every_verdict_back(void **state)
{
    (void)state;
    assert_int_equal(of(99, 2, 2, ample), VERDICT_INCONCLUSIVE);
    assert_int_equal(deciding, CONTROL);
    assert_int_equal(of(20, 2, 2, ample), VERDICT_INCONCLUSIVE);
    assert_int_equal(of(99, 1, 2, ample), VERDICT_INCONCLUSIVE);
    assert_int_equal(of(NAN, 2, 2, ample), VERDICT_INCONCLUSIVE);
}

static void without_capacity_nothing_is_claimed_or_denied(void **state)
{
    (void)state;
    assert_int_equal(of(0, 2, 1, little), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(deciding, WITH_CPUS);
    assert_int_equal(of(0, 2, 2, little), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(of(0, 2, 2, unknown), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(of(0, 1, 2, little), VERDICT_CONTRADICTED); /* by the rule that needs none */
    assert_int_equal(deciding, PLAIN);
}

static void an_unknown_precondition_is_not_an_unfulfilled_one(void **state)
{
    (void)state;
    const struct lesson_rule first = {
        .name = "two_cores", .supported = 1.3, .contradicted = 1.5, .precondition = true};
    struct statistic unfulfilled = series(&first, 8, 1.9, 0), unknown_yet = series(&first, 7, 1, 0);
    assert_int_equal(
        verdict_of_rules(&first, &unfulfilled, 1, ample, 1.5, &deciding), VERDICT_NOT_DEMONSTRABLE);
    assert_int_equal(verdict_of_rules(&first, &unknown_yet, 1, ample, 1.5, &deciding), VERDICT_INCONCLUSIVE);
    assert_int_equal(deciding, 0);
}

static void shaky_capacity_may_support_but_not_contradict(void **state)
{
    (void)state;
    assert_int_equal(of(0, 2, 2, shaky), VERDICT_SUPPORTED);
    assert_int_equal(of(0, 2, 1, shaky), VERDICT_INCONCLUSIVE);
    assert_int_equal(deciding, WITH_CPUS);
    assert_int_equal(of(0, 1, 1, shaky), VERDICT_CONTRADICTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_rounds_are_needed),
        cmocka_unit_test(rounds_that_gave_nothing_do_not_count),
        cmocka_unit_test(interval_is_the_range_of_eight_and_leaves_out_one_of_twelve),
        cmocka_unit_test(only_the_whole_interval_decides),
        cmocka_unit_test(what_must_never_happen_is_contradicted_by_one_round),
        cmocka_unit_test(all_rules_support_or_one_contradicts),
        cmocka_unit_test(failed_control_takes_every_verdict_back),
        cmocka_unit_test(without_capacity_nothing_is_claimed_or_denied),
        cmocka_unit_test(an_unknown_precondition_is_not_an_unfulfilled_one),
        cmocka_unit_test(shaky_capacity_may_support_but_not_contradict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
