/* What problems take: asked of the workers, compared with the memory and the caches of the machine. */
#include "harness/base/text.h"
#include "harness/data/table.h"
#include "harness/measure/plan_parts.h"

#include <stdlib.h>
#include <string.h>

/* --size auto: the problem is enlarged until it takes this many last-level caches. */
static const double auto_caches = 4;
static const double auto_bytes_without_caches = 256e6;

/* A problem as the person asked for it: "--size huge: matmul f32 m=8192,n=8192,k=8192". The caller frees. */
static char *name_problem(const struct planner *planner, const struct cell *cell)
{
    const struct plan_request *request = planner->request;
    struct text text = {0};
    if (request->data != NULL)
        text_add(&text, "--data %s, ", request->data->path);
    text_add(&text, "%s %s: %s %s %s", request->shape != NULL ? "--shape" : "--size",
        request->shape != NULL ? request->shape : request->size, cell->kernel, cell->type, cell->shape);
    return text.data;
}

static enum status ask_cost(
    struct planner *planner, const struct worker *worker, const struct cell *cell, struct worker_cost *cost)
{
    struct words words = {0};
    struct error why = {{0}};
    words_add_problem(&words, cell, planner->machine);
    enum status status = worker_cost_of(worker, (const char *const *)words.word, cost, &why);
    words_free(&words);
    if (status == STATUS_OK)
        return STATUS_OK;
    char *problem = name_problem(planner, cell);
    error_set(planner->error, status, "%s: %s", problem, why.text);
    free(problem);
    return status;
}

/* The extents of --size auto: doubled together until the problem is far larger than the caches, or would no
 * longer fit the memory. */
enum status plan_grow_shape(struct planner *planner, struct plan_kernel *entry)
{
    double target = auto_caches * (double)planner->machine->llc_total_bytes;
    if (!(target > 0))
        target = auto_bytes_without_caches;
    double most = planner->machine->memory_available_bytes;
    const double step = 8; /* doubling three extents multiplies memory by less than this */
    for (;;) {
        struct worker_cost cost;
        struct cell cell = {.kernel = entry->kernel->name,
            .variant = entry->variant[0]->name,
            .type = planner->request->types[0],
            .shape = plan_shape_text(entry, false, 1),
            .options = entry->options,
            .threads = 1};
        enum status status = ask_cost(planner, planner->worker[0], &cell, &cost);
        free(cell.shape);
        if (status != STATUS_OK)
            return status;
        if (cost.memory_bytes >= target || (most > 0 && step * cost.memory_bytes > most))
            return STATUS_OK;
        bool grew = false;
        for (int d = 0; d < entry->kernel->dimension_count; d++)
            if (entry->kernel->dimension[d].grows) {
                entry->shape[d] *= 2;
                grew = true;
            }
        if (!grew)
            return error_set(planner->error, STATUS_USAGE,
                "--size auto: no extent of %s grows; choose a class", entry->kernel->name);
    }
}

static enum status refuse_memory(const struct planner *planner, const struct cell *cell)
{
    char need[32], have[32];
    text_bytes(cell->memory_bytes, need, sizeof need);
    text_bytes(planner->machine->memory_available_bytes, have, sizeof have);
    char *problem = name_problem(planner, cell);
    enum status status = error_set(planner->error, STATUS_USAGE,
        "%s needs %s, but %s may be used here (see 'acelera topology'): choose a smaller --size or --shape",
        problem, need, have);
    free(problem);
    return status;
}

static bool same_problem(const struct cell *a, const struct cell *b)
{
    return strcmp(a->kernel, b->kernel) == 0 && strcmp(a->variant, b->variant) == 0 &&
           strcmp(a->type, b->type) == 0 && strcmp(a->shape, b->shape) == 0 &&
           strcmp(a->worker, b->worker) == 0 && strcmp(a->scaling, b->scaling) == 0;
}

/* What a problem takes, from an earlier cell with the same one where there is one. */
static enum status ask_or_reuse_cost(
    struct planner *planner, const struct worker *worker, const struct cell *cell, struct worker_cost *cost)
{
    if (planner->probed.kernel != NULL && same_problem(&planner->probed, cell)) {
        *cost = planner->probed_cost;
        return STATUS_OK;
    }
    for (int c = 0; c < planner->plan.cell_count; c++)
        if (same_problem(&planner->plan.cell[c], cell)) {
            *cost = planner->cost[c];
            return STATUS_OK;
        }
    /* Buffers grow with the team: ask for the largest, so that the answer holds for every cell. */
    struct cell largest = *cell;
    if (strcmp(cell->scaling, "strong") == 0)
        largest.threads = planner->plan.point[planner->plan.point_count - 1].threads;
    return ask_cost(planner, worker, &largest, cost);
}

/* Bytes of the last-level caches that the threads of a cell reach; 0 where one of them is unknown. */
static double reached_cache_bytes(const struct topology *topology, const struct cell *cell)
{
    bool *reached = memory_new((size_t)topology->llc_count, sizeof *reached);
    bool known = topology->llc_count > 0;
    for (int p = 0; p < topology->usable_pus; p++) {
        const struct topology_pu *pu = &topology->pu[p];
        bool used = cell->pus == NULL;
        for (int t = 0; cell->pus != NULL && t < cell->threads; t++)
            used = used || cell->pus[t] == pu->os_index;
        if (used && pu->llc >= 0)
            reached[pu->llc] = true;
        known = known && (!used || pu->llc >= 0);
    }
    double bytes = 0;
    for (int c = 0; c < topology->llc_count; c++) {
        known = known && (!reached[c] || topology->llc[c].bytes > 0);
        bytes += reached[c] ? (double)topology->llc[c].bytes : 0;
    }
    free(reached);
    return known ? bytes : 0;
}

enum status plan_price_cell(
    struct planner *planner, const struct worker *worker, struct cell *cell, struct worker_cost *cost)
{
    enum status status = ask_or_reuse_cost(planner, worker, cell, cost);
    if (status != STATUS_OK)
        return status;
    cell->flop = cost->flop;
    cell->bytes = cost->bytes;
    cell->memory_bytes = cost->memory_bytes;
    cell->cycles = cost->cycles;
    cell->regions = cost->regions;
    cell->barriers = cost->barriers;
    double available = planner->machine->memory_available_bytes;
    if (available >= 0 && cell->memory_bytes > available)
        return refuse_memory(planner, cell);
    double cache_bytes = reached_cache_bytes(&planner->machine->topology, cell);
    cell->cache_known = cache_bytes > 0;
    cell->in_cache = cell->cache_known && cell->memory_bytes <= cache_bytes;
    return STATUS_OK;
}
