/* Readings of the environment that numbers depend on. Reads only; what cannot be read is absent. */
#ifndef ACELERA_FACTS_H
#define ACELERA_FACTS_H

#include "harness/machine/machine.h"

/* Appends to the machine's facts. `root` is "" or a recorded tree; pu: the CPU whose governor is asked for.
 */
void facts_read(const char *root, int pu, struct machine *machine);

/* "model name" of /proc/cpuinfo, or NULL. The caller frees. */
char *facts_read_cpu_model(const char *root);

/* The interface version of the hwloc that is loaded; it does not tell its own. */
void facts_add_hwloc(struct machine *machine);

#endif
