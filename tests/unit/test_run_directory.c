/* The writing side of a run directory: what is there after a good start, and what is kept after bad luck. */
#include "harness/store/run_directory.h"

#include "harness/base/text.h"
#include "harness/machine/machine.h"
#include "harness/measure/plan.h"
#include "harness/store/run_record.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a small plan on a hostile machine ---- */

static char hostile[] = "Evil \033[31m<b>\"CPU\"\\\n\xff\xc3 \xe2\x82\xac";

#define SAME                                                                                                 \
    .kernel = "matmul", .type = "f32", .size = "tiny", .shape = "m=4,n=4,k=4", .scaling = "strong",          \
    .rate = RATE_FLOP

static struct cell cells[] = {
    {SAME, .id = 0, .variant = "packed", .options = "", .placement = "spread", .worker = "x86-64-v3-serial",
        .threads = 1, .pus = (int[]){0}, .serial_base = true, .base = -1, .serial = 0, .flop = 128,
        .bytes = 192, .memory_bytes = 4096, .in_cache = true, .cache_known = true, .reason = "serial base"},
    {SAME, .id = 1, .variant = "packed", .options = "", .placement = "spread", .worker = "x86-64-v3-gomp",
        .threads = 1, .pus = (int[]){0}, .base = 1, .serial = 0, .flop = 128, .bytes = 192,
        .memory_bytes = 4096, .regions = 1, .barriers = 2, .ceiling = {2}, .ceiling_count = 1,
        .in_cache = true, .cache_known = true, .reason = "one thread"},
    {SAME, .id = 2, .variant = "packed", .options = "a=\xfe,b", .placement = "spread",
        .worker = "x86-64-v3-gomp", .threads = 1, .base = 1, .serial = -1, .flop = 128.5, .bytes = 192,
        .memory_bytes = 4096, .cycles = 3, .is_reference = true, .beyond_quota = true, .reason = hostile},
};

static struct skipped_cell skipped[] = {{{SAME, .id = -1, .variant = "blas", .options = "", .placement = "",
                                             .worker = "", .base = -1, .serial = -1, .reason = ""},
    "no such library: \"x\""}};

static char *no_strings[] = {NULL}, *kernels[] = {"matmul", NULL}, *scalings[] = {"strong", NULL};
static char *cleared[] = {"OMP_NUM_THREADS=7", "GOMP_SPINCOUNT=\x01", NULL};
static struct plan plan = {
    .cell = cells, .cell_count = 3, .skipped = skipped, .skipped_count = 1, .comparable = true};
static struct plan_request request = {.kernels = kernels,
    .size = "tiny",
    .settings = no_strings,
    .types = no_strings,
    .threads = "ladder",
    .placements = no_strings,
    .scalings = scalings,
    .precision = 0.02,
    .quantile = 0.9,
    .budget_s = 60,
    .warm_s = 30,
    .workers = no_strings,
    .seed = 7,
    .order_seed = UINT64_MAX};
static struct machine_warning warnings[] = {{"load", "busy\n", "wait"}};
static struct worker workers[] = {{.path = "/w/x86-64-v3-gomp",
    .name = "x86-64-v3-gomp",
    .level = "x86-64-v3",
    .runtime = "gomp",
    .compiler = "cc",
    .flags = "-O3",
    .openmp = "201511"}};
static struct worker_list worker_list = {.worker = workers, .count = 1};
static struct machine machine = {
    .topology = {.packages = 1, .usable_cores = 2, .usable_pus = 4, .xml = "<topology/>\n"},
    .cpu_quota = -1,
    .capacity = 4,
    .memory_available_bytes = 1e9,
    .host = "h",
    .cpu_model = hostile,
    .warning = warnings,
    .warning_count = 1};
static struct run_facts facts = {
    &request, &plan, &machine, &worker_list, "acelera run", "0.1.0", cleared, no_strings, false};

/* ---- a folder of its own for each test ---- */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/acelera-test-XXXXXX");
    machine.host = "h";
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *what, int kind, struct FTW *where)
{
    (void)what;
    (void)kind;
    (void)where;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static char *in_folder(const char *name)
{
    struct text path = {0};
    text_add(&path, "%s/%s", folder, name);
    return path.data;
}

static char *read_file(const char *directory, const char *name)
{
    struct text path = {0}, content = {0};
    char buffer[4096];
    text_add(&path, "%s/%s", directory, name);
    FILE *file = fopen(path.data, "r");
    text_free(&path);
    if (file == NULL)
        return NULL;
    text_add(&content, "%s", "");
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_add_bytes(&content, buffer, got);
    fclose(file);
    return content.data;
}

static void assert_file(const char *directory, const char *name, const char *expected)
{
    char *content = read_file(directory, name);
    assert_non_null(content);
    assert_string_equal(content, expected);
    free(content);
}

static struct run_directory create(void)
{
    struct run_directory run;
    struct error error = {""};
    if (run_directory_create(folder, &facts, &run, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    return run;
}

/* ---- tests ---- */

static void everything_written_comes_back_as_it_was(void **state)
{
    (void)state;
    struct run_directory run = create();
    struct run_record record;
    struct error error = {""};
    assert_file(run.path, "topology.xml", "<topology/>\n");
    assert_file(run.path, "samples.jsonl", "");
    if (run_record_read(run.path, &record, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    assert_string_equal(record.id, run.id);
    /* What is not UTF-8 is replaced; everything else is kept, control characters included. */
    assert_string_equal(record.cpu_model, "Evil \033[31m<b>\"CPU\"\\\n\xef\xbf\xbd\xef\xbf\xbd \xe2\x82\xac");
    assert_true(record.seed == 7 && record.order_seed == UINT64_MAX);
    assert_true(record.cpu_quota == -1 && record.memory_available_bytes == 1e9 && record.usable_pus == 4);
    assert_int_equal(record.cell_count, 3);
    assert_true(record.cell[2].flop == 128.5 && record.cell[2].pus == NULL && record.cell[2].beyond_quota);
    assert_true(record.cell[0].serial_base && record.cell[0].base == -1 && record.cell[1].serial == 0);
    assert_int_equal(record.cell[1].pus[0], 0);
    assert_string_equal(record.cell[1].reason, "one thread");
    assert_int_equal(record.skipped_count, 1);
    assert_string_equal(record.skipped[0].why, "no such library: \"x\"");
    assert_string_equal(record.warning[0].message, "busy\n");
    assert_string_equal(record.environment[record.environment_count - 2].value, "OMP_NUM_THREADS=7");
    assert_true(record.interrupted);
    run_record_free(&record);
    run_directory_close(&run);
}

static void two_runs_in_the_same_second_get_two_directories(void **state)
{
    (void)state;
    struct run_directory runs[5];
    for (int i = 0; i < 5; i++)
        runs[i] = create();
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(runs[i].path, runs[k].path);
    for (int i = 0; i < 5; i++)
        run_directory_close(&runs[i]);
}

static void host_is_restricted_to_what_a_file_name_may_hold(void **state)
{
    (void)state;
    const char *const hosts[][2] = {{"../../etc/x y", "etc-x-y-"}, {"", "unknown-"}, {"...", "unknown-"},
        {"a.B_c-9", "a.B_c-9-"}, {"-rf", "rf-"}};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        machine.host = (char *)hosts[i][0];
        struct run_directory run = create();
        assert_int_equal(strncmp(run.id, hosts[i][1], strlen(hosts[i][1])), 0);
        assert_null(strchr(run.id, '/'));
        assert_true(run.id[0] != '.' && run.id[0] != '-');
        run_directory_close(&run);
    }
}

static void file_in_the_way_is_one_line_and_leaves_nothing(void **state)
{
    (void)state;
    struct run_directory run;
    struct error error = {""};
    char *file = in_folder("file"), *below = in_folder("file/sub/results");
    FILE *stream = fopen(file, "w");
    assert_non_null(stream);
    fclose(stream);
    assert_int_equal(run_directory_create(file, &facts, &run, &error), STATUS_FAILED);
    assert_non_null(strstr(error.text, file));
    assert_non_null(strstr(error.text, "--out"));
    assert_int_equal(run_directory_create(below, &facts, &run, &error), STATUS_FAILED);
    assert_non_null(strstr(error.text, "--out"));
    free(file);
    free(below);
}

static void parents_are_made_and_slashes_do_not_matter(void **state)
{
    (void)state;
    struct run_directory run;
    struct error error = {""};
    char *parent = in_folder("a//b/c///");
    assert_int_equal(run_directory_create(parent, &facts, &run, &error), STATUS_OK);
    assert_int_equal(access(run.path, F_OK), 0);
    assert_null(strstr(run.path, "c//"));
    run_directory_close(&run);
    free(parent);
}

static void each_append_is_one_whole_line(void **state)
{
    (void)state;
    struct run_directory run = create();
    struct error error = {""};
    assert_int_equal(run_directory_append(&run, "{\"kind\":\"a\"}", &error), STATUS_OK);
    assert_file(run.path, "samples.jsonl", "{\"kind\":\"a\"}\n"); /* there before the file is closed */
    assert_int_equal(run_directory_append(&run, "{}", &error), STATUS_OK);
    assert_file(run.path, "samples.jsonl", "{\"kind\":\"a\"}\n{}\n");
    run_directory_close(&run);
    assert_int_equal(run.samples_fd, -1);
}

static void full_disk_leaves_whole_lines_and_says_so(void **state)
{
    (void)state;
    struct run_directory run = create();
    struct error error = {""};
    struct rlimit old, small;
    assert_int_equal(run_directory_append(&run, "{\"n\":1}", &error), STATUS_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){12, old.rlim_max}; /* room for half of the next line */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum status status = run_directory_append(&run, "{\"n\":2222}", &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, STATUS_FAILED);
    assert_non_null(strstr(error.text, "samples.jsonl"));
    assert_non_null(strstr(error.text, strerror(EFBIG)));
    assert_file(run.path, "samples.jsonl", "{\"n\":1}\n");
    assert_int_equal(run_directory_append(&run, "{\"n\":3}", &error), STATUS_OK);
    assert_file(run.path, "samples.jsonl", "{\"n\":1}\n{\"n\":3}\n");
    run_directory_close(&run);
}

static void directory_that_cannot_be_filled_is_taken_away_again(void **state)
{
    (void)state;
    struct run_directory run;
    struct error error = {""};
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){100, old.rlim_max};
    run = create(); /* so that SIGXFSZ is ignored */
    run_directory_close(&run);
    char *parent = in_folder("second");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum status status = run_directory_create(parent, &facts, &run, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, STATUS_FAILED);
    assert_non_null(strstr(error.text, "run.json"));
    assert_int_equal(rmdir(parent), 0); /* it is empty */
    free(parent);
}

static void removed_directory_is_written_again_and_said(void **state)
{
    (void)state;
    struct run_directory run = create();
    struct error error = {""};
    char *facts_before = read_file(run.path, "run.json");
    assert_int_equal(run_directory_append(&run, "{\"n\":1}", &error), STATUS_OK);
    assert_int_equal(nftw(run.path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    assert_int_equal(run_directory_append(&run, "{\"n\":2}", &error), STATUS_FAILED);
    assert_non_null(strstr(error.text, "removed during the run"));
    assert_non_null(strstr(error.text, run.path));
    assert_file(run.path, "samples.jsonl", "{\"n\":1}\n{\"n\":2}\n");
    assert_file(run.path, "run.json", facts_before);
    assert_file(run.path, "topology.xml", "<topology/>\n");
    assert_int_equal(run_directory_append(&run, "{\"n\":3}", &error), STATUS_OK);
    free(facts_before);
    run_directory_close(&run);
}

static void removal_that_cannot_be_mended_is_said_too(void **state)
{
    (void)state;
    struct run_directory run = create();
    struct error error = {""};
    assert_int_equal(nftw(run.path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    FILE *in_the_way = fopen(run.path, "w");
    assert_non_null(in_the_way);
    fclose(in_the_way);
    assert_int_equal(run_directory_append(&run, "{}", &error), STATUS_FAILED);
    assert_non_null(strstr(error.text, "cannot be written again"));
    assert_null(strchr(error.text, '\n'));
    run_directory_close(&run);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(everything_written_comes_back_as_it_was),
        IN_FOLDER(two_runs_in_the_same_second_get_two_directories),
        IN_FOLDER(host_is_restricted_to_what_a_file_name_may_hold),
        IN_FOLDER(file_in_the_way_is_one_line_and_leaves_nothing),
        IN_FOLDER(parents_are_made_and_slashes_do_not_matter),
        IN_FOLDER(each_append_is_one_whole_line),
        IN_FOLDER(full_disk_leaves_whole_lines_and_says_so),
        IN_FOLDER(directory_that_cannot_be_filled_is_taken_away_again),
        IN_FOLDER(removed_directory_is_written_again_and_said),
        IN_FOLDER(removal_that_cannot_be_mended_is_said_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
