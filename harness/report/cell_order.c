/* Compares cells and sorts rows. Looks at what was planned only, never at a time. */
#include "harness/report/cell_order.h"

#include "harness/base/text.h"

#include <stdlib.h>
#include <string.h>

enum attribute { SIDE, KERNEL, VARIANT, TYPE, SIZE, OPTIONS, SCALING, LEVEL, WORKER, PLACEMENT, ATTRIBUTES };

static size_t level_length(const char *worker)
{
    const char *dash = strrchr(worker, '-');
    return dash != NULL ? (size_t)(dash - worker) : strlen(worker);
}

static int compare_levels(const char *a, const char *b)
{
    size_t length_a = level_length(a), length_b = level_length(b);
    int order = memcmp(a, b, length_a < length_b ? length_a : length_b);
    return order != 0 ? order : (length_a > length_b) - (length_a < length_b);
}

static int compare_attribute(const struct cell *a, const struct cell *b, enum attribute attribute)
{
    switch (attribute) {
    case SIDE:
        return strcmp(a->side, b->side);
    case KERNEL:
        return strcmp(a->kernel, b->kernel);
    case VARIANT:
        return strcmp(a->variant, b->variant);
    case TYPE:
        return strcmp(a->type, b->type);
    case SIZE:
        return strcmp(a->size, b->size);
    case OPTIONS:
        return strcmp(a->options, b->options);
    case SCALING:
        return strcmp(a->scaling, b->scaling);
    case LEVEL:
        return compare_levels(a->worker, b->worker);
    case WORKER:
        return strcmp(a->worker, b->worker);
    default:
        return strcmp(a->placement, b->placement);
    }
}

int cell_compare_problem(const struct cell *a, const struct cell *b)
{
    static const enum attribute same[] = {KERNEL, TYPE, OPTIONS, LEVEL};
    int order = strcmp(a->shape, b->shape);
    for (size_t i = 0; i < sizeof same / sizeof *same && order == 0; i++)
        order = compare_attribute(a, b, same[i]);
    return order;
}

bool cell_same_table(const struct cell *a, const struct cell *b)
{
    static const enum attribute same[] = {SIDE, KERNEL, VARIANT, TYPE, SIZE, OPTIONS, SCALING, LEVEL};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (compare_attribute(a, b, same[i]) != 0)
            return false;
    return a->serial_base || b->serial_base || strcmp(a->worker, b->worker) == 0;
}

bool cell_same_ladder(const struct cell *a, const struct cell *b)
{
    static const enum attribute same[] = {SIDE, KERNEL, TYPE, SIZE, OPTIONS, SCALING, WORKER, PLACEMENT};
    if (a->serial_base != b->serial_base || a->is_reference != b->is_reference)
        return false;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (compare_attribute(a, b, same[i]) != 0)
            return false;
    return true;
}

/* All attributes up to and with `last`: a name is ranked among those beside it, not across kernels. */
static int compare_up_to(const struct cell *a, const struct cell *b, enum attribute last)
{
    int order = 0;
    for (enum attribute i = SIDE; i <= last && order == 0; i++)
        order = compare_attribute(a, b, i);
    return order;
}

/* A row with the rank of each of its names: the smallest id of a cell that shares the names up to there. A
 * serial base gives the rank only where nothing else does, for the plan may put it before its turn. */
struct ranked_row {
    struct summary_row row;
    int rank[ATTRIBUTES];
};

static int by_names_and_id(const void *left, const void *right, void *last)
{
    const struct cell *a = ((const struct ranked_row *)left)->row.cell;
    const struct cell *b = ((const struct ranked_row *)right)->row.cell;
    int order = compare_up_to(a, b, *(const enum attribute *)last);
    if (order == 0)
        order = a->serial_base - b->serial_base;
    return order != 0 ? order : a->id - b->id;
}

static int by_rank(const void *left, const void *right)
{
    const struct ranked_row *a = left, *b = right;
    const struct cell *x = a->row.cell, *y = b->row.cell;
    for (int i = 0; i < ATTRIBUTES; i++) {
        if (i == WORKER && x->serial_base != y->serial_base)
            return x->serial_base ? -1 : 1;
        if (a->rank[i] != b->rank[i])
            return a->rank[i] - b->rank[i];
    }
    return x->threads != y->threads ? x->threads - y->threads : x->id - y->id;
}

void rows_sort(struct summary *summary)
{
    size_t count = (size_t)summary->row_count;
    struct ranked_row *ranked = memory_new(count, sizeof *ranked);
    for (size_t i = 0; i < count; i++)
        ranked[i].row = summary->row[i];
    for (enum attribute last = SIDE; last < ATTRIBUTES; last++) {
        qsort_r(ranked, count, sizeof *ranked, by_names_and_id, &last);
        for (size_t i = 0; i < count; i++) {
            const struct cell *cell = ranked[i].row.cell;
            bool same = i > 0 && compare_up_to(ranked[i - 1].row.cell, cell, last) == 0;
            ranked[i].rank[last] = same ? ranked[i - 1].rank[last] : cell->id;
        }
    }
    qsort(ranked, count, sizeof *ranked, by_rank);
    /* Ceilings that are only referred to come last, in the same order. */
    size_t next = 0;
    for (int reference = 0; reference <= 1; reference++)
        for (size_t i = 0; i < count; i++)
            if (ranked[i].row.cell->is_reference == (reference == 1))
                summary->row[next++] = ranked[i].row;
    free(ranked);
}
