/* The words that name a side of a live comparison. */
#ifndef ACELERA_CELL_SIDES_H
#define ACELERA_CELL_SIDES_H

#include "harness/measure/plan.h"

/* Changes a request as `word` says: a worker's name, or KEY=VALUE[,KEY=VALUE…] with KEY one of worker,
 * placement, type, variant (KERNEL:VARIANT), or KERNEL.KEY as in --set. Whether the values exist is for the
 * planner to say. STATUS_USAGE with a line otherwise. */
enum status compare_side_apply(const char *word, struct plan_request *request, struct error *error);

#endif
