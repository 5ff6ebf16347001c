/* The ceilings that cells refer to become cells themselves: measured in the same blocks, at the same worker,
 * threads and places, and type unless they name another. Decides nothing about what bounds a problem: its
 * worker says that. */
#include "harness/base/text.h"
#include "harness/measure/plan_parts.h"

#include <stdlib.h>
#include <string.h>

static const char reference_reason[] = "ceiling of the rows beside it";
enum { CLASS_WITHOUT_NAME = 2 }; /* medium: for --size auto and a person's own table */

/* The extents of the class that the run has, but for the first one where the problem asks for another. */
static char *shape_of(const struct planner *planner, const struct worker_kernel *kernel, int64_t extent)
{
    int class = CLASS_WITHOUT_NAME;
    for (int s = 0; s < SIZE_CLASSES; s++)
        if (strcmp(planner->request->size, size_class_names[s]) == 0)
            class = s;
    struct text text = {0};
    for (int d = 0; d < kernel->dimension_count; d++)
        text_add(&text, "%s%s=%lld", d > 0 ? "," : "", kernel->dimension[d].key,
            (long long)(d == 0 && extent > 0 ? extent : kernel->dimension[d].by_size[class]));
    return text.data;
}

/* Every option at its default. */
static char *options_of(const struct worker_kernel *kernel)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    for (int o = 0; o < kernel->option_count; o++)
        if (kernel->option[o].choice_count > 0)
            text_add(&text, "%s%s=%s", text.length > 0 ? "," : "", kernel->option[o].key,
                kernel->option[o].choices[0]);
    return text.data;
}

/* The id of the cell with this problem on `threads` threads, −1. */
static int find_cell(const struct planner *planner, const struct cell *like, int threads)
{
    for (int c = 0; c < planner->plan.cell_count; c++) {
        const struct cell *cell = &planner->plan.cell[c];
        if (cell->threads == threads && !cell->serial_base && strcmp(cell->kernel, like->kernel) == 0 &&
            strcmp(cell->variant, like->variant) == 0 && strcmp(cell->type, like->type) == 0 &&
            strcmp(cell->shape, like->shape) == 0 && strcmp(cell->worker, like->worker) == 0 &&
            strcmp(cell->placement, like->placement) == 0)
            return c;
    }
    return -1;
}

static struct cell make_cell(const struct planner *planner, const struct worker_kernel *kernel,
    const struct worker_ceiling *ceiling, const struct cell *row)
{
    struct cell cell = cell_copy(row);
    free(cell.kernel);
    free(cell.variant);
    free(cell.size);
    free(cell.shape);
    free(cell.options);
    free(cell.scaling);
    free(cell.reason);
    if (ceiling->type[0] != '\0') {
        free(cell.type);
        cell.type = text_copy(ceiling->type);
    }
    cell.kernel = text_copy(kernel->name);
    cell.variant = text_copy(ceiling->variant);
    cell.size = text_copy(ceiling->extent > 0 ? "own" : planner->request->size);
    cell.shape = shape_of(planner, kernel, ceiling->extent);
    cell.options = options_of(kernel);
    cell.scaling = text_copy("strong");
    cell.reason = text_copy(reference_reason);
    cell.rate = kernel->rate;
    cell.is_reference = true;
    cell.serial_base = false;
    cell.serial = -1;
    cell.ceiling_count = 0;
    return cell;
}

/* The id of a row's ceiling: found, or added. −1, with the reason in `skipped`, where it cannot be measured.
 */
static int ceiling_cell(struct planner *planner, const struct worker_ceiling *ceiling, int row)
{
    const struct worker *worker = worker_list_named(planner->workers, planner->plan.cell[row].worker);
    const struct worker_kernel *kernel = worker_kernel_named(worker, ceiling->kernel);
    if (kernel == NULL)
        return -1; /* a worker of somebody's own, without ceilings */
    struct cell cell = make_cell(planner, kernel, ceiling, &planner->plan.cell[row]);
    int id = find_cell(planner, &cell, cell.threads);
    if (id >= 0) {
        cell_free(&cell);
        return id;
    }
    for (int s = 0; s < planner->plan.skipped_count; s++) {
        const struct cell *other = &planner->plan.skipped[s].cell;
        if (other->is_reference && other->threads == cell.threads &&
            strcmp(other->kernel, cell.kernel) == 0 && strcmp(other->variant, cell.variant) == 0 &&
            strcmp(other->type, cell.type) == 0 && strcmp(other->shape, cell.shape) == 0) {
            cell_free(&cell);
            return -1;
        }
    }
    struct error why = {{0}}, *kept = planner->error;
    struct worker_cost cost;
    planner->error = &why;
    enum status status = plan_price_cell(planner, worker, &cell, &cost);
    planner->error = kept;
    if (status != STATUS_OK || cost.unavailable[0] != '\0') {
        plan_skip_cell(planner, &cell, status != STATUS_OK ? why.text : cost.unavailable);
        return -1;
    }
    id = plan_append_cell(planner, &cell, &cost);
    planner->plan.cell[id].base = find_cell(planner, &planner->plan.cell[id], 1);
    return id;
}

/* The k-th ceiling of a row. */
static void refer(struct planner *planner, int row, int k)
{
    if (k >= planner->cost[row].ceiling_count)
        return;
    struct worker_ceiling ceiling = planner->cost[row].ceiling[k];
    int id = ceiling_cell(planner, &ceiling, row);
    struct cell *cell = &planner->plan.cell[row];
    if (id >= 0)
        cell->ceiling[cell->ceiling_count++] = id;
}

static bool is_serial_build_of(const struct planner *planner, const char *serial, const char *worker)
{
    const struct worker *build =
        worker_list_serial_of(planner->workers, worker_list_named(planner->workers, worker));
    return build != NULL && strcmp(build->name, serial) == 0;
}

/* A serial row runs into the ceilings of the same level's one-thread row. */
static bool borrow(struct planner *planner, struct cell *serial)
{
    for (int c = 0; c < planner->plan.cell_count; c++) {
        const struct cell *cell = &planner->plan.cell[c];
        if (cell->serial_base || cell->threads != 1 || strcmp(cell->kernel, serial->kernel) != 0 ||
            strcmp(cell->variant, serial->variant) != 0 || strcmp(cell->type, serial->type) != 0 ||
            !is_serial_build_of(planner, serial->worker, cell->worker))
            continue;
        memcpy(serial->ceiling, cell->ceiling, sizeof serial->ceiling);
        serial->ceiling_count = cell->ceiling_count;
        return true;
    }
    return false;
}

void plan_add_ceilings(struct planner *planner)
{
    int count = planner->plan.cell_count;
    /* One kind after the other, so that the thread counts of a ceiling follow each other. */
    for (int k = 0; k < CELL_CEILINGS_MAX; k++)
        for (int c = 0; c < count; c++)
            if (!planner->plan.cell[c].serial_base)
                refer(planner, c, k);
    for (int c = 0; c < count; c++)
        if (planner->plan.cell[c].serial_base && !borrow(planner, &planner->plan.cell[c]))
            for (int k = 0; k < CELL_CEILINGS_MAX; k++)
                refer(planner, c, k);
}
