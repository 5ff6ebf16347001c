/* The end of every run and of every `report`: read the run directory back, write its derived files, print. */
#ifndef ACELERA_OUTCOME_H
#define ACELERA_OUTCOME_H

#include "harness/commands/output.h"

#include <stdbool.h>

/* Everything printed and written comes from the directory alone. The status is the run's own by what it
 * holds: 130, 3 or 1. as_interrupted: a run without an end counts as interrupted; else, where the caller
 * knows better, as failed. A directory that cannot be read, or files that cannot be written, are
 * STATUS_FAILED with a line; what can be printed is printed first. output: NULL prints nothing. */
enum status outcome_report(
    const char *directory, bool as_interrupted, const struct output *output, struct error *error);

#endif
