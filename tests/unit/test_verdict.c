/* Verdicts on rows whose ratios are plain to see, and the arithmetic of a family, by hand. How often verdicts
 * are wrong is test_verdict_alarms.c. */
#include "harness/analysis/verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { PAIRS = 12 };

/* Ratios spread evenly by ± `spread` about `centre`. */
static void fill(double *ratio, size_t n, double centre, double spread)
{
    for (size_t i = 0; i < n; i++)
        ratio[i] = centre * exp(spread * (2 * (double)i / (double)(n - 1) - 1));
}

static enum verdict verdict_on(double centre, double spread)
{
    double ratio[PAIRS];
    fill(ratio, PAIRS, centre, spread);
    struct verdict_row row = {.ratio = ratio, .pairs = PAIRS};
    verdict_decide(&row, 1, 0.01);
    return row.verdict;
}

static void names_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(VERDICT_EQUIVALENT), "equivalent");
    assert_string_equal(verdict_name(VERDICT_FASTER), "faster");
    assert_string_equal(verdict_name(VERDICT_SLOWER), "slower");
    assert_string_equal(verdict_name(VERDICT_INCONCLUSIVE), "inconclusive");
}

static void pairs_are_judged_in_the_order_equivalent_different_inconclusive(void **state)
{
    (void)state;
    assert_int_equal(verdict_on(1, 0.005), VERDICT_EQUIVALENT);
    assert_int_equal(verdict_on(1.005, 0.001), VERDICT_EQUIVALENT); /* excludes 1, and does not matter */
    assert_int_equal(verdict_on(1.05, 0.02), VERDICT_SLOWER);
    assert_int_equal(verdict_on(1 / 1.05, 0.02), VERDICT_FASTER);
    assert_int_equal(verdict_on(1.012, 0.008), VERDICT_SLOWER); /* live: all beyond 1 is enough */
    assert_int_equal(verdict_on(1.01, 0.05), VERDICT_INCONCLUSIVE);
}

static void a_verdict_and_its_mirror_agree(void **state)
{
    (void)state;
    double ratio[PAIRS], mirrored[PAIRS];
    fill(ratio, PAIRS, 1.03, 0.02);
    for (size_t i = 0; i < PAIRS; i++)
        mirrored[i] = 1 / ratio[i];
    struct verdict_row rows[] = {
        {.ratio = ratio, .pairs = PAIRS}, {.ratio = mirrored, .pairs = PAIRS, .why = "left over"}};
    verdict_decide(rows, 2, 0.01);
    assert_int_equal(rows[0].verdict, VERDICT_SLOWER);
    assert_int_equal(rows[1].verdict, VERDICT_FASTER);
    assert_true(fabs(rows[0].point * rows[1].point - 1) < 1e-12);
    assert_true(fabs(rows[0].interval.low * rows[1].interval.high - 1) < 1e-12);
    assert_null(rows[1].why);
}

/* Twenty pairs of which two go the other way: the interval from the 3rd smallest has the level
 * 1 − 2·211/2^20 = 0.9996. Enough among six. Fifteen of twenty: the 6th smallest, 1 − 2·21700/2^20 = 0.959:
 * never at 0.99, not for one row alone. */
static void a_row_differs_if_its_interval_excludes_one_at_the_level_of_the_family(void **state)
{
    (void)state;
    double ratio[6][20];
    struct verdict_row rows[6];
    for (size_t r = 0; r < 6; r++) {
        fill(ratio[r], 20, 1, 0.05);
        rows[r] = (struct verdict_row){.ratio = ratio[r], .pairs = 20};
    }
    for (size_t i = 0; i < 20; i++)
        ratio[2][i] = (i < 2 ? 0.98 : 1.04) + 1e-4 * (double)i;
    for (size_t i = 0; i < 20; i++)
        ratio[4][i] = (i < 5 ? 0.98 : 1.04) + 1e-4 * (double)i;
    verdict_decide(rows, 6, 0.01);
    for (size_t r = 0; r < 6; r++)
        assert_int_equal(rows[r].verdict, r == 2 ? VERDICT_SLOWER : VERDICT_INCONCLUSIVE);
    assert_true(fabs(rows[2].interval.level - (1 - 0.01 / 6)) < 1e-12);
    /* One is decided: the others are five. */
    assert_true(fabs(rows[4].interval.level - (1 - 0.01 / 5)) < 1e-12);
    verdict_decide(&rows[4], 1, 0.01);
    assert_int_equal(rows[4].verdict, VERDICT_INCONCLUSIVE);
}

/* Of twelve pairs the second smallest ends an interval of level 1 − 26/2^12 = 0.9937: enough for one row, but
 * two (0.995) reach a little towards the smallest, which is far off. */
static void decided_rows_make_room_for_the_others(void **state)
{
    (void)state;
    double plain[PAIRS], weaker[PAIRS], wide[PAIRS];
    fill(plain, PAIRS, 1.1, 0.02);
    fill(weaker, PAIRS, 1.1, 0.02);
    fill(wide, PAIRS, 1, 0.1);
    weaker[0] = 0.02;
    struct verdict_row beside_plain[] = {{.ratio = weaker, .pairs = PAIRS}, {.ratio = plain, .pairs = PAIRS}};
    struct verdict_row beside_wide[] = {{.ratio = weaker, .pairs = PAIRS}, {.ratio = wide, .pairs = PAIRS}};
    verdict_decide(beside_plain, 2, 0.01);
    verdict_decide(beside_wide, 2, 0.01);
    assert_int_equal(beside_plain[0].verdict, VERDICT_SLOWER);
    assert_int_equal(beside_wide[0].verdict, VERDICT_INCONCLUSIVE);
}

static void pairs_needed_grow_with_the_family(void **state)
{
    (void)state;
    assert_int_equal(verdict_pairs_needed(1), 6);   /* 1 + log2(20) = 5.3 */
    assert_int_equal(verdict_pairs_needed(3), 7);   /* 6.9 */
    assert_int_equal(verdict_pairs_needed(6), 8);   /* 7.9 */
    assert_int_equal(verdict_pairs_needed(24), 10); /* 9.9 */
    assert_int_equal(verdict_runs_needed(1), 4);    /* 2/70 */
    assert_int_equal(verdict_runs_needed(6), 5);    /* 2/252 < 0.05/6 */
    assert_int_equal(verdict_runs_needed(7), 6);
}

/* What verdict_pairs_needed() promises, for the least number of pairs and one less. */
static void too_few_pairs_say_why_and_enough_decide(void **state)
{
    (void)state;
    for (size_t m = 1; m <= 6; m++)
        for (size_t missing = 0; missing <= 1; missing++) {
            double ratio[PAIRS];
            size_t pairs = verdict_pairs_needed(m) - missing;
            struct verdict_row rows[6];
            fill(ratio, PAIRS, 1.1, 0.02);
            ratio[pairs] = NAN;
            for (size_t r = 0; r < m; r++)
                rows[r] = (struct verdict_row){.ratio = ratio, .pairs = pairs + 1};
            verdict_decide(rows, m, 0.01);
            assert_int_equal(rows[0].verdict, missing ? VERDICT_INCONCLUSIVE : VERDICT_SLOWER);
            assert_int_equal(isnan(rows[0].interval.level) != 0, missing);
            assert_int_equal(rows[0].why != NULL, missing);
            assert_true(rows[0].point > 1);
        }
}

static void rows_without_any_pair_are_inconclusive(void **state)
{
    (void)state;
    double none[] = {NAN};
    struct verdict_row rows[] = {{.ratio = none, .pairs = 1}, {.ratio = none, .pairs = 0}};
    verdict_decide(rows, 2, 0.01);
    for (size_t r = 0; r < 2; r++) {
        assert_int_equal(rows[r].verdict, VERDICT_INCONCLUSIVE);
        assert_true(isnan(rows[r].point) && isnan(rows[r].interval.low) && isnan(rows[r].interval.high));
        assert_non_null(rows[r].why);
    }
    verdict_decide(rows, 0, 0.01); /* nothing to decide, nothing touched */
    assert_non_null(rows[0].why);
}

static enum verdict verdict_on_runs(double centre, double spread, size_t runs)
{
    double a[PAIRS], b[PAIRS];
    fill(a, runs, 1, spread);
    fill(b, runs, centre, spread);
    struct verdict_row row = {.a = a, .a_count = runs, .b = b, .b_count = runs};
    verdict_decide(&row, 1, 0.02);
    return row.verdict;
}

static void between_runs_a_change_has_to_exceed_the_minimum_effect(void **state)
{
    (void)state;
    assert_int_equal(verdict_on_runs(1.05, 0.005, 6), VERDICT_SLOWER);
    assert_int_equal(verdict_on_runs(1 / 1.05, 0.005, 6), VERDICT_FASTER);
    assert_int_equal(verdict_on_runs(1.025, 0.005, 6), VERDICT_INCONCLUSIVE); /* beyond 1, not beyond δ */
    assert_int_equal(verdict_on_runs(1.002, 0.005, 6), VERDICT_EQUIVALENT);
    assert_int_equal(verdict_on_runs(1.05, 0.005, 3), VERDICT_INCONCLUSIVE); /* three a side never can */
}

static enum verdict verdict_on_two_runs(
    double centre, double machine_low, double machine_high, const char **why)
{
    double a[PAIRS], b[PAIRS];
    fill(a, PAIRS, 1, 0.005);
    fill(b, PAIRS, centre, 0.005);
    struct verdict_row row = {.a = a, .a_count = PAIRS, .b = b, .b_count = PAIRS};
    verdict_between_two_runs(&row, 1, 0.02, machine_low, machine_high);
    *why = row.why;
    return row.verdict;
}

static void between_two_runs_the_machine_may_have_changed(void **state)
{
    (void)state;
    const char *why;
    assert_int_equal(verdict_on_two_runs(1.06, 0.99, 1.01, &why), VERDICT_SLOWER);
    assert_int_equal(verdict_on_two_runs(1 / 1.06, 0.99, 1.01, &why), VERDICT_FASTER);
    assert_int_equal(verdict_on_two_runs(1.06, 0.99, 1.07, &why), VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_on_two_runs(1 / 1.06, 0.93, 1.01, &why), VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_on_two_runs(1.06, 0.93, 1.01, &why), VERDICT_SLOWER); /* the other way */
    assert_int_equal(verdict_on_two_runs(1, 0.999, 1.001, &why), VERDICT_EQUIVALENT);
    assert_int_equal(verdict_on_two_runs(1, 0.999, 1.03, &why), VERDICT_INCONCLUSIVE);
    assert_null(why);
    assert_int_equal(verdict_on_two_runs(1.5, NAN, NAN, &why), VERDICT_INCONCLUSIVE);
    assert_non_null(why);
    assert_int_equal(verdict_on_two_runs(1, NAN, NAN, &why), VERDICT_INCONCLUSIVE);
}

/* The figures of Clopper & Pearson's rule: 1 − 0.05^(1/n) of none, and tabulated values. */
static void clopper_pearson_bounds_are_those_of_the_rule(void **state)
{
    (void)state;
    assert_true(fabs(clopper_pearson_upper(0, 59) - (1 - pow(0.05, 1.0 / 59))) < 1e-12);
    assert_true(clopper_pearson_upper(0, 59) < 0.05 && clopper_pearson_upper(0, 58) > 0.05);
    assert_true(clopper_pearson_upper(1, 93) < 0.05 && clopper_pearson_upper(1, 92) > 0.05);
    assert_true(clopper_pearson_upper(2, 124) < 0.05 && clopper_pearson_upper(2, 123) > 0.05);
    assert_true(clopper_pearson_upper(5, 5) == 1 && clopper_pearson_upper(0, 0) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_the_contract),
        cmocka_unit_test(pairs_are_judged_in_the_order_equivalent_different_inconclusive),
        cmocka_unit_test(a_verdict_and_its_mirror_agree),
        cmocka_unit_test(a_row_differs_if_its_interval_excludes_one_at_the_level_of_the_family),
        cmocka_unit_test(decided_rows_make_room_for_the_others),
        cmocka_unit_test(pairs_needed_grow_with_the_family),
        cmocka_unit_test(too_few_pairs_say_why_and_enough_decide),
        cmocka_unit_test(rows_without_any_pair_are_inconclusive),
        cmocka_unit_test(between_runs_a_change_has_to_exceed_the_minimum_effect),
        cmocka_unit_test(between_two_runs_the_machine_may_have_changed),
        cmocka_unit_test(clopper_pearson_bounds_are_those_of_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
