/* Can this CPU run the kernels of this worker? Asked by baseline code, before any kernel runs, so that a
 * worker on the wrong CPU refuses in words. */
#ifndef ACELERA_CPU_H
#define ACELERA_CPU_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the missing features, separated by spaces, into `missing` ("" if there is none). A feature that this
 * table does not know counts as missing. Returns whether the CPU has them all. */
bool cpu_has_features(const char *const *needed, char *missing, size_t size);

#endif
