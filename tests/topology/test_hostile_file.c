/* One hostile file against its verdict: test-topology-hostile_file FILE. Verdicts hold for hwloc's libxml
 * importer, which an installation may lack; then only a sane answer is asked for. */
#include "fixture.h"

#include "harness/machine/topology.h"

#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *file;

/* Only libxml reads a document with a byte-order mark. */
static bool importer_is_libxml(void)
{
    hwloc_topology_t hwloc;
    if (hwloc_topology_init(&hwloc) != 0)
        return false;
    bool loads = hwloc_topology_set_xml(hwloc, fixture_path("bad/b33-crlf-bom.xml")) == 0 &&
                 hwloc_topology_load(hwloc) == 0;
    hwloc_topology_destroy(hwloc);
    return loads;
}

static void assert_sane(const struct topology *topology)
{
    assert_in_range(topology->usable_pus, 1, topology->pus);
    assert_in_range(topology->pus, 1, TOPOLOGY_PU_LIMIT);
    assert_in_range(topology->usable_cores, 1, topology->usable_pus);
    for (int i = 0; i < topology->usable_pus; i++)
        assert_in_range(topology->spread[i], 0, TOPOLOGY_PU_LIMIT - 1);
}

static void assert_one_clear_line(const struct error *error)
{
    assert_non_null(strstr(error->text, "topology "));
    assert_non_null(strstr(error->text, file));
    assert_null(strchr(error->text, '\n'));
}

static void it_ends_as_its_verdict_says(void **state)
{
    (void)state;
    char *verdict = fixture_find("bad/INDEX.tsv", 2, file, NULL), name[256];
    snprintf(name, sizeof name, "bad/%s", file);
    struct topology topology;
    struct error error = {""};
    enum status status = topology_load_foreign(fixture_path(name), &topology, &error);
    print_message("%s\n", status == STATUS_OK ? "loaded" : error.text);
    if (importer_is_libxml() && strcmp(verdict, "either") != 0)
        assert_int_equal(status, strcmp(verdict, "load") == 0 ? STATUS_OK : STATUS_FAILED);
    if (status == STATUS_OK) {
        assert_sane(&topology);
        topology_free(&topology);
    } else {
        assert_int_equal(status, STATUS_FAILED);
        assert_one_clear_line(&error);
    }
    free(verdict);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    file = argv[1];
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_ends_as_its_verdict_says)};
    return cmocka_run_group_tests_name(file, tests, NULL, NULL);
}
