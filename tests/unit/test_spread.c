/* Variances put in are got out, and the interval of their share covers it. */
#include "harness/analysis/spread.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PROCESSES_MOST = 40, ITERATIONS_MOST = 20 };

/* Times of one cell. */
struct times {
    double value[PROCESSES_MOST][ITERATIONS_MOST];
    const double *seconds[PROCESSES_MOST];
    size_t count[PROCESSES_MOST];
};

static void draw_times(
    struct times *times, size_t processes, double between, double within, bool uneven, struct random *random)
{
    for (size_t i = 0; i < processes; i++) {
        double process = between * random_normal(random);
        times->seconds[i] = times->value[i];
        times->count[i] = uneven ? 1 + i % 7 : 4;
        for (size_t j = 0; j < times->count[i]; j++)
            times->value[i][j] = exp(process + within * random_normal(random));
    }
}

static struct variance_split split_of(const struct times *times, size_t processes, uint64_t seed)
{
    struct variance_split split;
    variance_split_of(times->seconds, times->count, processes, seed, &split);
    return split;
}

/* Logarithms 0 2 | 4 6 | 5 7: means 1 5 6, squares within 2 a process on 3 degrees of freedom: 2; between
 * 2·(9 + 1 + 4)/2 = 14; so variance between (14 − 2)/2 = 6, and its share 6/8. */
static void variances_are_those_computed_by_hand(void **state)
{
    (void)state;
    const double one[] = {1, exp(2)}, two[] = {exp(6), exp(4)}, three[] = {exp(5), exp(7)};
    const double *const seconds[] = {one, two, three};
    struct variance_split split;
    variance_split_of(seconds, (size_t[]){2, 2, 2}, 3, 1, &split);
    assert_true(fabs(split.within - sqrt(2)) < 1e-12);
    assert_true(fabs(split.between - sqrt(6)) < 1e-12);
    assert_true(fabs(split.share_between - 0.75) < 1e-12);
    assert_true(isnan(split.share_interval.level));
}

/* Logarithms 0 | 1 3 | 4 6 8: mean 22/6, within (2 + 8)/3, between 242/9/2 = 121/9, typical count
 * (6 − 14/6)/2 = 11/6. */
static void unequal_counts_weigh_as_they_should(void **state)
{
    (void)state;
    const double one[] = {1}, two[] = {exp(1), exp(3)}, three[] = {exp(4), exp(6), exp(8)};
    const double *const seconds[] = {one, two, three};
    double squares = pow(22.0 / 6, 2) + 2 * pow(2 - 22.0 / 6, 2) + 3 * pow(6 - 22.0 / 6, 2);
    struct variance_split split;
    variance_split_of(seconds, (size_t[]){1, 2, 3}, 3, 1, &split);
    assert_true(fabs(split.within * split.within - 10.0 / 3) < 1e-12);
    assert_true(fabs(split.between * split.between - (squares / 2 - 10.0 / 3) / (11.0 / 6)) < 1e-12);
}

/* Means over 300 cells. The mean of a deviation from 20 processes is 1.3 % low, and its own error 1 %. */
static void simulated_variances_are_recovered(void **state)
{
    (void)state;
    enum { CELLS = 300 };
    struct random random;
    random_seed(&random, 1);
    for (int uneven = 0; uneven <= 1; uneven++) {
        double between = 0, within = 0;
        for (size_t c = 0; c < CELLS; c++) {
            struct times times;
            draw_times(&times, 20, 0.03, 0.01, uneven, &random);
            struct variance_split split = split_of(&times, 20, c);
            between += split.between / CELLS;
            within += split.within / CELLS;
        }
        assert_true(fabs(between / 0.03 - 1) < 0.04);
        assert_true(fabs(within / 0.01 - 1) < 0.02);
    }
}

/* Without any variance between, the lower end is 0 and cannot err. */
static void share_is_covered_from_12_processes_on(void **state)
{
    (void)state;
    enum { CELLS = 300 };
    static const size_t sizes[] = {12, 20, 30};
    static const double deviations[][2] = {{0.01, 0.01}, {0.02, 0.005}, {0.005, 0.02}, {0, 0.01}};
    struct random random;
    random_seed(&random, 2);
    for (size_t d = 0; d < 4; d++)
        for (size_t s = 0; s < 3; s++) {
            double between = deviations[d][0] * deviations[d][0],
                   within = deviations[d][1] * deviations[d][1];
            size_t covered = 0;
            for (size_t c = 0; c < CELLS; c++) {
                struct times times;
                draw_times(&times, sizes[s], deviations[d][0], deviations[d][1], s == 1, &random);
                covered += covers(split_of(&times, sizes[s], c).share_interval, between / (between + within));
            }
            if (!hits_fit(covered, CELLS, 0.92, deviations[d][0] > 0 ? 0.98 : 1))
                fail_msg("%g and %g, %zu processes: %zu of %d", deviations[d][0], deviations[d][1], sizes[s],
                    covered, CELLS);
        }
}

static void too_little_is_said_to_be_unknown(void **state)
{
    (void)state;
    struct times times;
    struct random random;
    random_seed(&random, 3);
    draw_times(&times, 12, 0.01, 0.01, false, &random);
    assert_true(isnan(split_of(&times, 11, 1).share_interval.low));
    assert_true(split_of(&times, 12, 1).share_interval.low >= 0);
    assert_true(isnan(split_of(&times, 1, 1).between));
    assert_true(isnan(split_of(&times, 0, 1).within));
    for (size_t i = 0; i < 12; i++)
        times.count[i] = 1; /* what varies within cannot be told from what varies between */
    struct variance_split split = split_of(&times, 12, 1);
    assert_true(isnan(split.between) && isnan(split.within) && isnan(split.share_between));
    for (size_t i = 0; i < 12; i++)
        times.count[i] = i == 0 ? 2 : 0; /* nor from one process */
    assert_true(isnan(split_of(&times, 12, 1).between));
}

static void the_same_seed_gives_the_same_interval(void **state)
{
    (void)state;
    struct times times;
    struct random random;
    random_seed(&random, 4);
    draw_times(&times, 15, 0.03, 0.01, false, &random);
    struct variance_split one = split_of(&times, 15, 7), again = split_of(&times, 15, 7);
    struct variance_split other = split_of(&times, 15, 8);
    assert_memory_equal(&one, &again, sizeof one);
    assert_true(one.share_interval.low != other.share_interval.low);
}

/* Quartiles of 1 … 9 are 3 and 7, the fences −3 and 13. */
static void values_beyond_tukeys_fences_are_marked(void **state)
{
    (void)state;
    bool marked[10];
    const double values[] = {5, 1, 2, 3, 4, 6, 7, 8, 13, NAN},
                 outside[] = {5, 1, 2, 3, 4, 6, 7, 8, 13.5, -3.5};
    assert_int_equal(tukey_mark(values, 10, marked), 0);
    assert_false(marked[8] || marked[9]);
    assert_int_equal(tukey_mark((double[]){5, 1, 2, 3, 4, 6, 7, 8, 13.01}, 9, marked), 1);
    assert_true(marked[8]);
    assert_false(marked[0]);
    assert_int_equal(tukey_mark(outside, 9, NULL), 1);
    assert_int_equal(tukey_mark((double[]){1, 1, 1, 100}, 4, marked), 0);
    assert_int_equal(tukey_mark((double[]){1, 1, 1, 1, 100}, 5, marked), 1);
    assert_int_equal(tukey_mark(NULL, 0, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variances_are_those_computed_by_hand),
        cmocka_unit_test(unequal_counts_weigh_as_they_should),
        cmocka_unit_test(simulated_variances_are_recovered),
        cmocka_unit_test(share_is_covered_from_12_processes_on),
        cmocka_unit_test(too_little_is_said_to_be_unknown),
        cmocka_unit_test(the_same_seed_gives_the_same_interval),
        cmocka_unit_test(values_beyond_tukeys_fences_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
