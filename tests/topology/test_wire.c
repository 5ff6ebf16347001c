/* Tables that cross the pipe: whole, cut, and changed at every byte. */
#include "fixture.h"

#include "harness/machine/topology_wire.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct topology topology;
static struct text bytes;

static int load(void **state)
{
    (void)state;
    struct error error;
    if (topology_load_foreign(fixture_path("09-raptorlake-1370P-linux.xml"), &topology, &error) != STATUS_OK)
        return -1;
    topology_wire_write(&topology, &bytes);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    text_free(&bytes);
    topology_free(&topology);
    return 0;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct topology read;
    assert_true(topology_wire_read(bytes.data, bytes.length, &read));
    assert_int_equal(read.usable_pus, topology.usable_pus);
    size_t order = (size_t)topology.usable_pus * sizeof(int);
    assert_memory_equal(read.spread, topology.spread, order);
    assert_memory_equal(read.packed, topology.packed, order);
    assert_memory_equal(read.pu, topology.pu, (size_t)topology.usable_pus * sizeof *topology.pu);
    assert_memory_equal(read.cache, topology.cache, (size_t)topology.cache_count * sizeof *topology.cache);
    assert_string_equal(read.cpu_model, topology.cpu_model);
    topology_free(&read);
}

static void every_cut_and_every_addition_is_refused(void **state)
{
    (void)state;
    struct topology read;
    for (size_t length = 0; length < bytes.length; length++)
        assert_false(topology_wire_read(bytes.data, length, &read));
    struct text longer = {0};
    text_add_bytes(&longer, bytes.data, bytes.length);
    text_add_bytes(&longer, "", 1);
    assert_false(topology_wire_read(longer.data, longer.length, &read));
    text_free(&longer);
}

/* Writes a changed copy of the tables and reads it. */
static bool is_refused(void)
{
    struct text changed = {0};
    struct topology read;
    topology_wire_write(&topology, &changed);
    bool accepted = topology_wire_read(changed.data, changed.length, &read);
    if (accepted)
        topology_free(&read);
    text_free(&changed);
    return !accepted;
}

static void tables_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    int *const fields[] = {&topology.pu[1].core, &topology.pu[1].smt, &topology.pu[1].class,
        &topology.pu[1].domain, &topology.pu[1].package, &topology.pu[1].llc, &topology.pu[1].os_index,
        &topology.spread[1], &topology.compact[1], &topology.packed[1], &topology.domain_cores[0],
        &topology.class_cores[0], &topology.usable_cores, &topology.max_smt, &topology.pus,
        &topology.allowed_pus};
    static const int wrong[] = {-2, 1000000, INT_MAX, INT_MIN};
    assert_false(is_refused());
    for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++)
        for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++) {
            int right = *fields[f];
            *fields[f] = wrong[w];
            bool refused = is_refused();
            *fields[f] = right;
            if (!refused)
                fail_msg("field %zu may be %d", f, wrong[w]);
        }
    int first = topology.spread[0];
    topology.spread[0] = topology.spread[1]; /* one PU twice, another never */
    assert_true(is_refused());
    topology.spread[0] = first;
}

static void no_changed_byte_is_read_as_an_impossible_table(void **state)
{
    (void)state;
    struct text changed = {0};
    text_add_bytes(&changed, bytes.data, bytes.length);
    for (size_t i = 0; i < changed.length; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct topology read;
            changed.data[i] = (char)(changed.data[i] ^ 1 << bit);
            if (topology_wire_read(changed.data, changed.length, &read)) {
                assert_in_range(read.usable_pus, 1, TOPOLOGY_PU_LIMIT);
                for (int p = 0; p < read.usable_pus; p++)
                    assert_in_range(read.pu[p].class, 0, read.class_count - 1);
                topology_free(&read);
            }
            changed.data[i] = (char)(changed.data[i] ^ 1 << bit);
        }
    text_free(&changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(every_cut_and_every_addition_is_refused),
        cmocka_unit_test(tables_that_contradict_themselves_are_refused),
        cmocka_unit_test(no_changed_byte_is_read_as_an_impossible_table),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
