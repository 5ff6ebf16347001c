/* Sorts the rows of all runs by their keys, so that what belongs together stands together: a sweep may have
 * thousands of rows, and a comparison dozens of runs. */
#include "harness/report/compare_group.h"

#include "harness/base/cell_keys.h"

#include <stdlib.h>
#include <string.h>

/* ---- sorting ---- */

static int by_key(const void *left, const void *right, unsigned ignored)
{
    const struct compare_entry *a = left, *b = right;
    if (a->only_base != b->only_base)
        return a->only_base - b->only_base;
    return cells_compare(a->row->cell, b->row->cell, ignored);
}

/* Sides that two recorded live runs have are keys like any other. */
static int by_key_and_recorded_side(const void *left, const void *right)
{
    const struct compare_entry *a = left, *b = right;
    int order = by_key(a, b, 0);
    return order != 0 ? order : strcmp(a->row->cell->side, b->row->cell->side);
}

struct key_order {
    bool live;
    unsigned ignored;
};

static int same_row(const void *left, const void *right, const struct key_order *order)
{
    return order->live ? by_key(left, right, order->ignored) : by_key_and_recorded_side(left, right);
}

static int by_row_side_and_order(const void *left, const void *right, void *key_order)
{
    const struct compare_entry *a = left, *b = right;
    int order = same_row(a, b, key_order);
    if (order == 0)
        order = (int)a->side - (int)b->side;
    return order != 0 ? order : a->order - b->order;
}

static int first_order(const struct compare_group *group)
{
    int first = group->entry[0].order;
    for (int i = 1; i < group->count; i++)
        first = group->entry[i].order < first ? group->entry[i].order : first;
    return first;
}

static int by_first_order(const void *left, const void *right)
{
    return first_order(left) - first_order(right);
}

static int gather(const struct comparison *comparison, bool ceilings, struct compare_entry *entry)
{
    int count = 0;
    for (int r = 0; r < comparison->run_count; r++) {
        const struct compared_run *run = &comparison->run[r];
        const struct summary *summary = &run->summary;
        struct cell_sides sides;
        cell_sides_of(run->record.cell, run->record.cell_count, &sides);
        int first = ceilings ? summary->row_count : 0;
        int last = ceilings ? first + summary->ceiling_count : summary->row_count;
        for (int i = first; i < last; i++, count++) {
            const struct summary_row *row = &summary->row[i];
            enum cell_side side = comparison->live ? cell_side_of(row->cell) : run->side;
            entry[count] = (struct compare_entry){.run = run,
                .row = row,
                .side = side,
                .only_base = comparison->live && cell_is_only_base(&sides, row->cell),
                .order = count};
        }
    }
    return count;
}

void compare_groups_make(const struct comparison *comparison, bool ceilings, struct compare_groups *groups)
{
    struct key_order order = {comparison->live, comparison->ignored};
    size_t most = 0;
    for (int r = 0; r < comparison->run_count; r++)
        most +=
            (size_t)comparison->run[r].summary.row_count + (size_t)comparison->run[r].summary.ceiling_count;
    struct compare_entry *entry = memory_new(most, sizeof *entry);
    int count = gather(comparison, ceilings, entry);
    *groups = (struct compare_groups){.entry = entry, .group = memory_new(most, sizeof *groups->group)};
    qsort_r(entry, (size_t)count, sizeof *entry, by_row_side_and_order, &order);
    for (int i = 0; i < count; i++) {
        if (i == 0 || same_row(&entry[i - 1], &entry[i], &order) != 0)
            groups->group[groups->count++].entry = &entry[i];
        groups->group[groups->count - 1].count++;
    }
    qsort(groups->group, (size_t)groups->count, sizeof *groups->group, by_first_order);
}

void compare_groups_free(struct compare_groups *groups)
{
    free(groups->entry);
    free(groups->group);
    *groups = (struct compare_groups){0};
}
