/* Joins two plans into one, for a comparison inside one run. Compares nothing, and plans nothing itself. */
#include "harness/base/text.h"
#include "harness/measure/plan.h"

#include <stdlib.h>
#include <string.h>

static void set_side(struct plan *plan, char side)
{
    for (int c = 0; c < plan->cell_count; c++)
        plan->cell[c].side[0] = plan->cell[c].is_reference ? '\0' : side;
    for (int s = 0; s < plan->skipped_count; s++)
        plan->skipped[s].cell.side[0] = plan->skipped[s].cell.is_reference ? '\0' : side;
}

static bool same_ceiling(const struct cell *a, const struct cell *b)
{
    return a->is_reference && b->is_reference && a->threads == b->threads &&
           strcmp(a->kernel, b->kernel) == 0 && strcmp(a->variant, b->variant) == 0 &&
           strcmp(a->type, b->type) == 0 && strcmp(a->shape, b->shape) == 0 &&
           strcmp(a->worker, b->worker) == 0 && strcmp(a->placement, b->placement) == 0;
}

/* The new id of each cell of `from`: that of the same ceiling in `into`, or one at the end. */
static int *number_cells(const struct plan *into, const struct plan *from)
{
    int *id = memory_new((size_t)from->cell_count + 1, sizeof *id);
    int next = into->cell_count;
    for (int c = 0; c < from->cell_count; c++) {
        id[c] = -1;
        for (int i = 0; i < into->cell_count && id[c] < 0; i++)
            if (same_ceiling(&into->cell[i], &from->cell[c]))
                id[c] = i;
        if (id[c] < 0)
            id[c] = next++;
    }
    return id;
}

static int renumbered(const int *id, int old)
{
    return old >= 0 ? id[old] : old;
}

static void append_cells(struct plan *into, const struct plan *from)
{
    int *id = number_cells(into, from);
    int had = into->cell_count;
    into->cell = memory_grow(into->cell, (size_t)had + (size_t)from->cell_count, sizeof *into->cell);
    for (int c = 0; c < from->cell_count; c++) {
        if (id[c] < had)
            continue;
        struct cell *cell = &into->cell[into->cell_count++];
        *cell = cell_copy(&from->cell[c]);
        cell->id = id[c];
        cell->base = renumbered(id, cell->base);
        cell->serial = renumbered(id, cell->serial);
        for (int k = 0; k < cell->ceiling_count; k++)
            cell->ceiling[k] = id[cell->ceiling[k]];
    }
    free(id);
}

static void append_skipped(struct plan *into, const struct plan *from)
{
    size_t count = (size_t)into->skipped_count + (size_t)from->skipped_count;
    into->skipped = memory_grow(into->skipped, count, sizeof *into->skipped);
    for (int s = 0; s < from->skipped_count; s++)
        into->skipped[into->skipped_count++] =
            (struct skipped_cell){cell_copy(&from->skipped[s].cell), text_copy(from->skipped[s].why)};
}

enum status plan_make_pair(const struct plan_request *a, const struct plan_request *b,
    const struct machine *machine, const struct worker_list *workers, struct plan *plan, struct error *error)
{
    struct plan left = {0}, right = {0};
    struct plan_request second = *b;
    second.threads = a->threads;
    enum status status = plan_make(a, machine, workers, &left, error);
    if (status == STATUS_OK)
        status = plan_make(&second, machine, workers, &right, error);
    if (status != STATUS_OK) {
        plan_free(&left);
        return status;
    }
    set_side(&left, 'A');
    set_side(&right, 'B');
    append_cells(&left, &right);
    append_skipped(&left, &right);
    left.comparable = left.comparable && right.comparable;
    plan_free(&right);
    *plan = left;
    return STATUS_OK;
}
