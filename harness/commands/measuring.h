/* What all commands that measure do alike once a run directory stands: measure into it, then report it. */
#ifndef ACELERA_MEASURING_H
#define ACELERA_MEASURING_H

#include "harness/commands/output.h"
#include "harness/measure/supervisor.h"
#include "harness/store/run_directory.h"

#include <stdbool.h>

/* Reports a run directory; statuses are as outcome_report() (outcome.h) has them. */
typedef enum status measuring_report(
    const void *context, const char *directory, bool as_interrupted, struct error *error);
/* The speedup table and its files; the context is a struct output. */
measuring_report measuring_report_outcome;

/* Every line goes into the directory; then everything that is in it is reported. The status is that of the
 * measuring, or of what was measured. *measured: how the measuring itself ended. */
enum status measuring_run(struct run_directory *directory, const struct run_facts *facts,
    const struct supervisor_past *past, measuring_report *report, const void *context, enum status *measured,
    struct error *error);

/* "NAME=VALUE" of every inherited variable of a kind (child_environment.h), NULL-terminated; the entries are
 * not owned. */
char **inherited_variables(bool (*is_of_kind)(const char *variable));

#endif
