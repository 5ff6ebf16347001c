/* May this run be carried on here? The blocks of a run are only comparable with each other where nothing
 * about them has changed. */
#ifndef ACELERA_RESUME_CHECKS_H
#define ACELERA_RESUME_CHECKS_H

#include "harness/machine/machine.h"
#include "harness/measure/worker_list.h"
#include "harness/store/run_origin.h"

/* Each is STATUS_FAILED with one line naming what differs, its value then and now, and the way out. */
enum status resume_check_program(const struct run_record *record, struct error *error);
enum status resume_check_machine(const struct run_record *record, const struct run_origin *origin,
    const struct machine *machine, struct error *error);
enum status resume_check_workers(const struct run_record *record, const struct run_origin *origin,
    const struct worker_list *workers, struct error *error);
enum status resume_check_variables(
    const struct run_record *record, const struct run_origin *origin, char *const *kept, struct error *error);

#endif
