/* Findings, as the doctor writes them down. */
#ifndef ACELERA_FINDING_H
#define ACELERA_FINDING_H

#include "harness/machine/machine.h"

/* Appends a copy; `format` and what follows make `found`, without control characters. */
void finding_add(struct machine *machine, const char *id, enum finding_severity severity, const char *effect,
    const char *remedy, const char *format, ...) __attribute__((format(printf, 6, 7)));

#endif
