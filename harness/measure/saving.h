/* The results of a run as files: each problem is solved once more, checked, and written by a worker. */
#ifndef ACELERA_SAVING_H
#define ACELERA_SAVING_H

#include "harness/measure/plan.h"

/* One worker for each (kernel, variant, type) that was asked for. Each line of theirs (the path of a file
 * that is now there, or that there is nothing to save) goes to `hear`. The folder must exist. The first
 * failure ends it: STATUS_UNVERIFIED for a wrong result, STATUS_INTERRUPTED, else STATUS_FAILED. */
enum status saving_run(const struct plan_request *request, const struct plan *plan,
    const struct machine *machine, const struct worker_list *workers, const char *folder,
    void (*hear)(void *context, const char *line), void *context, struct error *error);

#endif
