/* Synthetic strings: what hwloc makes of them, and the ones that must not reach it. */
#include "fixture.h"

#include "harness/machine/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status load(const char *string, struct topology *topology, struct error *error)
{
    *error = (struct error){""};
    return topology_load_foreign(string, topology, error);
}

static void every_recorded_string_ends_as_recorded(void **state)
{
    (void)state;
    FILE *table = fopen(fixture_path("synthetic.tsv"), "r");
    assert_non_null(table);
    char *line = NULL;
    size_t size = 0;
    int rows = 0;
    assert_true(getline(&line, &size, table) > 0);
    for (; getline(&line, &size, table) > 0; rows++) {
        char *answer = strchr(line, '\t');
        assert_non_null(answer);
        *answer++ = '\0';
        int pus, cores, nodes;
        struct topology topology;
        struct error error;
        enum status status = load(line, &topology, &error);
        print_message("'%s': %s\n", line, status == STATUS_OK ? "loaded" : error.text);
        if (sscanf(answer, "LOADED pu=%d core=%d numa=%d", &pus, &cores, &nodes) == 3) {
            assert_int_equal(status, STATUS_OK);
            assert_int_equal(topology.pus, pus);
            assert_int_equal(topology.cores, cores);
            assert_int_equal(topology.numa_nodes, nodes);
            topology_free(&topology);
        } else {
            assert_int_equal(status, STATUS_FAILED);
        }
    }
    assert_true(rows >= 10);
    free(line);
    fclose(table);
}

static void more_than_65535_pus_are_refused_before_hwloc_builds_them(void **state)
{
    (void)state;
    static const char *const strings[] = {"pu:65536", "package: 300 core: 300", "core:0x10000 pu:1",
        "package:2(memory=1) core:99999999999999999999", "numa:256 core:256 1", "256 256"};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        struct topology topology;
        struct error error;
        assert_int_equal(load(strings[i], &topology, &error), STATUS_FAILED);
        if (strstr(error.text, "more than 65535 PUs") == NULL)
            fail_msg("%s", error.text);
    }
}

static void numbers_in_brackets_are_not_counts(void **state)
{
    (void)state;
    struct topology topology;
    struct error error;
    assert_int_equal(load("package:2(memory=70000) l3:1(size=70000000) core:2 pu:2(indexes=0,4,1,5,2,6,3,7)",
                         &topology, &error),
        STATUS_OK);
    assert_int_equal(topology.pus, 8);
    topology_free(&topology);
    assert_int_equal(load("core:1024 pu:2(indexes=2*1024:1024*1)", &topology, &error), STATUS_OK);
    assert_int_equal(topology.pus, 2048);
    topology_free(&topology);
}

static void impossible_indexes_are_refused(void **state)
{
    (void)state;
    struct topology topology;
    struct error error;
    assert_int_equal(load("pu:2(indexes=0,100000)", &topology, &error), STATUS_FAILED);
    assert_non_null(strstr(error.text, "above 65535"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_string_ends_as_recorded),
        cmocka_unit_test(more_than_65535_pus_are_refused_before_hwloc_builds_them),
        cmocka_unit_test(numbers_in_brackets_are_not_counts),
        cmocka_unit_test(impossible_indexes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
