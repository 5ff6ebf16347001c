/* Finds the rows that others are measured against. Looks at times only to tell the fastest serial row. */
#include "harness/report/row_bases.h"

#include "harness/base/text.h"
#include "harness/report/cell_order.h"

#include <stdlib.h>
#include <string.h>

static int by_problem_and_time(const void *left, const void *right)
{
    const struct summary_row *a = *(const struct summary_row *const *)left;
    const struct summary_row *b = *(const struct summary_row *const *)right;
    int order = cell_compare_problem(a->cell, b->cell);
    if (order != 0)
        return order;
    order = (a->estimate.median_s > b->estimate.median_s) - (a->estimate.median_s < b->estimate.median_s);
    return order != 0 ? order : a->cell->id - b->cell->id;
}

/* The fastest verified serial row that solves the problem of `planned`. The plan has several only when whole
 * ladders were asked for. */
static const struct summary_row *fastest_serial(
    const struct summary_row *const *serial, size_t count, const struct cell *planned)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cell_compare_problem(serial[middle]->cell, planned) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && cell_compare_problem(serial[low]->cell, planned) == 0 ? serial[low] : NULL;
}

void rows_find_bases(struct summary *summary)
{
    const struct run_record *record = summary->record;
    size_t count = 0;
    const struct summary_row **serial = memory_new((size_t)summary->row_count, sizeof *serial);
    const struct summary_row **row_of = memory_new((size_t)record->cell_count, sizeof *row_of);
    for (int i = 0; i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        row_of[row->cell->id] = row;
        if (row->cell->serial_base && row->verified)
            serial[count++] = row;
    }
    qsort(serial, count, sizeof *serial, by_problem_and_time);
    for (int i = 0; i < summary->row_count; i++) {
        struct summary_row *row = &summary->row[i];
        const struct cell *cell = row->cell;
        int base = cell->serial_base ? cell->id : cell->base,
            planned = cell->serial_base ? cell->id : cell->serial;
        row->base = base >= 0 && row_of[base] != NULL && row_of[base]->verified ? row_of[base] : NULL;
        row->serial = planned >= 0 ? fastest_serial(serial, count, &record->cell[planned]) : NULL;
    }
    free(serial);
    free(row_of);
}

/* Rungs are planned one after the other, so the rung below is the last verified one with another name. */
void rows_find_rungs(struct summary *summary)
{
    for (int i = 0; i < summary->row_count; i++) {
        struct summary_row *row = &summary->row[i];
        for (int b = 0; b < summary->row_count; b++) {
            const struct summary_row *other = &summary->row[b];
            if (other->verified && other->cell->threads == row->cell->threads &&
                other->cell->id < row->cell->id && cell_same_ladder(other->cell, row->cell) &&
                strcmp(other->cell->variant, row->cell->variant) != 0 &&
                (row->below == NULL || other->cell->id > row->below->cell->id))
                row->below = other;
        }
    }
}
