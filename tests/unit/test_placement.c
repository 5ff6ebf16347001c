/* Which cores teams get, counted, drawn in text and as SVG: machines of all sizes, and hostile descriptions.
 */
#include "summary_record.h"

#include "harness/report/placement_drawing.h"
#include "harness/report/topology_svg.h"

#include <sys/stat.h>
#include <unistd.h>

static void load(const char *source, struct topology *topology)
{
    struct error error;
    if (topology_load_foreign(source, topology, &error) != STATUS_OK)
        fail_msg("%s", error.text);
}

static void assert_drawing(const char *machine, const char *placement, int columns, const char *expected)
{
    struct topology topology;
    struct text text = {0};
    load(machine, &topology);
    placement_draw(&text, &topology, placement, columns);
    assert_string_equal(text.data, expected);
    text_free(&text);
    topology_free(&topology);
}

static void cores_are_columns_where_they_fit(void **state)
{
    (void)state;
    assert_drawing("pack:1 core:4 pu:2", "packed", 80,
        "  threads  on each core\n"
        "        1  1 · · ·\n"
        "        2  2 · · ·\n"
        "        4  2 2 · ·\n"
        "        8  2 2 2 2\n");
    assert_drawing("pack:2 l3:2 core:2 pu:1", "spread", 80,
        "  package  0       1\n"
        "  threads  on each core\n"
        "        1  1 ·┊· ·║· ·┊· ·\n"
        "        2  1 ·┊· ·║1 ·┊· ·\n"
        "        4  1 ·┊1 ·║1 ·┊1 ·\n"
        "        8  1 1┊1 1║1 1┊1 1\n");
}

static void what_is_coarser_is_a_column_where_cores_do_not_fit(void **state)
{
    (void)state;
    assert_drawing("pack:2 l3:2 core:24 pu:2", "compact", 60,
        "  package   0     1\n"
        "  threads  on each last-level cache\n"
        "        1   1  ·║ ·  ·\n"
        "        2   2  ·║ ·  ·\n"
        "        4   4  ·║ ·  ·\n"
        "        8   8  ·║ ·  ·\n"
        "       16  16  ·║ ·  ·\n"
        "       32  24  8║ ·  ·\n"
        "       64  24 24║16  ·\n"
        "       96  24 24║24 24\n"
        "      192  48 48║48 48\n");
}

/* Nothing is lost or counted twice, at any level. */
static void every_thread_is_on_one_column(void **state)
{
    (void)state;
    static const char *const orders[] = {"spread", "compact", "packed"};
    struct topology topology;
    load("pack:2 [numa] l3:3 core:5 pu:2", &topology);
    for (enum placement_level level = COLUMN_CORE; level <= COLUMN_MACHINE; level++) {
        struct placement_map map = placement_map_make(&topology, level);
        for (int i = 0; i < 3; i++)
            assert_true(placement_map_add_ladder(&map, orders[i]));
        assert_false(placement_map_add_ladder(&map, "one-pu"));
        assert_true(map.teams >= 3 * 7);
        for (int i = 0; i < map.teams; i++) {
            int threads = 0;
            for (int c = 0; c < map.columns; c++)
                threads += map.team[i].on[c];
            assert_int_equal(threads, map.team[i].threads);
            assert_int_equal(map.team[i].distinct_pus, threads);
            assert_int_equal(map.team[i].elsewhere, 0);
        }
        placement_map_free(&map);
    }
    topology_free(&topology);
}

static void crowded_and_foreign_pus_are_counted(void **state)
{
    (void)state;
    static const int pus[] = {1, 1, 1, 9, -1};
    struct topology topology;
    load("pack:1 core:2 pu:1", &topology);
    struct placement_map map = placement_map_make(&topology, COLUMN_CORE);
    placement_map_add(&map, "one-pu", 5, pus);
    placement_map_add(&map, "unbound", 5, NULL);
    assert_int_equal(map.team[0].on[0], 0);
    assert_int_equal(map.team[0].on[1], 3);
    assert_int_equal(map.team[0].elsewhere, 2);
    assert_int_equal(map.team[0].distinct_pus, 2);
    assert_null(map.team[1].on);
    assert_int_equal(placement_map_most(&map), 3);
    struct text page = {0};
    topology_svg_draw(&page, "t", &map, false);
    assert_non_null(strstr(page.data, ">3</text>")); /* the number on the crowded place */
    assert_non_null(strstr(page.data, "not bound to any PU"));
    assert_non_null(strstr(page.data, "1 team had threads where this topology has no usable PU"));
    text_free(&page);
    placement_map_free(&map);
    topology_free(&topology);
}

static int count_words(const char *text, const char *words)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, words)) != NULL; at += strlen(words))
        count++;
    return count;
}

/* From one PU to thousands the picture stays small, and each team has its row. */
static void pictures_of_any_machine_are_bounded(void **state)
{
    (void)state;
    static const char *const machines[] = {"core:1 pu:1", "pack:1 core:8 pu:2",
        "pack:2 [numa] l3:4 core:16 pu:2", "pack:384 core:1 pu:1", "pack:16 [numa] core:64 pu:2"};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        struct topology topology;
        struct ladder_point *point;
        int points;
        load(machines[i], &topology);
        topology_ladder(&topology, &point, &points);
        char *data = NULL;
        size_t length = 0;
        FILE *stream = open_memstream(&data, &length);
        assert_true(topology_svg_write_machine(stream, &topology, (char *[]){"spread", "packed", NULL}));
        fclose(stream);
        assert_int_equal(count_words(data, "class=\"topology-team\""), 2 * points);
        assert_int_equal(count_words(data, "<g"), count_words(data, "</g>"));
        assert_null(strstr(data, "nan"));
        assert_in_range(length, 1000, 400000);
        free(data);
        free(point);
        topology_free(&topology);
    }
}

/* ---- the picture of a run ---- */

static char folder[64], xml_path[96];

static int make_folder(void **state)
{
    make_record(state);
    strcpy(folder, "/tmp/acelera-test-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(xml_path, sizeof xml_path, "%s/topology.xml", folder);
    record.directory = folder;
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(xml_path);
    return rmdir(folder);
}

/* The two-core machine of the fixtures, its CPU renamed. */
static void write_machine(const char *model)
{
    char line[4096];
    FILE *from = fopen(GOLDEN_FOLDER "/../fixtures/topologies/02-vm-2vcpu.xml", "r");
    FILE *to = fopen(xml_path, "w");
    bool renamed = false;
    assert_non_null(from);
    assert_non_null(to);
    while (fgets(line, sizeof line, from) != NULL) {
        if (strstr(line, "\"CPUModel\"") != NULL) {
            fprintf(to, "<info name=\"CPUModel\" value=\"%s\"/>\n", model);
            renamed = true;
        } else {
            fputs(line, to);
        }
    }
    assert_true(renamed);
    fclose(from);
    fclose(to);
}

static void hostile_cpu_names_stay_names(void **state)
{
    (void)state;
    struct summary summary;
    struct text page = {0};
    write_machine("&lt;script&gt;alert(1)&lt;/script&gt; &quot;onload=&quot; ]]&gt; &amp;amp;");
    cells[NAIVE_2].placement = cells[PACKED_2].placement = "<b>\"'&";
    summary_make(&record, &summary);
    assert_true(topology_svg_add(&page, &summary));
    assert_null(strstr(page.data, "<script"));
    assert_null(strstr(page.data, "<b>"));
    assert_non_null(strstr(page.data, "&lt;script&gt;alert(1)"));
    assert_int_equal(count_words(page.data, "class=\"topology-team\""), 2);
    text_free(&page);
    summary_free(&summary);
}

static void a_team_is_drawn_once_whatever_runs_on_it(void **state)
{
    (void)state;
    struct summary summary;
    struct text page = {0};
    write_machine("CPU");
    summary_make(&record, &summary);
    assert_true(topology_svg_add(&page, &summary));
    assert_int_equal(count_words(page.data, "class=\"topology-team\""), 2); /* 1 and 2 threads */
    assert_int_equal(count_words(page.data, "class=\"topology-taken\""), 3);
    assert_int_equal(count_words(page.data, "class=\"topology-seat\""), 1);
    text_free(&page);
    summary_free(&summary);
}

static void without_a_readable_topology_there_is_no_picture(void **state)
{
    (void)state;
    struct summary summary;
    struct text page = {0};
    summary_make(&record, &summary);
    assert_false(topology_svg_add(&page, &summary));
    FILE *file = fopen(xml_path, "w");
    assert_non_null(file);
    fputs("<topology version=\"2.0\"><object type=\"Machine\"", file);
    fclose(file);
    assert_false(topology_svg_add(&page, &summary));
    assert_int_equal(page.length, 0);
    summary_free(&summary);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cores_are_columns_where_they_fit),
        cmocka_unit_test(what_is_coarser_is_a_column_where_cores_do_not_fit),
        cmocka_unit_test(every_thread_is_on_one_column),
        cmocka_unit_test(crowded_and_foreign_pus_are_counted),
        cmocka_unit_test(pictures_of_any_machine_are_bounded),
        WITH_FOLDER(hostile_cpu_names_stay_names),
        WITH_FOLDER(a_team_is_drawn_once_whatever_runs_on_it),
        WITH_FOLDER(without_a_readable_topology_there_is_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
