/* What the pilot's times turn into. Behaviour at the edges of the budget, with times made up for the purpose.
 */
#include "harness/measure/block_order.h"
#include "harness/measure/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CELLS = 6 };

/* Thread counts 1 2 4 8 16 and the serial base, each process costing `process_s`, half of it overhead. */
static void make_cells(struct pilot_cell *cells, double process_s)
{
    static const int threads[CELLS] = {1, 1, 2, 4, 8, 16};
    for (int c = 0; c < CELLS; c++)
        cells[c] = (struct pilot_cell){.overhead_s = 0.3 * process_s,
            .iteration_s = 0.7 * process_s,
            .threads = threads[c],
            .kept = threads[c] == 1 || threads[c] == 16};
}

static struct schedule plan_for(
    double process_s, double remaining_s, int blocks, long *iterations, bool *dropped)
{
    struct pilot_cell cells[CELLS];
    struct schedule schedule;
    make_cells(cells, process_s);
    const struct block_needs needs = schedule_needs(blocks, 0);
    schedule_make(cells, CELLS, remaining_s, &needs, &schedule, iterations, dropped);
    return schedule;
}

static int count_dropped(const bool *dropped)
{
    int n = 0;
    for (int c = 0; c < CELLS; c++)
        n += dropped[c];
    return n;
}

static void ten_blocks_are_planned_where_they_fit(void **state)
{
    (void)state;
    long iterations[CELLS];
    bool dropped[CELLS];
    struct schedule schedule = plan_for(0.1, 60, 0, iterations, dropped);
    assert_int_equal(schedule.blocks, BLOCKS_WANTED);
    assert_false(schedule.over_budget);
    assert_int_equal(count_dropped(dropped), 0);
    assert_int_equal(iterations[0], 3);
}

static void iterations_go_before_blocks_and_blocks_before_points(void **state)
{
    (void)state;
    long iterations[CELLS];
    bool dropped[CELLS];
    /* A block of six cells costs 6 s at one iteration each. */
    assert_int_equal(plan_for(1, 66, 0, iterations, dropped).blocks, 10);
    assert_int_equal(iterations[0], 1);
    assert_int_equal(plan_for(1, 52, 0, iterations, dropped).blocks, 8);
    assert_int_equal(plan_for(1, 40, 0, iterations, dropped).blocks, 6);
    assert_int_equal(count_dropped(dropped), 0);
    struct schedule tight = plan_for(1, 34, 0, iterations, dropped);
    assert_int_equal(tight.blocks, 6);
    assert_int_equal(count_dropped(dropped), 1);
    assert_false(tight.over_budget);
}

static void kept_points_survive_and_the_run_says_over_budget(void **state)
{
    (void)state;
    long iterations[CELLS];
    bool dropped[CELLS];
    struct schedule schedule = plan_for(1, 5, 0, iterations, dropped);
    assert_true(schedule.over_budget);
    assert_int_equal(schedule.blocks, BLOCKS_LEAST);
    assert_int_equal(count_dropped(dropped), 3);
    assert_false(dropped[0] || dropped[1] || dropped[5]);
}

static void asked_blocks_are_exact_and_drop_nothing(void **state)
{
    (void)state;
    long iterations[CELLS];
    bool dropped[CELLS];
    struct schedule schedule = plan_for(1, 5, 3, iterations, dropped);
    assert_int_equal(schedule.blocks, 3);
    assert_true(schedule.over_budget);
    assert_int_equal(count_dropped(dropped), 0);
}

static void a_process_iterates_for_one_and_a_half_times_its_overhead(void **state)
{
    (void)state;
    struct pilot_cell cell = {.overhead_s = 0.3, .iteration_s = 0.01, .threads = 1, .kept = true};
    struct schedule schedule;
    long iterations;
    bool dropped;
    const struct block_needs needs = schedule_needs(0, 0);
    schedule_make(&cell, 1, 60, &needs, &schedule, &iterations, &dropped);
    assert_in_range(iterations, 45, 46);
}

static void absent_cells_cost_nothing(void **state)
{
    (void)state;
    struct pilot_cell cells[CELLS];
    struct schedule schedule;
    long iterations[CELLS];
    bool dropped[CELLS];
    make_cells(cells, 1);
    for (int c = 1; c < CELLS; c++)
        cells[c].absent = true;
    const struct block_needs needs = schedule_needs(0, 0);
    schedule_make(cells, CELLS, 60, &needs, &schedule, iterations, dropped);
    assert_true(schedule.block_s < 3.5);
}

/* 1 + log₂(m / 0.05) blocks for any verdict, 1 + log₂(m / 0.01) for a good one; a sweep needs what it always
 * did. */
static void a_comparison_secures_the_blocks_that_its_rows_need(void **state)
{
    (void)state;
    static const int cases[][3] = {{0, 6, 10}, {1, 6, 10}, {2, 7, 10}, {3, 7, 10}, {6, 8, 11}, {24, 10, 13}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct block_needs needs = schedule_needs(0, cases[i][0]);
        assert_int_equal(needs.fewest, cases[i][1]);
        assert_int_equal(needs.wanted, cases[i][2]);
    }
    struct pilot_cell cells[CELLS];
    struct schedule schedule;
    long iterations[CELLS];
    bool dropped[CELLS];
    const struct block_needs needs = schedule_needs(0, 24);
    make_cells(cells, 1);
    schedule_make(cells, CELLS, 400, &needs, &schedule, iterations, dropped);
    assert_int_equal(schedule.blocks, 13);
    schedule_make(cells, CELLS, 64, &needs, &schedule, iterations, dropped); /* six cells of 1 s */
    assert_int_equal(schedule.blocks, 10);
    assert_false(schedule.over_budget || count_dropped(dropped) > 0);
    schedule_make(cells, CELLS, 5, &needs, &schedule, iterations, dropped);
    assert_int_equal(schedule.blocks, 10);
    assert_true(schedule.over_budget);
}

static void precision_is_judged_at_8_12_18_27(void **state)
{
    (void)state;
    static const int looks[] = {8, 12, 18, 27, 40, 60};
    assert_int_equal(schedule_next_look(0), 8);
    assert_int_equal(schedule_next_look(7), 8);
    for (size_t i = 0; i + 1 < sizeof looks / sizeof looks[0]; i++)
        assert_int_equal(schedule_next_look(looks[i]), looks[i + 1]);
}

static void precision_is_judged_at_looks_alone(void **state)
{
    (void)state;
    static const int looks[] = {8, 12, 18, 27, 40, 60};
    size_t next = 0;
    for (int blocks = 0; blocks <= 60; blocks++) {
        bool look = blocks == looks[next];
        assert_int_equal(schedule_judges_after(blocks), look);
        next += look ? 1 : 0;
    }
}

/* Of eight values from 0.99 to 1.01 each end moves 189/202 of a step of 0.02/7 inwards: ± 0.733 %. */
static void a_cell_is_precise_where_its_interval_is_narrow_enough(void **state)
{
    (void)state;
    double medians[8];
    for (int i = 0; i < 8; i++)
        medians[i] = 0.99 + 0.02 * i / 7;
    assert_true(schedule_is_precise(medians, 8, 0.0074));
    assert_false(schedule_is_precise(medians, 8, 0.0073));
    assert_false(schedule_is_precise(medians, 1, 1)); /* no interval, no precision */
    assert_false(schedule_is_precise(medians, 0, 1));
}

static void block_order_is_a_permutation_fixed_by_seed_and_block(void **state)
{
    (void)state;
    enum { N = 50 };
    int order[N], again[N], other[N], seen[N] = {0};
    block_order_make(7, 3, N, order);
    block_order_make(7, 3, N, again);
    block_order_make(7, 4, N, other);
    for (int i = 0; i < N; i++) {
        assert_in_range(order[i], 0, N - 1);
        seen[order[i]]++;
    }
    for (int i = 0; i < N; i++)
        assert_int_equal(seen[i], 1);
    assert_memory_equal(order, again, sizeof order);
    assert_memory_not_equal(order, other, sizeof order);
}

/* Every cell is first in a block about as often as any other: the chance of one outside these bounds, with
 * this seed, is nil, because the seed is fixed. */
static void block_order_favours_no_cell(void **state)
{
    (void)state;
    enum { N = 5, BLOCKS = 5000 };
    int order[N], first[N] = {0};
    for (int b = 0; b < BLOCKS; b++) {
        block_order_make(1, b, N, order);
        first[order[0]]++;
    }
    for (int i = 0; i < N; i++)
        assert_in_range(first[i], 900, 1100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_blocks_are_planned_where_they_fit),
        cmocka_unit_test(iterations_go_before_blocks_and_blocks_before_points),
        cmocka_unit_test(kept_points_survive_and_the_run_says_over_budget),
        cmocka_unit_test(asked_blocks_are_exact_and_drop_nothing),
        cmocka_unit_test(a_process_iterates_for_one_and_a_half_times_its_overhead),
        cmocka_unit_test(absent_cells_cost_nothing),
        cmocka_unit_test(a_comparison_secures_the_blocks_that_its_rows_need),
        cmocka_unit_test(precision_is_judged_at_8_12_18_27),
        cmocka_unit_test(precision_is_judged_at_looks_alone),
        cmocka_unit_test(a_cell_is_precise_where_its_interval_is_narrow_enough),
        cmocka_unit_test(block_order_is_a_permutation_fixed_by_seed_and_block),
        cmocka_unit_test(block_order_favours_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
