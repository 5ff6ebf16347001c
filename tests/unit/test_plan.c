/* What the planner makes of a request: which cells, whose bases, at which places. The workers are scripts
 * that only describe themselves; the machine is one that hwloc makes up. */
#include "harness/base/text.h"
#include "harness/measure/plan.h"
#include "harness/measure/plan_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A kernel "work" whose extent n grows under weak scaling, and a ceiling "roof". */
#define KERNEL(NAME, ROLE)                                                                                   \
    "{\"name\":\"" NAME "\",\"role\":\"" ROLE "\",\"rate\":\"flop\",\"type\":\"f32\",\"summary\":\"s\","     \
    "\"dimensions\":[{\"key\":\"n\",\"meaning\":\"m\",\"same_as\":null,\"weak\":true,\"grows\":true,"        \
    "\"by_size\":[8,16,32,64,128]}],\"options\":[],\"table\":null,\"variants\":[{\"name\":\"plain\","        \
    "\"what\":\"w\",\"why\":\"y\",\"default\":true,\"own_threads\":false}]}"
#define SCRIPT                                                                                               \
    "#!/bin/sh\n"                                                                                            \
    "case $1 in\n"                                                                                           \
    "--describe) echo '{\"schema\":\"acelera/worker/1\",\"name\":\"v1-%s\",\"level\":\"v1\","                \
    "\"runtime\":\"%s\",\"compiler\":\"c\",\"flags\":\"f\",\"openmp\":null,\"runnable\":true,"               \
    "\"missing\":\"\",\"kernels\":[" KERNEL("work", "workload") "," KERNEL("roof",                           \
        "ceiling") "]}' ;;\n"                                                                                \
                   "--cost) case $* in *kernel=work*) "                                                      \
                   "roof='{\"kernel\":\"roof\",\"variant\":\"plain\",\"extent\":0}' ;; "                     \
                   "esac\n"                                                                                  \
                   "echo "                                                                                   \
                   "'{\"flop\":8,\"bytes\":8,\"memory_bytes\":64,\"cycles\":0,\"regions\":1,\"barriers\":0," \
                   "\"unavailable\":null,\"ceilings\":['\"$roof\"']}' ;;\n"                                  \
                   "esac\n"

static char folder[64];
static struct worker_list workers;
static struct machine machine;
static struct error error;

static void worker_path(const char *runtime, char path[128])
{
    snprintf(path, 128, "%s/acelera-worker-v1-%s", folder, runtime);
}

static void write_worker(const char *runtime)
{
    char path[128];
    worker_path(runtime, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, SCRIPT, runtime, runtime);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/acelera-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    write_worker("gomp");
    write_worker("serial");
    setenv("ACELERA_WORKER_PATH", folder, 1);
    if (worker_list_find(&workers, &error) != STATUS_OK ||
        machine_discover("pack:2 core:2 pu:2", &machine, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    return 0;
}

static int tear_down(void **state)
{
    char path[128];
    (void)state;
    worker_list_free(&workers);
    machine_free(&machine);
    worker_path("gomp", path);
    unlink(path);
    worker_path("serial", path);
    unlink(path);
    return rmdir(folder);
}

/* ---- requests ---- */

static char *no_words[] = {NULL}, *work[] = {"work", NULL}, *f32[] = {"f32", NULL},
            *gomp[] = {"v1-gomp", NULL};
static char *spread[] = {"spread", NULL}, *packed[] = {"packed", NULL};
static char *strong[] = {"strong", NULL}, *both[] = {"strong", "weak", NULL};

static struct plan_request request_for(char **placements, char **scalings)
{
    return (struct plan_request){.kernels = work,
        .size = "tiny",
        .settings = no_words,
        .types = f32,
        .threads = "1,2,4",
        .placements = placements,
        .scalings = scalings,
        .workers = gomp};
}

static int count_cells(const struct plan *plan, const char *kernel, const char *scaling, const char *side)
{
    int count = 0;
    for (int c = 0; c < plan->cell_count; c++) {
        const struct cell *cell = &plan->cell[c];
        count += strcmp(cell->kernel, kernel) == 0 && strcmp(cell->scaling, scaling) == 0 &&
                 strcmp(cell->side, side) == 0;
    }
    return count;
}

/* What every plan must keep, or nobody after it can trust an id. */
static void ids_lead_somewhere(const struct plan *plan)
{
    for (int c = 0; c < plan->cell_count; c++) {
        const struct cell *cell = &plan->cell[c];
        assert_int_equal(cell->id, c);
        assert_in_range(cell->base + 1, 0, plan->cell_count);
        assert_in_range(cell->serial + 1, 0, plan->cell_count);
        if (cell->base >= 0) {
            const struct cell *base = &plan->cell[cell->base];
            assert_int_equal(base->threads, 1);
            assert_string_equal(base->scaling, cell->scaling);
            assert_string_equal(base->placement, cell->placement);
            assert_string_equal(base->side, cell->side);
        }
        if (cell->serial >= 0) {
            assert_true(plan->cell[cell->serial].serial_base);
            assert_string_equal(plan->cell[cell->serial].scaling, cell->scaling);
            assert_string_equal(plan->cell[cell->serial].side, cell->side);
        }
        for (int k = 0; k < cell->ceiling_count; k++) {
            assert_in_range(cell->ceiling[k], 0, plan->cell_count - 1);
            assert_true(plan->cell[cell->ceiling[k]].is_reference);
            assert_int_equal(plan->cell[cell->ceiling[k]].threads, cell->threads);
            assert_string_equal(plan->cell[cell->ceiling[k]].placement, cell->placement);
        }
    }
}

/* ---- tests ---- */

static void both_scalings_have_rows_and_bases_of_their_own(void **state)
{
    (void)state;
    struct plan_request request = request_for(spread, both);
    struct plan plan = {0};
    assert_int_equal(plan_make(&request, &machine, &workers, &plan, &error), STATUS_OK);
    /* 1, 2, 4 threads and the serial base. */
    assert_int_equal(count_cells(&plan, "work", "strong", ""), 4);
    assert_int_equal(count_cells(&plan, "work", "weak", ""), 4);
    for (int c = 0; c < plan.cell_count; c++) {
        const struct cell *cell = &plan.cell[c];
        char shape[32];
        snprintf(shape, sizeof shape, "n=%d", strcmp(cell->scaling, "weak") == 0 ? 8 * cell->threads : 8);
        assert_string_equal(cell->shape, shape);
    }
    ids_lead_somewhere(&plan);
    plan_free(&plan);
}

static void a_pair_has_two_sides_and_each_ceiling_once(void **state)
{
    (void)state;
    struct plan_request a = request_for(spread, strong), b = request_for(packed, strong);
    struct plan same = {0}, other = {0};
    b.threads = "1"; /* the thread counts are those of the first */
    assert_int_equal(plan_make_pair(&a, &a, &machine, &workers, &same, &error), STATUS_OK);
    assert_int_equal(count_cells(&same, "work", "strong", "A"), 4);
    assert_int_equal(count_cells(&same, "work", "strong", "B"), 4);
    assert_int_equal(count_cells(&same, "roof", "strong", ""), 3);
    assert_int_equal(same.cell_count, 11);
    ids_lead_somewhere(&same);

    assert_int_equal(plan_make_pair(&a, &b, &machine, &workers, &other, &error), STATUS_OK);
    assert_int_equal(count_cells(&other, "work", "strong", "B"), 4);
    assert_int_equal(count_cells(&other, "roof", "strong", ""), 6); /* elsewhere, so measured there */
    ids_lead_somewhere(&other);
    plan_free(&same);
    plan_free(&other);
}

static void a_pair_is_refused_for_what_is_wrong_on_either_side(void **state)
{
    (void)state;
    char *nowhere[] = {"nowhere", NULL};
    struct plan_request good = request_for(spread, strong), bad = request_for(nowhere, strong);
    struct plan plan = {0};
    assert_int_equal(plan_make_pair(&bad, &good, &machine, &workers, &plan, &error), STATUS_USAGE);
    assert_int_equal(plan_make_pair(&good, &bad, &machine, &workers, &plan, &error), STATUS_USAGE);
    assert_non_null(strstr(error.text, "nowhere"));
    assert_null(plan.cell);
}

static struct cell placed(const char *topology_text, const char *placement, int threads)
{
    struct machine made;
    struct cell cell = {.placement = (char *)placement, .threads = threads};
    if (machine_discover(topology_text, &made, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    plan_place_cell(&made.topology, &cell);
    free(cell.pus);
    machine_free(&made);
    return cell;
}

static void shares(struct cell cell, int cores, int sharing, int classes, int domains)
{
    assert_int_equal(cell.cores, cores);
    assert_int_equal(cell.sharing, sharing);
    assert_int_equal(cell.classes, classes);
    assert_int_equal(cell.domains, domains);
}

static void cells_know_what_their_threads_share(void **state)
{
    (void)state;
    const char *two_domains = "pack:2 [numa] core:2 pu:2";
    shares(placed(two_domains, "spread", 1), 1, 1, 1, 1);
    shares(placed(two_domains, "spread", 2), 2, 1, 1, 2);
    shares(placed(two_domains, "compact", 2), 2, 1, 1, 1);
    shares(placed(two_domains, "packed", 2), 1, 2, 1, 1);
    shares(placed(two_domains, "spread", 8), 4, 2, 1, 2);
    shares(placed(two_domains, "one-pu", 3), 1, 3, 1, 1);
    shares(placed(two_domains, "unbound", 3), 0, 0, 0, 0); /* unknown */
}

static void without_core_objects_nothing_is_claimed_of_cores(void **state)
{
    (void)state;
    shares(placed("pack:1 pu:4", "spread", 4), 0, 0, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_scalings_have_rows_and_bases_of_their_own),
        cmocka_unit_test(a_pair_has_two_sides_and_each_ceiling_once),
        cmocka_unit_test(a_pair_is_refused_for_what_is_wrong_on_either_side),
        cmocka_unit_test(cells_know_what_their_threads_share),
        cmocka_unit_test(without_core_objects_nothing_is_claimed_of_cores),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
