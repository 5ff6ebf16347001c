/* How often verdicts are wrong, and how often they find what is there: six rows, simulated. */
#include "harness/analysis/verdict.h"
#include "harness/measure/schedule.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROWS = 6, PAIRS_MOST = 64 };

/* How many families had a false verdict, and how many found their first row. */
struct tally {
    size_t alarms, equivalents, found;
};

static bool is_different(const struct verdict_row *row)
{
    return row->verdict == VERDICT_SLOWER || row->verdict == VERDICT_FASTER;
}

/* Families of live pairs. `ratio`: the true one of each row; NULL: all 1. An alarm is a row of ratio 1 that
 * is called different; a false equivalent one that is not within 1 %. */
static struct tally simulate_pairs(
    enum shape shape, double deviation, size_t pairs, const double *ratio, size_t families)
{
    struct tally tally = {0};
    struct random random;
    random_seed(&random, 100 * pairs + (uint64_t)shape);
    for (size_t f = 0; f < families; f++) {
        double seen[ROWS][PAIRS_MOST];
        struct verdict_row rows[ROWS];
        bool alarm = false, equivalent = false;
        for (size_t r = 0; r < ROWS; r++) {
            for (size_t i = 0; i < pairs; i++)
                seen[r][i] = process_draw(shape, deviation, &random) /
                             process_draw(shape, deviation, &random) * (ratio != NULL ? ratio[r] : 1);
            rows[r] = (struct verdict_row){.ratio = seen[r], .pairs = pairs};
        }
        verdict_decide(rows, ROWS, 0.01);
        for (size_t r = 0; r < ROWS; r++) {
            double truth = ratio != NULL ? ratio[r] : 1;
            alarm = alarm || (truth == 1 && is_different(&rows[r]));
            equivalent =
                equivalent || (fabs(log(truth)) >= log(1.01) && rows[r].verdict == VERDICT_EQUIVALENT);
        }
        tally.alarms += alarm ? 1 : 0;
        tally.equivalents += equivalent ? 1 : 0;
        tally.found += rows[0].verdict == VERDICT_SLOWER ? 1 : 0;
    }
    return tally;
}

/* From ten pairs on the range of the ratios has the level 1 − 0.012/6; of eight 1 − 0.047/6, of nine
 * 1 − 0.023/6. Rows are independent here, which is the worst case. */
static void identical_rows_raise_few_alarms(void **state)
{
    (void)state;
    enum { FAMILIES = 400 };
    static const struct {
        size_t pairs;
        double alarms;
    } cases[] = {{8, 0.047}, {9, 0.0235}, {10, 0.012}, {12, 0.01}, {16, 0.01}, {20, 0.01}, {30, 0.01}};
    size_t alarms = 0;
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
            struct tally tally = simulate_pairs(shape, 0.02, cases[c].pairs, NULL, FAMILIES);
            alarms += tally.alarms;
            if (!hits_fit(tally.alarms, FAMILIES, 0, cases[c].alarms))
                fail_msg(
                    "%s, %zu pairs: %zu of %d", shape_name[shape], cases[c].pairs, tally.alarms, FAMILIES);
        }
    assert_true(alarms > 0); /* a rule that never speaks would pass as well */
}

/* What a family of fewer pairs would need is not there: nothing is said, rather than something wrong. */
static void six_rows_of_seven_pairs_are_never_called_different(void **state)
{
    (void)state;
    const double ratio[ROWS] = {1.5, 1.5, 1.5, 1.5, 1.5, 1.5};
    assert_int_equal(simulate_pairs(SHAPE_NORMAL, 0.01, 7, ratio, 50).found, 0);
}

/* Rows that do differ must not make the others cheaper than the family allows: one row left, or three. */
static void rows_that_differ_do_not_raise_alarms_in_others(void **state)
{
    (void)state;
    enum { FAMILIES = 1500 };
    const double one_left[ROWS] = {1.3, 0.7, 1.3, 1.3, 0.7, 1}, three_left[ROWS] = {1.3, 0.7, 1, 1, 1, 1.3};
    struct tally one = simulate_pairs(SHAPE_HEAVY, 0.01, 20, one_left, FAMILIES);
    struct tally three = simulate_pairs(SHAPE_SKEWED, 0.01, 20, three_left, FAMILIES);
    assert_true(hits_fit(one.alarms, FAMILIES, 0, 0.01));
    assert_true(hits_fit(three.alarms, FAMILIES, 0, 0.01));
}

/* All six just outside the margins, the worst case for this claim: were equivalence to step down as the rows
 * are found to differ, one family in eight would hold a false one. */
static void rows_outside_the_margins_are_seldom_called_equivalent(void **state)
{
    (void)state;
    enum { FAMILIES = 1500 };
    const double ratio[ROWS] = {1.01, 1.01, 1.01, 1.01, 1.01, 1.01};
    struct tally tally = simulate_pairs(SHAPE_NORMAL, 0.002, 20, ratio, FAMILIES);
    assert_true(hits_fit(tally.equivalents, FAMILIES, 0.005, 0.025));
}

/* The power that the design was chosen for. With ± 1 % between processes and as much within, the ratio of two
 * medians of three scatters by about 1.6 %; 0.9 less four standard deviations of 200 families is 0.81. */
static void slower_rows_are_found(void **state)
{
    (void)state;
    enum { FAMILIES = 200 };
    const double five[ROWS] = {1.05, 1, 1, 1, 1, 1}, two[ROWS] = {1.02, 1, 1, 1, 1, 1};
    assert_true(hits_fit(simulate_pairs(SHAPE_NORMAL, 0.01, 12, five, FAMILIES).found, FAMILIES, 0.9, 1));
    assert_true(hits_fit(simulate_pairs(SHAPE_NORMAL, 0.01, 40, two, FAMILIES).found, FAMILIES, 0.9, 1));
    assert_true(hits_fit(simulate_pairs(SHAPE_HIT, 0.01, 60, five, FAMILIES).found, FAMILIES, 0.9, 1));
}

/* One live comparison, as the supervisor has it: on until every row is narrow enough at a look, or the budget
 * ends after a number of blocks that nobody chooses, never before a verdict is possible. Returns the blocks.
 */
static size_t simulate_comparison(enum shape shape, double deviation, size_t count, double truth,
    struct random *random, double seen[ROWS][PAIRS_MOST], bool *stopped)
{
    size_t fewest = (size_t)schedule_needs(0, (int)count).fewest, pairs = 0;
    size_t budget = fewest + random_below(random, PAIRS_MOST - fewest + 1);
    do {
        for (size_t r = 0; r < count; r++)
            seen[r][pairs] =
                truth * process_draw(shape, deviation, random) / process_draw(shape, deviation, random);
        pairs++;
        *stopped = schedule_judges_after((int)pairs);
        for (size_t r = 0; r < count && *stopped; r++)
            *stopped = verdict_must_follow(seen[r], pairs, count, 0.01);
    } while (!*stopped && pairs < budget);
    return pairs;
}

/* Comparisons that stop when they know enough: alarms, equivalents, and in `found` those that stopped so. */
static struct tally simulate_stopping(
    enum shape shape, double deviation, size_t count, double truth, size_t families)
{
    struct tally tally = {0};
    struct random random;
    random_seed(&random, 1000 * count + 100 * (uint64_t)shape + (uint64_t)(1e4 * deviation));
    for (size_t f = 0; f < families; f++) {
        double seen[ROWS][PAIRS_MOST];
        struct verdict_row rows[ROWS];
        bool alarm = false, equivalent = false, undecided = false, stopped;
        size_t pairs = simulate_comparison(shape, deviation, count, truth, &random, seen, &stopped);
        for (size_t r = 0; r < count; r++)
            rows[r] = (struct verdict_row){.ratio = seen[r], .pairs = pairs};
        verdict_decide(rows, count, 0.01);
        for (size_t r = 0; r < count; r++) {
            alarm = alarm || is_different(&rows[r]);
            equivalent = equivalent || rows[r].verdict == VERDICT_EQUIVALENT;
            undecided = undecided || rows[r].verdict == VERDICT_INCONCLUSIVE;
        }
        assert_false(stopped && undecided); /* a verdict must follow, and does */
        tally.alarms += alarm ? 1 : 0;
        tally.equivalents += equivalent ? 1 : 0;
        tally.found += stopped ? 1 : 0;
    }
    return tally;
}

/* Looking again and again must not make a difference out of nothing. The deviations make almost all stop at
 * the first looks, about half at some look, and none. */
static void stopping_when_enough_is_known_raises_few_alarms(void **state)
{
    (void)state;
    enum { FAMILIES = 400 };
    static const double deviations[] = {0.0008, 0.003, 0.01};
    static const size_t counts[] = {1, 2, ROWS};
    size_t all = 0, alarms = 0, stopped = 0;
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t d = 0; d < sizeof deviations / sizeof deviations[0]; d++)
            for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++, all += FAMILIES) {
                struct tally tally = simulate_stopping(shape, deviations[d], counts[c], 1, FAMILIES);
                alarms += tally.alarms;
                stopped += tally.found;
                if (!hits_fit(tally.alarms, FAMILIES, 0, 0.015))
                    fail_msg("%s, deviation %g, %zu rows: %zu of %d", shape_name[shape], deviations[d],
                        counts[c], tally.alarms, FAMILIES);
            }
    assert_in_range(stopped, all / 4, all * 3 / 4);
    assert_true(alarms > 0 && clopper_pearson_upper(alarms, all) < 0.01);
}

/* The same at the very margin, where "equivalent" is just wrong. */
static void stopping_when_enough_is_known_calls_few_equivalent(void **state)
{
    (void)state;
    enum { FAMILIES = 1000 };
    for (enum shape shape = 0; shape < SHAPES; shape++) {
        struct tally one = simulate_stopping(shape, 0.003, 1, 1.01, FAMILIES);
        struct tally six = simulate_stopping(shape, 0.0015, ROWS, 1.01, FAMILIES);
        if (!hits_fit(one.equivalents, FAMILIES, 0, 0.036) || !hits_fit(six.equivalents, FAMILIES, 0, 0.036))
            fail_msg("%s: %zu and %zu of %d", shape_name[shape], one.equivalents, six.equivalents, FAMILIES);
    }
}

/* Families of runs: `runs` a side, each with its own deviation of 1 %. */
static struct tally simulate_runs(size_t runs, double ratio, size_t families)
{
    struct tally tally = {0};
    struct random random;
    random_seed(&random, runs);
    for (size_t f = 0; f < families; f++) {
        double a[ROWS][PAIRS_MOST], b[ROWS][PAIRS_MOST];
        struct verdict_row rows[ROWS];
        bool alarm = false;
        for (size_t r = 0; r < ROWS; r++) {
            for (size_t i = 0; i < runs; i++) {
                a[r][i] = exp(0.01 * random_normal(&random));
                b[r][i] = exp(0.01 * random_normal(&random)) * (r == 0 ? ratio : 1);
            }
            rows[r] = (struct verdict_row){.a = a[r], .b = b[r], .a_count = runs, .b_count = runs};
        }
        verdict_decide(rows, ROWS, 0.02);
        for (size_t r = 0; r < ROWS; r++)
            alarm = alarm || ((r > 0 || ratio == 1) && is_different(&rows[r]));
        tally.alarms += alarm ? 1 : 0;
        tally.found += rows[0].verdict == VERDICT_SLOWER ? 1 : 0;
        tally.equivalents += rows[1].verdict == VERDICT_EQUIVALENT ? 1 : 0;
    }
    return tally;
}

static void identical_runs_raise_few_alarms_and_three_a_side_say_nothing(void **state)
{
    (void)state;
    enum { FAMILIES = 1000 };
    static const size_t sizes[] = {3, 5, 8, 10};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        assert_true(hits_fit(simulate_runs(sizes[s], 1, FAMILIES).alarms, FAMILIES, 0, 0.01));
    struct tally three = simulate_runs(3, 1.5, 50), five = simulate_runs(5, 1.1, 200);
    assert_int_equal(three.alarms + three.found + three.equivalents, 0);
    assert_true(hits_fit(five.found, 200, 0.95, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identical_rows_raise_few_alarms),
        cmocka_unit_test(six_rows_of_seven_pairs_are_never_called_different),
        cmocka_unit_test(rows_that_differ_do_not_raise_alarms_in_others),
        cmocka_unit_test(rows_outside_the_margins_are_seldom_called_equivalent),
        cmocka_unit_test(slower_rows_are_found),
        cmocka_unit_test(stopping_when_enough_is_known_raises_few_alarms),
        cmocka_unit_test(stopping_when_enough_is_known_calls_few_equivalent),
        cmocka_unit_test(identical_runs_raise_few_alarms_and_three_a_side_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
