/* The machine that the tests run on: only what holds of every machine. */
#include "fixture.h"

#include "harness/machine/affinity.h"
#include "harness/machine/machine.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

static struct machine discover(void)
{
    struct machine machine;
    struct error error = {""};
    if (machine_discover(NULL, &machine, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    return machine;
}

static bool has_warning(const struct machine *machine, const char *id)
{
    for (int i = 0; i < machine->warning_count; i++)
        if (strcmp(machine->warning[i].id, id) == 0)
            return true;
    return false;
}

static void the_usable_pus_are_in_the_affinity_mask(void **state)
{
    (void)state;
    struct machine machine = discover();
    struct affinity mask;
    struct error error;
    assert_int_equal(affinity_read(&mask, &error), STATUS_OK);
    assert_in_range(machine.topology.usable_pus, 1, mask.count);
    for (int i = 0; i < machine.topology.usable_pus; i++) {
        bool found = false;
        for (int c = 0; c < mask.count; c++)
            found |= mask.cpu[c] == machine.topology.pu[i].os_index;
        assert_true(found);
    }
    assert_true(machine.topology.live);
    assert_true(machine.capacity > 0 && machine.capacity <= machine.topology.usable_pus);
    assert_non_null(strstr(machine.topology.xml, "</topology>"));
    affinity_free(&mask);
    machine_free(&machine);
}

static void a_narrower_mask_is_obeyed_kept_and_warned_of(void **state)
{
    (void)state;
    struct machine whole = discover();
    if (whole.topology.usable_pus < 2) {
        machine_free(&whole);
        skip(); /* nothing can be narrower than one PU */
    }
    int chosen = whole.topology.pu[1].os_index;
    size_t size = CPU_ALLOC_SIZE((size_t)TOPOLOGY_PU_LIMIT);
    cpu_set_t *before = CPU_ALLOC((size_t)TOPOLOGY_PU_LIMIT), *one = CPU_ALLOC((size_t)TOPOLOGY_PU_LIMIT);
    assert_int_equal(sched_getaffinity(0, size, before), 0);
    CPU_ZERO_S(size, one);
    CPU_SET_S((size_t)chosen, size, one);
    assert_int_equal(sched_setaffinity(0, size, one), 0);
    struct machine narrow = discover();
    struct affinity mask;
    struct error error;
    assert_int_equal(affinity_read(&mask, &error), STATUS_OK);
    assert_int_equal(sched_setaffinity(0, size, before), 0);
    assert_int_equal(mask.count, 1); /* discovery has not rebound us */
    assert_int_equal(narrow.topology.usable_pus, 1);
    assert_int_equal(narrow.topology.spread[0], chosen);
    assert_int_equal(narrow.topology.pus, whole.topology.pus);
    assert_true(has_warning(&narrow, "affinity"));
    CPU_FREE(before);
    CPU_FREE(one);
    affinity_free(&mask);
    machine_free(&narrow);
    machine_free(&whole);
}

static void hwloc_variables_have_no_say_but_are_reported(void **state)
{
    (void)state;
    struct machine plain = discover();
    assert_false(has_warning(&plain, "hwloc-environment"));
    setenv("HWLOC_SYNTHETIC", "pu:77", 1);
    setenv("HWLOC_XMLFILE", fixture_path("34-epyc-genoa-9654-2s-384pu.xml"), 1);
    struct machine machine = discover();
    unsetenv("HWLOC_SYNTHETIC");
    unsetenv("HWLOC_XMLFILE");
    assert_int_equal(machine.topology.pus, plain.topology.pus);
    assert_true(has_warning(&machine, "hwloc-environment"));
    machine_free(&machine);
    machine_free(&plain);
}

static void caches_too_large_for_their_pus_have_no_known_size(void **state)
{
    (void)state;
    const long long mib = 1 << 20;
    struct topology_cache cache[] = {{1, mib / 32, 2, 1}, {3, 508 * mib, 2, 1}, {3, 96 * mib, 1, 2}};
    struct topology_llc last[] = {{3, 508 * mib}, {3, 96 * mib}, {3, 508 * mib}};
    struct topology topology = {.cache = cache, .cache_count = 3, .llc = last, .llc_count = 3};
    assert_int_equal(topology_forget_incredible_caches(&topology), 508 * mib);
    assert_int_equal(cache[0].bytes, mib / 32);
    assert_int_equal(cache[1].bytes, 0);
    assert_int_equal(cache[2].bytes, 96 * mib); /* 48 MiB for each: such machines exist */
    assert_int_equal(last[0].bytes, 0);
    assert_int_equal(last[1].bytes, 96 * mib);
    assert_int_equal(last[2].bytes, 0);
    assert_int_equal(topology_forget_incredible_caches(&topology), 0);
}

static int clear_environment(void **state)
{
    (void)state;
    unsetenv("HWLOC_COMPONENTS");
    unsetenv("HWLOC_PLUGINS_PATH");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usable_pus_are_in_the_affinity_mask),
        cmocka_unit_test(a_narrower_mask_is_obeyed_kept_and_warned_of),
        cmocka_unit_test(caches_too_large_for_their_pus_have_no_known_size),
        cmocka_unit_test(hwloc_variables_have_no_say_but_are_reported),
    };
    return cmocka_run_group_tests(tests, clear_environment, NULL);
}
