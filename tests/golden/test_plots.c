/* The data of the plots: of the run in run/ as expected in plots/, and of any run in a form that gnuplot
 * reads as it is meant. ACELERA_UPDATE_GOLDEN=1 writes the expectations anew. */
#include "harness/base/text.h"
#include "harness/report/plot_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const files[] = {"titles", "speedup", "speedup-blocks", "efficiency", "waterfall",
    "ladder", "roofline", "roofline-roofs", "timeline", "times", "times-quartiles", "drift", "speedup-law"};
enum { FILES = sizeof files / sizeof *files };

static char folder[] = "/tmp/acelera-plots-XXXXXX";
static struct run_record record;
static bool drawn[PLOT_PICTURES];

static void read_file(const char *path, struct text *content)
{
    char buffer[4096];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s is missing", path);
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_add_bytes(content, buffer, got);
    text_add(content, "%s", "");
    fclose(file);
}

static void read_data(const char *name, struct text *content)
{
    struct text path = {0};
    text_add(&path, "%s/plots/data/%s.tsv", folder, name);
    read_file(path.data, content);
    text_free(&path);
}

/* Writes the data of the record as it is now. */
static void write_data(void)
{
    struct summary summary;
    struct error error;
    char *own = record.directory;
    record.directory = folder;
    summary_make(&record, &summary);
    if (plot_data_write_files(&summary, drawn, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    summary_free(&summary);
    record.directory = own;
}

static int open_record(void **state)
{
    (void)state;
    struct error error;
    return run_record_read("run", &record, &error) == STATUS_OK ? 0 : -1;
}

static int close_record(void **state)
{
    (void)state;
    run_record_free(&record);
    return 0;
}

static void data_is_as_expected(void **state)
{
    (void)state;
    write_data();
    for (size_t i = 0; i < FILES; i++) {
        struct text got = {0}, expected = {0}, path = {0};
        text_add(&path, "plots/%s.tsv", files[i]);
        read_data(files[i], &got);
        if (getenv("ACELERA_UPDATE_GOLDEN") != NULL) {
            FILE *file = fopen(path.data, "w");
            assert_non_null(file);
            assert_int_equal(fwrite(got.data, 1, got.length, file), got.length);
            fclose(file);
        }
        read_file(path.data, &expected);
        assert_string_equal(got.data, expected.data);
        text_free(&got);
        text_free(&expected);
        text_free(&path);
    }
}

static void assert_fields(const char *file, const char *data)
{
    size_t count, columns = 0;
    char **lines = text_split(data, '\n', &count);
    for (size_t i = 0; i < count; i++) {
        size_t tabs = 0;
        for (const char *c = lines[i]; *c != '\0'; c++)
            tabs += *c == '\t';
        if (i == 0)
            columns = tabs;
        else if (lines[i][0] != '\0' && tabs != columns)
            fail_msg("%s, line %zu: %zu tabs, not %zu: %s", file, i + 1, tabs, columns, lines[i]);
    }
    text_split_free(lines);
}

/* Whatever a text holds, it stays one field: no tab, no line of its own, no quote that gnuplot would end it
 * at.
 */
static void hostile_names_stay_one_field(void **state)
{
    (void)state;
    static const char hostile[] = "\"`touch x`\"\tq\n\n\n'; system('touch x')\x1b[31m \xff @x #y";
    for (int i = 0; i < record.cell_count; i++) {
        struct cell *cell = &record.cell[i];
        char **const words[] = {&cell->kernel, &cell->variant, &cell->type, &cell->placement, &cell->options};
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            struct text name = {0};
            text_add(&name, "%s%s", *words[w], hostile);
            free(*words[w]);
            *words[w] = name.data;
        }
    }
    write_data();
    for (size_t i = 0; i < FILES; i++) {
        struct text got = {0};
        read_data(files[i], &got);
        assert_fields(files[i], got.data);
        assert_null(strpbrk(got.data, "\"\033"));
        assert_null(strchr(got.data, '\xff'));
        if (i < 4)
            assert_non_null(strstr(got.data, "touch x"));
        text_free(&got);
    }
}

static void no_line_is_joined_across_a_boundary(void **state)
{
    (void)state;
    for (int i = 0; i < record.cell_count; i++) {
        struct cell *cell = &record.cell[i];
        cell->cores = cell->threads > 2 ? 2 : cell->threads;
        cell->sharing = cell->threads > 2 ? 2 : 1;
        cell->classes = 1;
        cell->domains = cell->threads > 1 ? 2 : 1;
        cell->beyond_quota = false;
    }
    write_data();
    struct text got = {0};
    size_t count;
    read_data("speedup", &got);
    char **lines = text_split(got.data, '\n', &count);
    int smt = 0, nodes = 0;
    for (size_t i = 1; i < count; i++) {
        bool begins_smt = strstr(lines[i], "\tSMT\t") != NULL;
        bool begins_nodes = strstr(lines[i], "\t2 NUMA nodes\t") != NULL;
        if (begins_smt || begins_nodes)
            assert_string_equal(lines[i - 1], "");
        smt += begins_smt;
        nodes += begins_nodes;
    }
    assert_int_equal(smt, 3);
    assert_int_equal(nodes, 3);
    text_split_free(lines);
    text_free(&got);
}

static void nothing_verified_is_nothing_drawn(void **state)
{
    (void)state;
    for (size_t i = 0; i < record.process_count; i++)
        record.process[i].done = false;
    write_data();
    for (int i = 0; i < PLOT_PICTURES; i++)
        assert_false(drawn[i]);
    struct text got = {0};
    read_data("titles", &got);
    assert_string_equal(got.data, "# plot\ttitle\tcaption\n");
    text_free(&got);
}

static int enter_folder(void **state)
{
    (void)state;
    return chdir(GOLDEN_FOLDER) != 0 || mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++) {
        struct text path = {0};
        text_add(&path, "%s/plots/data/%s.tsv", folder, files[i]);
        unlink(path.data);
        text_free(&path);
    }
    struct text path = {0};
    text_add(&path, "%s/plots/data", folder);
    rmdir(path.data);
    *strrchr(path.data, '/') = '\0';
    rmdir(path.data);
    text_free(&path);
    return rmdir(folder);
}

#define RECORD(test) cmocka_unit_test_setup_teardown(test, open_record, close_record)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORD(data_is_as_expected),
        RECORD(hostile_names_stay_one_field),
        RECORD(no_line_is_joined_across_a_boundary),
        RECORD(nothing_verified_is_nothing_drawn),
    };
    return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}
