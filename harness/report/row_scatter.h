/* What the samples of a row say beside its median: how they scatter, which were disturbed. Private to the
 * making of a summary. */
#ifndef ACELERA_ROW_SCATTER_H
#define ACELERA_ROW_SCATTER_H

#include "harness/report/row_verdict.h"

/* Fills rate_total, marks and scatter of a verified row, and of its diagnosis imbalance_s, off_cpu_s and
 * throttled_s; all unknown for any other row. */
void row_scatter_make(
    struct summary_row *row, const struct run_record *record, const struct counted_processes *counted);

/* The quiet level of a cell, from its pilot (NULL: 0), and what it says of one timed iteration. Not for teams
 * of more threads than PUs. */
double process_quiet_level(const struct process_record *pilot);
bool process_sample_is_marked(const struct process_record *process, size_t i, double level);

/* The PUs of the team, each counted once; 0 unknown. */
int cell_distinct_pus(const struct cell *cell);
/* More threads than PUs: they wait for each other, and that is no disturbance. */
bool cell_is_oversubscribed(const struct cell *cell, const struct run_record *record);

#endif
