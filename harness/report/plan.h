/* A plan as it is shown: what --dry-run prints. The caller fills it in from whatever made the plan; nothing
 * here plans. */
#ifndef ACELERA_REPORT_PLAN_H
#define ACELERA_REPORT_PLAN_H

#include "harness/base/cell.h"
#include "harness/machine/topology.h"

#include <stdbool.h>
#include <stdio.h>

/* All pointers are the caller's. */
struct plan_view {
    const struct topology *topology;
    const struct ladder_point *point; /* the thread counts, with reasons */
    int point_count;
    const struct cell *cell;
    int cell_count;
    const struct skipped_cell *skipped;
    int skipped_count;
    bool comparable; /* false: the size depends on this machine */
    double budget_s, precision;
    int blocks; /* 0: as many as the budget and the precision want */
    unsigned long long seed, order_seed;
};

/* False if the stream is in error. */
bool plan_text_write(FILE *stream, const struct plan_view *plan, int columns);
bool plan_markdown_write(FILE *stream, const struct plan_view *plan);
bool plan_csv_write(FILE *stream, const struct plan_view *plan);
bool plan_json_write(FILE *stream, const struct plan_view *plan); /* schema "acelera/plan/1" */

#endif
