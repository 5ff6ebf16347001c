/* What the PUs did while we slept: the work of other programs, and time that a hypervisor took. Two readings
 * of /proc and their difference. Reads only. */
#ifndef ACELERA_WATCH_H
#define ACELERA_WATCH_H

#include <stddef.h>

/* Ticks since boot, as /proc/stat has them. */
struct watch_pu {
    int os_index;
    unsigned long long busy, idle, steal;
};

struct watch_process {
    long pid;
    unsigned long long ticks; /* of processor time, user and system */
    char name[32];            /* as the kernel has it, "?" for what cannot be printed */
};

struct watch_reading {
    struct watch_pu *pu;
    size_t pu_count;
    struct watch_process *process;
    size_t process_count;
};

/* Shares of one PU's time, or of all PUs together. */
struct watch_shares {
    double busy, steal; /* 0 … 1; NaN unknown */
};

/* `root`: "" or a recorded tree. What cannot be read is absent. */
void watch_read(const char *root, struct watch_reading *reading);
void watch_free(struct watch_reading *reading);

/* Between two readings, or, with `before` NULL, since boot. os_index −1: all PUs together. */
struct watch_shares watch_shares_of(
    const struct watch_reading *before, const struct watch_reading *after, int os_index);

/* The process that used most processor time between two readings, the caller's own left out; `cpus` is its
 * time over that of one PU. NULL if none used any. Points into `after`. */
const struct watch_process *watch_busiest(
    const struct watch_reading *before, const struct watch_reading *after, double *cpus);

#endif
