/* What must hold of every ladder, and the reasons of the points that everyone looks for. */
#include "fixture.h"

#include "harness/machine/topology.h"

#include <stdlib.h>
#include <string.h>

static struct ladder_point *ladder_of(const char *source, struct topology *topology, int *count)
{
    struct error error = {""};
    if (topology_load_foreign(source, topology, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    struct ladder_point *point;
    topology_ladder(topology, &point, count);
    return point;
}

static const struct ladder_point *find_point(const struct ladder_point *point, int count, int threads)
{
    for (int i = 0; i < count; i++)
        if (point[i].threads == threads)
            return &point[i];
    fail_msg("no point of %d threads", threads);
    return NULL;
}

static void a_ladder_ascends_from_one_to_all_pus_and_gives_reasons(void **state)
{
    (void)state;
    static const char *const sources[] = {"pu:1", "core:3 pu:1", "core:5 pu:3", "numa:3 core:7 pu:4",
        "package:2 numa:2 core:6 pu:8", "core:1 pu:5"};
    for (size_t s = 0; s < sizeof sources / sizeof sources[0]; s++) {
        struct topology topology;
        int count;
        struct ladder_point *point = ladder_of(sources[s], &topology, &count);
        assert_int_equal(point[0].threads, 1);
        assert_true(point[0].boundary);
        assert_int_equal(point[count - 1].threads, topology.usable_pus);
        assert_true(point[count - 1].boundary);
        assert_true(find_point(point, count, topology.usable_cores)->cores_only);
        assert_true(find_point(point, count, topology.usable_cores)->boundary);
        for (int i = 0; i < count; i++) {
            assert_true(i == 0 || point[i].threads > point[i - 1].threads);
            assert_in_range(strlen(point[i].reason), 5, sizeof point[i].reason - 2);
        }
        free(point);
        topology_free(&topology);
    }
}

static void every_smt_level_is_a_boundary_but_no_point_of_the_ladder_of_cores(void **state)
{
    (void)state;
    struct topology topology;
    int count;
    struct ladder_point *point = ladder_of("core:3 pu:8", &topology, &count);
    for (int siblings = 2; siblings <= 8; siblings *= 2) {
        assert_true(find_point(point, count, 3 * siblings)->boundary);
        assert_false(find_point(point, count, 3 * siblings)->cores_only);
    }
    assert_non_null(strstr(find_point(point, count, 6)->reason, "up to 2 PUs of each core"));
    assert_non_null(strstr(find_point(point, count, 24)->reason, "all PUs"));
    free(point);
    topology_free(&topology);
}

static void a_bare_power_of_two_is_no_boundary(void **state)
{
    (void)state;
    struct topology topology;
    int count;
    struct ladder_point *point = ladder_of("numa:3 core:4 pu:1", &topology, &count);
    assert_false(find_point(point, count, 2)->boundary);
    assert_true(find_point(point, count, 4)->boundary);
    assert_non_null(strstr(find_point(point, count, 4)->reason, "all cores of memory domain 0"));
    assert_false(find_point(point, count, 8)->boundary);
    free(point);
    topology_free(&topology);
}

static void the_fastest_class_is_a_boundary(void **state)
{
    (void)state;
    struct topology topology;
    int count;
    struct ladder_point *point = ladder_of(fixture_path("09-raptorlake-1370P-linux.xml"), &topology, &count);
    assert_true(find_point(point, count, 6)->boundary);
    assert_true(find_point(point, count, 6)->cores_only);
    assert_non_null(strstr(find_point(point, count, 6)->reason, "fastest class"));
    free(point);
    topology_free(&topology);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ladder_ascends_from_one_to_all_pus_and_gives_reasons),
        cmocka_unit_test(every_smt_level_is_a_boundary_but_no_point_of_the_ladder_of_cores),
        cmocka_unit_test(a_bare_power_of_two_is_no_boundary),
        cmocka_unit_test(the_fastest_class_is_a_boundary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
