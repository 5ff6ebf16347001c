/* How cells compare: what makes two of them the same problem, and in which order rows stand. */
#ifndef ACELERA_CELL_ORDER_H
#define ACELERA_CELL_ORDER_H

#include "harness/report/summary.h"

/* Total order whose equals solve the same problem with the same instruction set: kernel, type, shape, options
 * and the level of the worker (its name without the runtime). */
int cell_compare_problem(const struct cell *a, const struct cell *b);

/* Equals belong under one heading: rows that differ in placement and threads only, and their serial row. */
bool cell_same_table(const struct cell *a, const struct cell *b);

/* Equals are rungs of one ladder, at any number of threads: they differ in variant and threads only. */
bool cell_same_ladder(const struct cell *a, const struct cell *b);

/* Sorts rows: kernel, variant, type, size, options, scaling, level; serial first, then worker, placement,
 * threads. Names stand in the order in which the plan has them, so a ladder of variants stays a ladder.
 * Ceilings that are only referred to come last. */
void rows_sort(struct summary *summary);

#endif
