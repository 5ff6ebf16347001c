/* Plans: which two PUs a lesson takes, and numbers over the rounds. */
#include "tests/lessons/inject.h"

static struct classroom room_of(struct machine *machine, int *spread, struct topology_pu *pu, int cpus)
{
    machine->topology.spread = spread;
    machine->topology.pu = pu;
    machine->topology.usable_pus = cpus;
    return (struct classroom){.machine = machine, .cpus = cpus};
}

static void a_pair_is_two_cores_whatever_comes_first(void **state)
{
    (void)state;
    struct machine machine = {0};
    /* Two cores of two hardware threads: PUs 0 and 2 on the first, 1 and 3 on the second. */
    struct topology_pu pu[] = {{.os_index = 0, .core = 0}, {.os_index = 2, .core = 0, .smt = 1},
        {.os_index = 1, .core = 1}, {.os_index = 3, .core = 1, .smt = 1}};
    int quiet[] = {0, 1, 2, 3}, second_core_busy[] = {0, 2, 1, 3}, pair[2];
    struct classroom room = room_of(&machine, quiet, pu, 4);
    assert_int_equal(plan_pair(&room, pair), 2);
    assert_int_equal(pair[0], 0);
    assert_int_equal(pair[1], 1);
    room = room_of(&machine, second_core_busy, pu, 4);
    assert_int_equal(plan_pair(&room, pair), 2);
    assert_int_equal(pair[0], 0);
    assert_int_equal(pair[1], 1);
}

static void a_pair_is_of_one_kind_of_core_if_there_are_two_of_it(void **state)
{
    (void)state;
    struct machine machine = {0};
    struct topology_pu pu[] = {{.os_index = 0, .core = 0, .class = 0}, {.os_index = 1, .core = 1, .class = 1},
        {.os_index = 2, .core = 2, .class = 0}};
    int spread[] = {0, 1, 2}, pair[2];
    struct classroom room = room_of(&machine, spread, pu, 3);
    assert_int_equal(plan_pair(&room, pair), 2);
    assert_int_equal(pair[1], 2);
}

static void one_core_gives_its_hardware_threads_and_one_cpu_no_pair(void **state)
{
    (void)state;
    struct machine machine = {0};
    struct topology_pu pu[] = {{.os_index = 4, .core = 0}, {.os_index = 5, .core = 0, .smt = 1}};
    int spread[] = {4, 5}, pair[2];
    struct classroom room = room_of(&machine, spread, pu, 2);
    assert_int_equal(plan_pair(&room, pair), 2);
    assert_int_equal(pair[1], 5);
    room = room_of(&machine, spread, pu, 1);
    assert_int_equal(plan_pair(&room, pair), 1);
    assert_int_equal(pair[0], 4);
}

static void failed_rounds_give_no_number(void **state)
{
    (void)state;
    extern const struct lesson lesson_race;
    struct injected in;
    inject_begin(&in, &lesson_race, 2, 2, false, NAN);
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_round(&in, r, "long", "lost", r);
    const struct observations *all = &in.run.observations;
    struct statistic lost = plan_statistic(&in.run.plan, all, "long", "lost");
    assert_true(lost.median == 3.5 && lost.low == 0 && lost.high == 7);
    inject_at(&in, 0, "long")->valid = false;
    lost = plan_statistic(&in.run.plan, all, "long", "lost");
    assert_true(lost.median == 4 && isnan(lost.low));
    assert_true(isnan(plan_value(&in.run.plan, all, 0, "long", "lost")));
    assert_true(isnan(plan_value(&in.run.plan, all, 1, "nothing", "lost")));
    assert_ptr_equal(plan_example(&in.run.plan, all, "long"), inject_at(&in, 1, "long"));
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_two_cores_whatever_comes_first),
        cmocka_unit_test(a_pair_is_of_one_kind_of_core_if_there_are_two_of_it),
        cmocka_unit_test(one_core_gives_its_hardware_threads_and_one_cpu_no_pair),
        cmocka_unit_test(failed_rounds_give_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
