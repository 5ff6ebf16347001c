/* Puts the plan together: workers × kernels × variants × types × scalings × placements × thread counts, in
 * the order of the report's rows, each cell with its base, its cost and the reason why it is there. */
#include "harness/measure/plan.h"
#include "harness/base/text.h"
#include "harness/measure/plan_parts.h"

#include <stdlib.h>
#include <string.h>

enum { CROWD = 8 }; /* threads per usable PU that one-pu and unbound may ask for */

/* ---- cells ---- */

/* What the cells of one (kernel, variant, type, worker, scaling) have in common. */
struct series {
    const struct plan_kernel *kernel;
    const char *variant, *type, *scaling;
    const struct worker *worker;
    int serial; /* id of the serial cell, −1 */
};

/* A cell without its cost. STATUS_USAGE if its shape overflows. */
static enum status make_cell(struct planner *planner, const struct series *series, const char *placement,
    int threads, const char *reason, struct cell *cell)
{
    const struct machine *machine = planner->machine;
    char *shape = plan_shape_text(series->kernel, strcmp(series->scaling, "weak") == 0, threads);
    if (shape == NULL)
        return error_set(planner->error, STATUS_USAGE,
            "%s: the shape overflows at %d threads under --scaling weak", series->kernel->kernel->name,
            threads);
    *cell = (struct cell){
        .id = planner->plan.cell_count,
        .kernel = text_copy(series->kernel->kernel->name),
        .variant = text_copy(series->variant),
        .type = text_copy(series->type),
        .size = text_copy(series->kernel->size),
        .shape = shape,
        .options = text_copy(series->kernel->options),
        .placement = text_copy(placement),
        .scaling = text_copy(series->scaling),
        .worker = text_copy(series->worker->name),
        .threads = threads,
        .base = -1,
        .serial = series->serial,
        .rate = series->kernel->kernel->rate,
        .beyond_quota = machine->cpu_quota > 0 && threads > machine->cpu_quota,
        .reason = text_copy(reason),
    };
    plan_place_cell(&machine->topology, cell);
    return STATUS_OK;
}

int plan_append_cell(struct planner *planner, struct cell *cell, const struct worker_cost *cost)
{
    struct plan *plan = &planner->plan;
    size_t count = (size_t)plan->cell_count + 1;
    cell->id = plan->cell_count++;
    plan->cell = memory_grow(plan->cell, count, sizeof *cell);
    planner->cost = memory_grow(planner->cost, count, sizeof *cost);
    plan->cell[cell->id] = *cell;
    planner->cost[cell->id] = *cost;
    return cell->id;
}

void plan_skip_cell(struct planner *planner, struct cell *cell, const char *why)
{
    struct plan *plan = &planner->plan;
    plan->skipped = memory_grow(plan->skipped, (size_t)plan->skipped_count + 1, sizeof *plan->skipped);
    plan->skipped[plan->skipped_count++] = (struct skipped_cell){*cell, text_copy(why)};
}

/* Adds a cell and returns its id through `id`. */
static enum status add_cell(struct planner *planner, const struct series *series, const char *placement,
    int threads, const char *reason, int *id)
{
    struct cell cell;
    enum status status = make_cell(planner, series, placement, threads, reason, &cell);
    if (status != STATUS_OK)
        return status;
    struct worker_cost cost;
    status = plan_price_cell(planner, series->worker, &cell, &cost);
    if (status != STATUS_OK) {
        cell_free(&cell);
        return status;
    }
    cell.serial_base = strcmp(series->worker->runtime, "serial") == 0;
    *id = plan_append_cell(planner, &cell, &cost);
    return STATUS_OK;
}

/* One line of cells: every placement at every thread count, after the base of each placement. */
static enum status add_series(struct planner *planner, const struct series *series)
{
    enum status status = STATUS_OK;
    for (char **placement = planner->request->placements; *placement != NULL; placement++) {
        int base = -1;
        for (int p = 0; p < planner->plan.point_count && status == STATUS_OK; p++) {
            const struct ladder_point *point = &planner->plan.point[p];
            int id;
            status = add_cell(planner, series, *placement, point->threads, point->reason, &id);
            if (status != STATUS_OK)
                return status;
            if (point->threads == 1)
                base = id;
            planner->plan.cell[id].base = base;
        }
    }
    return status;
}

static const char serial_reason[] = "serial build: base of speedup_vs_serial";

/* Says once that a level has no serial build. */
static enum status skip_serial(struct planner *planner, const struct series *series)
{
    struct cell cell;
    enum status status = make_cell(planner, series, planner->request->placements[0], 1, serial_reason, &cell);
    if (status != STATUS_OK)
        return status;
    for (int s = 0; s < planner->plan.skipped_count; s++) {
        const struct cell *other = &planner->plan.skipped[s].cell;
        if (strcmp(other->reason, serial_reason) == 0 && strcmp(other->kernel, cell.kernel) == 0 &&
            strcmp(other->type, cell.type) == 0 && strcmp(other->worker, cell.worker) == 0) {
            cell_free(&cell);
            return STATUS_OK;
        }
    }
    plan_skip_cell(planner, &cell, "no serial build of this worker was found: no speedup_vs_serial");
    return STATUS_OK;
}

/* The serial cell of a variant at this level and scaling: found, or added. −1 where there is no serial
 * worker. */
static enum status serial_cell(struct planner *planner, struct series series, int *id)
{
    const struct worker *serial = worker_list_serial_of(planner->workers, series.worker);
    *id = -1;
    if (serial == NULL || worker_kernel_named(serial, series.kernel->kernel->name) == NULL)
        return skip_serial(planner, &series);
    for (int c = 0; c < planner->plan.cell_count; c++) {
        const struct cell *cell = &planner->plan.cell[c];
        if (cell->serial_base && strcmp(cell->worker, serial->name) == 0 &&
            strcmp(cell->kernel, series.kernel->kernel->name) == 0 &&
            strcmp(cell->variant, series.variant) == 0 && strcmp(cell->type, series.type) == 0 &&
            strcmp(cell->scaling, series.scaling) == 0) {
            *id = c;
            return STATUS_OK;
        }
    }
    series.worker = serial;
    series.serial = -1;
    enum status status = add_cell(planner, &series, planner->request->placements[0], 1, serial_reason, id);
    if (status == STATUS_OK)
        planner->plan.cell[*id].serial = *id;
    return status;
}

static const char *default_variant(const struct worker_kernel *kernel)
{
    for (int v = 0; v < kernel->variant_count; v++)
        if (kernel->variant[v].is_default)
            return kernel->variant[v].name;
    return kernel->variant[kernel->variant_count - 1].name;
}

/* A variant that cannot run here is left out of a ladder with its reason; asked for by name, it is refused.
 */
static enum status skip_unavailable(struct planner *planner, const struct series *series, bool *skipped)
{
    *skipped = false;
    for (int p = 0; p < planner->plan.point_count; p++) {
        const struct ladder_point *point = &planner->plan.point[p];
        struct cell cell;
        struct worker_cost cost = {.unavailable = ""};
        enum status status =
            make_cell(planner, series, planner->request->placements[0], point->threads, point->reason, &cell);
        if (status != STATUS_OK)
            return status;
        status = plan_price_cell(planner, series->worker, &cell, &cost);
        if (status == STATUS_OK && cost.unavailable[0] != '\0' && !planner->request->all_variants)
            status = error_set(planner->error, STATUS_USAGE, "--kernel %s:%s (%.200s): %s", cell.kernel,
                cell.variant, cell.options, cost.unavailable);
        if (status == STATUS_OK && cost.unavailable[0] == '\0') {
            cell_free(&planner->probed);
            planner->probed = cell; /* its series begins with the same question */
            planner->probed_cost = cost;
            return STATUS_OK;
        }
        if (status != STATUS_OK) {
            cell_free(&cell);
            return status;
        }
        plan_skip_cell(planner, &cell, cost.unavailable);
        *skipped = true;
    }
    return STATUS_OK;
}

/* Adds the cells of one variant: its serial base (of the default variant, unless the whole ladder runs) and
 * its series. */
static enum status add_variant(
    struct planner *planner, const struct plan_kernel *kernel, struct series series)
{
    struct series base = series;
    base.variant = default_variant(kernel->kernel);
    bool skipped;
    enum status status = skip_unavailable(planner, &series, &skipped);
    if (status != STATUS_OK || skipped)
        return status;
    int own = -1;
    bool serial_only = strcmp(series.worker->runtime, "serial") == 0;
    if (planner->request->all_variants || serial_only)
        status = serial_cell(planner, series, &own);
    if (status == STATUS_OK)
        status = serial_cell(planner, base, &series.serial);
    if (status == STATUS_OK && !serial_only)
        status = add_series(planner, &series);
    return status;
}

/* ---- the whole ---- */

static enum status plan_points(struct planner *planner, bool crowded)
{
    const struct topology *topology = &planner->machine->topology;
    int most = crowded ? CROWD * topology->usable_pus : topology->usable_pus;
    return plan_threads(planner->request->threads, topology, most, &planner->plan.point,
        &planner->plan.point_count, planner->error);
}

/* Every type, worker and scaling of one variant. */
static enum status add_variants(
    struct planner *planner, const struct plan_kernel *kernel, const char *variant)
{
    enum status status = STATUS_OK;
    for (char **type = planner->request->types; *type != NULL; type++)
        for (int w = 0; w < planner->worker_count; w++)
            for (char **scaling = planner->request->scalings; *scaling != NULL && status == STATUS_OK;
                 scaling++)
                status = add_variant(planner, kernel,
                    (struct series){.kernel = kernel,
                        .variant = variant,
                        .type = *type,
                        .scaling = *scaling,
                        .worker = planner->worker[w]});
    return status;
}

static enum status plan_cells(struct planner *planner)
{
    enum status status = STATUS_OK;
    for (int k = 0; k < planner->kernel_count && status == STATUS_OK; k++) {
        struct plan_kernel *kernel = &planner->kernel[k];
        if (strcmp(kernel->size, "auto") == 0)
            status = plan_grow_shape(planner, kernel);
        for (int v = 0; v < kernel->variant_count && status == STATUS_OK; v++)
            status = add_variants(planner, kernel, kernel->variant[v]->name);
    }
    return status;
}

enum status plan_make(const struct plan_request *request, const struct machine *machine,
    const struct worker_list *workers, struct plan *plan, struct error *error)
{
    struct planner planner = {.request = request, .machine = machine, .workers = workers, .error = error};
    bool crowded;
    enum status status = plan_check_placements(request, &crowded, error);
    if (status == STATUS_OK)
        status = plan_check_scalings(request, error);
    if (status == STATUS_OK)
        status = plan_points(&planner, crowded);
    if (status == STATUS_OK)
        status = plan_choose_workers(&planner);
    if (status == STATUS_OK)
        status = plan_kernels(request, planner.worker[0], &planner.kernel, &planner.kernel_count, error);
    if (status == STATUS_OK)
        status = plan_check_workers(&planner);
    if (status == STATUS_OK)
        status = plan_cells(&planner);
    if (status == STATUS_OK)
        plan_add_ceilings(&planner);
    planner.plan.comparable = strcmp(request->size, "auto") != 0;
    plan_kernels_free(planner.kernel, planner.kernel_count);
    free(planner.worker);
    free(planner.cost);
    cell_free(&planner.probed);
    if (status != STATUS_OK)
        plan_free(&planner.plan);
    else
        *plan = planner.plan;
    return status;
}

void plan_free(struct plan *plan)
{
    for (int c = 0; c < plan->cell_count; c++)
        cell_free(&plan->cell[c]);
    for (int s = 0; s < plan->skipped_count; s++) {
        cell_free(&plan->skipped[s].cell);
        free(plan->skipped[s].why);
    }
    free(plan->cell);
    free(plan->skipped);
    free(plan->point);
    *plan = (struct plan){0};
}
