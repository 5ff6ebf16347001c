/* The machine in front of us: topology, the limits put on this process, and the environment that the numbers
 * depend on. Everything is a reading with its source; nothing is changed. */
#ifndef ACELERA_MACHINE_H
#define ACELERA_MACHINE_H

#include "harness/base/status.h"
#include "harness/machine/topology.h"

#include <stdbool.h>

/* One limit, as read: {"cpu quota", "1.5 CPUs", "/sys/fs/cgroup/a/cpu.max"}. */
struct machine_limit {
    char *what, *value, *source;
};

struct machine_warning {
    char *id, *message, *remedy; /* id is a fixed word: "hwloc-environment" */
};

/* What the doctor found (doctor.h). Unknown: it could not be read here. */
enum finding_severity { FINDING_FINE, FINDING_INFORMATION, FINDING_WARNING, FINDING_UNKNOWN };

struct machine_finding {
    char *id; /* a fixed word: "governor" */
    enum finding_severity severity;
    char *found;  /* "powersave on PU 0" */
    char *effect; /* what it does to a measurement; "" where it does nothing */
    char *remedy; /* "" where there is none, or none is needed */
};

/* "fine" "information" "warning" "unknown" */
const char *finding_severity_name(enum finding_severity severity);

/* A named reading of the environment: {"kernel", "Linux 6.1.0"}. */
struct machine_fact {
    char *name, *value;
};

struct machine {
    struct topology topology;
    double cpu_quota;              /* CPUs; −1 none */
    double capacity;               /* min(usable PUs, quota) */
    double memory_available_bytes; /* what a new process may take: min of MemAvailable and every cgroup
                                      limit less its usage; −1 unknown (foreign topology) */
    long long l1d_bytes, l2_bytes, l3_bytes; /* one cache of each level, 0 unknown */
    long long llc_total_bytes;               /* sum of the last-level caches of the usable PUs, 0 unknown */
    char *host;                              /* as the system says; not restricted to any alphabet */
    char *cpu_model;                         /* "" unknown */
    struct machine_limit *limit;
    int limit_count;
    struct machine_warning *warning;
    int warning_count;
    struct machine_fact *fact; /* kernel, hypervisor, governor, THP, load, … whatever could be read */
    int fact_count;
    struct machine_finding *finding; /* empty until the doctor has looked */
    int finding_count;
};

/* topology_source: NULL for this machine. For another machine the live-only fields are unknown. */
enum status machine_discover(const char *topology_source, struct machine *machine, struct error *error);
void machine_free(struct machine *machine);

#endif
