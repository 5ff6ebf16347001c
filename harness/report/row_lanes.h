/* Which recorded iteration stands for a row in pictures of its threads. Refuses to average stamps: a timeline
 * is of one iteration that took place. */
#ifndef ACELERA_ROW_LANES_H
#define ACELERA_ROW_LANES_H

#include "harness/report/summary.h"

/* Of the processes that count, the one whose recorded iteration is nearest to the row's median. NULL: the row
 * has no result, or no process kept its stamps. */
const struct process_record *row_lanes(const struct run_record *record, const struct summary_row *row);

#endif
