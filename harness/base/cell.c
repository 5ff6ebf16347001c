/* Copies, frees and names cells. Decides nothing about them. */
#include "harness/base/cell.h"

#include "harness/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const cell_rate_names[] = {
    [RATE_FLOP] = "flop", [RATE_BYTES] = "bytes", [RATE_CYCLES] = "cycles", [RATE_NONE] = "none"};

const char *cell_rate_unit(enum cell_rate rate)
{
    static const char *const units[] = {
        [RATE_FLOP] = "GFLOP/s", [RATE_BYTES] = "GB/s", [RATE_CYCLES] = "GHz", [RATE_NONE] = NULL};
    return units[rate];
}

double cell_work(const struct cell *cell, enum cell_rate rate)
{
    const double work[] = {
        [RATE_FLOP] = cell->flop, [RATE_BYTES] = cell->bytes, [RATE_CYCLES] = cell->cycles, [RATE_NONE] = 0};
    return work[rate];
}

void cell_free(struct cell *cell)
{
    free(cell->kernel);
    free(cell->variant);
    free(cell->type);
    free(cell->size);
    free(cell->shape);
    free(cell->options);
    free(cell->placement);
    free(cell->scaling);
    free(cell->worker);
    free(cell->reason);
    free(cell->pus);
    *cell = (struct cell){0};
}

struct cell cell_copy(const struct cell *cell)
{
    struct cell copy = *cell;
    copy.kernel = text_copy(cell->kernel);
    copy.variant = text_copy(cell->variant);
    copy.type = text_copy(cell->type);
    copy.size = text_copy(cell->size);
    copy.shape = text_copy(cell->shape);
    copy.options = text_copy(cell->options);
    copy.placement = text_copy(cell->placement);
    copy.scaling = text_copy(cell->scaling);
    copy.worker = text_copy(cell->worker);
    copy.reason = text_copy(cell->reason);
    if (cell->pus != NULL) {
        size_t bytes = (size_t)cell->threads * sizeof *cell->pus;
        copy.pus = memcpy(memory_new(bytes, 1), cell->pus, bytes);
    }
    return copy;
}

char *cell_label(const struct cell *cell, char *buffer, unsigned long size)
{
    snprintf(buffer, size, "%s %s %s %s %s ×%d %s", cell->kernel, cell->variant, cell->type, cell->shape,
        cell->placement, cell->threads, cell->worker);
    return buffer;
}
