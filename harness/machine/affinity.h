/* The CPUs that the calling thread may run on, whatever their number. */
#ifndef ACELERA_AFFINITY_H
#define ACELERA_AFFINITY_H

#include "harness/base/status.h"

struct affinity {
    int *cpu; /* OS indexes, ascending */
    int count;
};

enum status affinity_read(struct affinity *affinity, struct error *error);
void affinity_free(struct affinity *affinity);

#endif
