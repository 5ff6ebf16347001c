/* What a person's own table means for the plan. Internal to the planner. */
#ifndef ACELERA_PLAN_TABLE_H
#define ACELERA_PLAN_TABLE_H

#include "harness/measure/plan_parts.h"

#include <stdbool.h>

/* STATUS_USAGE if a kernel takes no table, or not one with these numbers. */
enum status plan_check_table(const struct plan_request *request, const struct worker *worker,
    const struct plan_kernel *kernels, int count, struct error *error);

/* Is this extent the table's to give? */
bool plan_table_gives(const struct worker_kernel *kernel, const char *key);

/* Gives the extents; the size of the problem is then called "data". */
void plan_take_table(const struct data_table *table, struct plan_kernel *entry);

#endif
