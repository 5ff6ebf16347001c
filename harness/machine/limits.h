/* The limits that the kernel puts on this process: affinity, cgroup CPU quota and memory of every ancestor
 * (v1 and v2), available memory. Pure reading of /proc and /sys below a root, so that tests can show it
 * recorded trees. */
#ifndef ACELERA_LIMITS_H
#define ACELERA_LIMITS_H

#include "harness/machine/machine.h"

struct limits {
    double cpu_quota;              /* smallest quota on the way to the root, CPUs; −1 none */
    double memory_available_bytes; /* min(MemAvailable, ulimit -v, limit − usage of every
                                      ancestor); −1 unknown */
    struct machine_limit *limit;   /* every limit that exists, with its source */
    int limit_count;
};

/* root: "" for the real system, else a folder holding proc/ and sys/. Never fails: what cannot be read is
 * absent. */
void limits_read(const char *root, struct limits *limits);
void limits_free(struct limits *limits);

#endif
