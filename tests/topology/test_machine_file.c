/* One recorded machine against what two independent programs computed for it: test-topology-machine_file
 * FILE. */
#include "fixture.h"

#include "harness/base/text.h"
#include "harness/machine/machine.h"
#include "harness/report/topology.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *file;
static struct machine machine;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int load(void **state)
{
    (void)state;
    struct error error = {""};
    double start_s = now_s();
    enum status status = machine_discover(fixture_path(file), &machine, &error);
    print_message("%s: %.1f ms with hwloc's own load\n", file, 1e3 * (now_s() - start_s));
    if (status != STATUS_OK)
        print_error("%s\n", error.text);
    return status == STATUS_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    machine_free(&machine);
    return 0;
}

static void assert_expected(const char *quantity, const int *number, int count)
{
    char *expected = fixture_find("EXPECTED.tsv", 2, file, quantity, NULL);
    fixture_assert_numbers(expected, number, count);
    free(expected);
}

static void assert_indexed(int column, int number)
{
    char *expected = fixture_find("INDEX.tsv", column, file, NULL);
    assert_int_equal(number, atoi(expected));
    free(expected);
}

static void its_counts_are_those_of_the_index(void **state)
{
    (void)state;
    const struct topology *topology = &machine.topology;
    assert_indexed(2, topology->packages);
    assert_indexed(3, topology->numa_nodes);
    assert_indexed(4, topology->cores);
    assert_indexed(5, topology->pus);
    assert_indexed(6, topology->allowed_pus);
    assert_indexed(8, topology->kind_count);
    assert_int_equal(topology->usable_pus, topology->allowed_pus);
}

static void its_usable_parts_are_as_expected(void **state)
{
    (void)state;
    const struct topology *topology = &machine.topology;
    assert_expected("cores", &topology->usable_cores, 1);
    assert_expected("pus", &topology->usable_pus, 1);
    assert_expected("maxsmt", &topology->max_smt, 1);
    assert_expected("classes", topology->class_cores, topology->class_count);
    assert_expected("domains", topology->domain_cores, topology->domain_count);
}

static void its_orders_are_as_expected(void **state)
{
    (void)state;
    const struct topology *topology = &machine.topology;
    assert_expected("compact", topology->compact, topology->usable_pus);
    assert_expected("packed", topology->packed, topology->usable_pus);
    assert_expected("spread", topology->spread, topology->usable_pus);
}

static void its_ladder_is_as_expected(void **state)
{
    (void)state;
    struct ladder_point *point;
    int count, cores = 0;
    topology_ladder(&machine.topology, &point, &count);
    int *threads = memory_new((size_t)count, sizeof *threads);
    for (int i = 0; i < count; i++)
        threads[i] = point[i].threads;
    assert_expected("ladder_full", threads, count);
    for (int i = 0; i < count; i++)
        if (point[i].cores_only)
            threads[cores++] = point[i].threads;
    assert_expected("ladder_cores", threads, cores);
    free(threads);
    free(point);
}

/* What a writer wrote, as a string. */
static char *written(bool (*write)(FILE *, const struct machine *))
{
    char *content = NULL;
    size_t size;
    FILE *stream = open_memstream(&content, &size);
    assert_true(write(stream, &machine));
    fclose(stream);
    return content;
}

static void assert_json_expected(const char *quantity, const json_t *array)
{
    char *expected = fixture_find("EXPECTED.tsv", 2, file, quantity, NULL);
    int *number = memory_new(json_array_size(array), sizeof *number);
    for (size_t i = 0; i < json_array_size(array); i++) {
        assert_true(json_is_integer(json_array_get(array, i)));
        number[i] = (int)json_integer_value(json_array_get(array, i));
    }
    fixture_assert_numbers(expected, number, (int)json_array_size(array));
    free(number);
    free(expected);
}

static void its_json_says_the_same_and_null_for_what_only_a_live_machine_has(void **state)
{
    (void)state;
    char *text = written(topology_json_write);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "schema")), "acelera/topology/1");
    assert_int_equal(json_integer_value(json_object_get(json, "usable_pus")), machine.topology.usable_pus);
    assert_json_expected("ladder_full", json_object_get(json, "ladder"));
    assert_json_expected("ladder_cores", json_object_get(json, "ladder_cores"));
    assert_json_expected("domains", json_object_get(json, "domains"));
    assert_json_expected("classes", json_object_get(json, "classes"));
    const json_t *orders = json_object_get(json, "orders");
    assert_json_expected("spread", json_object_get(orders, "spread"));
    assert_json_expected("compact", json_object_get(orders, "compact"));
    assert_json_expected("packed", json_object_get(orders, "packed"));
    assert_int_equal(json_array_size(json_object_get(json, "ladder")),
        json_array_size(json_object_get(json, "ladder_reasons")));
    assert_int_equal(json_array_size(json_object_get(json, "cpu_kinds")), machine.topology.kind_count);
    assert_true(json_is_null(json_object_get(json, "cpu_quota")));
    assert_true(json_is_null(json_object_get(json, "capacity")));
    assert_true(json_is_null(json_object_get(json, "memory_available_bytes")));
    assert_true(json_is_array(json_object_get(json, "limits")));
    assert_true(json_is_array(json_object_get(json, "warnings")));
    json_decref(json);
}

static bool write_text(FILE *stream, const struct machine *shown)
{
    return topology_text_write(stream, shown, (char *[]){"spread", NULL}, false, 100);
}

static bool write_placements(FILE *stream, const struct machine *shown)
{
    return topology_text_write(stream, shown, (char *[]){"spread", "compact", "packed", NULL}, false, 60);
}

static void its_text_fits_a_hundred_columns_and_two_screens(void **state)
{
    (void)state;
    char *text = written(write_text), *rest = NULL;
    int lines = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest), lines++)
        if (text_columns(line) > 100)
            fail_msg("too wide: %s", line);
    assert_in_range(lines, 15, 60);
    free(text);
}

static void its_placements_fit_sixty_columns(void **state)
{
    (void)state;
    char *text = written(write_placements), *rest = NULL;
    int teams = 0;
    bool drawing = false;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (line[0] != ' ')
            drawing = strncmp(line, "Threads of each team", 20) == 0;
        else if (drawing && text_columns(line) > 60)
            fail_msg("too wide: %s", line);
        else if (drawing)
            teams++;
    }
    assert_in_range(teams, 3, 100);
    free(text);
}

static void its_csv_has_one_row_for_each_usable_pu(void **state)
{
    (void)state;
    char *text = written(topology_csv_write);
    int lines = 0;
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    assert_int_equal(lines, machine.topology.usable_pus + 1);
    free(text);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    file = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_counts_are_those_of_the_index),
        cmocka_unit_test(its_usable_parts_are_as_expected),
        cmocka_unit_test(its_orders_are_as_expected),
        cmocka_unit_test(its_ladder_is_as_expected),
        cmocka_unit_test(its_json_says_the_same_and_null_for_what_only_a_live_machine_has),
        cmocka_unit_test(its_text_fits_a_hundred_columns_and_two_screens),
        cmocka_unit_test(its_placements_fit_sixty_columns),
        cmocka_unit_test(its_csv_has_one_row_for_each_usable_pu),
    };
    return cmocka_run_group_tests_name(file, tests, load, unload);
}
