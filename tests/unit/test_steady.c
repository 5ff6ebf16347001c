/* Warm-ups and creeps put in are found, and a steady process is left alone. */
#include "harness/analysis/steady.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PROCESSES_MOST = 30, ITERATIONS_MOST = 24 };

/* How the times of a process go on: the first `slow` iterations are slower by `excess`, and from the middle
 * on each is slower than the one before by `creep`. */
struct course {
    size_t slow;
    double excess, creep;
};

static struct steady_state judge(enum shape shape, double deviation, struct course course, size_t processes,
    size_t iterations, struct random *random)
{
    double value[PROCESSES_MOST][ITERATIONS_MOST];
    const double *seconds[PROCESSES_MOST];
    size_t count[PROCESSES_MOST];
    struct steady_state state;
    for (size_t i = 0; i < processes; i++) {
        double process = 0.05 * random_normal(random); /* no process is like another */
        seconds[i] = value[i];
        count[i] = iterations;
        for (size_t k = 0; k < iterations; k++)
            value[i][k] = exp(process + deviation * shape_draw(shape, random) +
                              (k < course.slow ? log1p(course.excess) : 0) +
                              course.creep * fmax(0, (double)k - (double)(iterations / 2)));
    }
    steady_state_of(seconds, count, processes, &state);
    return state;
}

/* Two slow iterations of ten, by 20 and 10 %; the rest is 1 1.01 1 … so that the last half has the median 1.
 */
static void a_warm_up_is_found_with_its_length_and_its_price(void **state)
{
    (void)state;
    const double one[] = {1.2, 1.1, 1, 1.01, 1, 1, 1.01, 1, 1.01, 1};
    const double *const seconds[] = {one, one, one, one, one, one};
    const size_t count[] = {10, 10, 10, 10, 10, 10};
    struct steady_state steady;
    steady_state_of(seconds, count, 6, &steady);
    assert_true(steady.known);
    assert_int_equal(steady.from, 2);
    assert_true(fabs(steady.excess - (sqrt(1.2 * 1.1) - 1)) < 1e-12);
    assert_true(isnan(steady.creep));
}

static void a_warm_up_that_reaches_into_the_last_half_counts_up_to_there(void **state)
{
    (void)state;
    struct random random;
    random_seed(&random, 1);
    struct course longer = {.slow = 6, .excess = 1};
    struct steady_state steady = judge(SHAPE_NORMAL, 0.001, longer, 8, 12, &random);
    assert_int_equal(steady.from, 5); /* 7 of 12 are the last half */
}

static void nothing_is_known_of_few_processes_or_few_iterations(void **state)
{
    (void)state;
    struct random random;
    struct course course = {.slow = 1, .excess = 1};
    static const struct {
        size_t processes, iterations;
    } few[] = {{5, 10}, {12, 3}, {0, 10}, {12, 0}};
    random_seed(&random, 2);
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
        struct steady_state steady =
            judge(SHAPE_NORMAL, 0.01, course, few[i].processes, few[i].iterations, &random);
        assert_false(steady.known);
        assert_int_equal(steady.from, 0);
        assert_true(isnan(steady.excess) && isnan(steady.creep));
    }
    assert_int_equal(judge(SHAPE_NORMAL, 0.01, course, 6, 4, &random).from, 1);
}

static void processes_that_are_too_short_are_left_out(void **state)
{
    (void)state;
    const double warm[] = {1.2, 1, 1.01, 1, 1, 1}, brief[] = {1, 5};
    const double *const seconds[] = {brief, warm, warm, warm, brief, warm, warm, warm};
    const size_t count[] = {2, 6, 6, 6, 2, 6, 6, 6};
    struct steady_state steady;
    steady_state_of(seconds, count, 8, &steady);
    assert_int_equal(steady.from, 1);
    steady_state_of(seconds, count, 7, &steady);
    assert_false(steady.known);
}

/* How many cells of so many are called otherwise than steady: by their first iteration, by their creep. */
struct tally {
    size_t warm, creep;
};

static struct tally count_unsteady(enum shape shape, double deviation, struct course course, size_t processes,
    size_t iterations, size_t cells)
{
    struct random random;
    struct tally tally = {0};
    random_seed(&random, processes * iterations + (size_t)shape);
    for (size_t c = 0; c < cells; c++) {
        struct steady_state steady = judge(shape, deviation, course, processes, iterations, &random);
        tally.warm += steady.from > 0 ? 1 : 0;
        tally.creep += isnan(steady.creep) ? 0 : 1;
    }
    return tally;
}

/* The interval over processes errs in 5 % of cells, 2 to 8 under two modes, as everywhere. */
static void steady_cells_are_called_otherwise_5_percent_of_the_time(void **state)
{
    (void)state;
    enum { CELLS = 800 };
    const struct course steady = {0};
    static const size_t sizes[][2] = {{6, 4}, {8, 5}, {10, 12}, {20, 24}};
    for (enum shape shape = 0; shape < SHAPES; shape++)
        for (size_t s = 0; s < 4; s++) {
            struct tally tally = count_unsteady(shape, 0.01, steady, sizes[s][0], sizes[s][1], CELLS);
            if (!hits_fit(tally.warm, CELLS, 0.02, 0.08) || !hits_fit(tally.creep, CELLS, 0.02, 0.08))
                fail_msg("%s, %zu processes of %zu: warm-up %zu, creep %zu of %d", shape_name[shape],
                    sizes[s][0], sizes[s][1], tally.warm, tally.creep, CELLS);
        }
}

/* A first iteration that is 3 % slower, a deviation of 1 %; a second half that gets 3 % slower. */
static void warm_ups_and_creeps_are_found(void **state)
{
    (void)state;
    enum { CELLS = 200 };
    const struct course warm = {.slow = 1, .excess = 0.03}, creep = {.creep = 0.005};
    assert_true(hits_fit(count_unsteady(SHAPE_NORMAL, 0.01, warm, 8, 6, CELLS).warm, CELLS, 0.9, 1));
    assert_true(hits_fit(count_unsteady(SHAPE_HIT, 0.01, warm, 20, 8, CELLS).warm, CELLS, 0.9, 1));
    assert_true(hits_fit(count_unsteady(SHAPE_NORMAL, 0.01, creep, 10, 12, CELLS).creep, CELLS, 0.8, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warm_up_is_found_with_its_length_and_its_price),
        cmocka_unit_test(a_warm_up_that_reaches_into_the_last_half_counts_up_to_there),
        cmocka_unit_test(nothing_is_known_of_few_processes_or_few_iterations),
        cmocka_unit_test(processes_that_are_too_short_are_left_out),
        cmocka_unit_test(steady_cells_are_called_otherwise_5_percent_of_the_time),
        cmocka_unit_test(warm_ups_and_creeps_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
