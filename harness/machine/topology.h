/* The topology of a machine as a sweep may use it: flat tables, computed once from hwloc's tree.
 *
 * Refuses to be a wrapper of hwloc: nothing of hwloc crosses this header. A person's file is loaded in a
 * child process with resource limits, because hostile files crash hwloc; only validated tables come back.
 * Definitions of core, class, domain, spread, compact, packed and the ladder: README.md beside this file.
 */
#ifndef ACELERA_TOPOLOGY_H
#define ACELERA_TOPOLOGY_H

#include "harness/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* A usable PU (allowed, and in the affinity mask for a live machine). */
struct topology_pu {
    int os_index;
    int core;    /* rank of its core among the usable cores, logical order, from 0 */
    int smt;     /* rank among the usable PUs of its core */
    int class;   /* 0 is fastest */
    int domain;  /* memory domain, from 0 */
    int package; /* rank of its Package object, 0 if the machine has none; a PU outside every package of a
                    machine that has some gets the next rank */
    int llc;     /* its last-level cache, index into `llc`; −1: no cache known */
};

/* OS indexes of PUs are below this; topologies that claim more are refused. */
enum { TOPOLOGY_PU_LIMIT = 65536 };

struct topology_cache {
    int level;
    long long bytes; /* 0: unknown */
    int count;
    int pus_sharing; /* PUs under one of them (the largest) */
};

/* A cache that is the farthest from some PU. */
struct topology_llc {
    int level;
    long long bytes; /* 0: unknown */
};

struct topology_kind {
    int pus;
    int efficiency; /* −1: unknown; larger is faster */
};

struct topology {
    char *source; /* "this machine", or the file or string it came from */
    bool live;

    /* as the topology has them, disallowed PUs included */
    int packages, numa_nodes, cores, pus;
    int allowed_pus; /* of `pus`, those that the system's cpuset allows, before the affinity mask */

    /* as they may be used */
    int usable_cores, usable_pus, max_smt;
    struct topology_pu *pu; /* usable_pus entries, logical order */
    int *domain_cores;      /* usable cores of each domain */
    int domain_count;
    int *class_cores; /* usable cores of each class, fastest first */
    int class_count;
    int *spread, *compact, *packed; /* usable_pus OS indexes each */

    struct topology_cache *cache; /* data and unified caches, L1 first */
    int cache_count;
    struct topology_kind *kind;
    int kind_count;
    struct topology_llc *llc; /* each last-level cache that a usable PU reaches, logical order */
    int llc_count;

    char *host, *cpu_model; /* as hwloc has them, "" unknown */
    char *xml;              /* live machine only: hwloc's own export, NUL-terminated */
};

/* The machine that we run on, restricted to `affinity_mask_at_start` (the caller's mask when the program
 * began). HWLOC_ environment variables have no say. */
enum status topology_load_live(struct topology *topology, struct error *error);

/* Another machine: an existing path is an hwloc XML file, anything else a synthetic string. One clear line
 * and STATUS_FAILED for what is not a believable topology, within a second of processor time. */
enum status topology_load_foreign(const char *file_or_string, struct topology *topology, struct error *error);

void topology_free(struct topology *topology);

/* Makes the size of every cache unknown that claims more than any PU can have. Returns the largest claim, 0
 * if all are credible. */
long long topology_forget_incredible_caches(struct topology *topology);

/* A point of the thread ladder and why it is there. */
struct ladder_point {
    int threads;
    bool cores_only; /* also a point of the ladder of cores */
    bool boundary;   /* 1, all cores of something, an SMT level, all PUs: never dropped for the budget */
    char reason[160];
};

/* The full ladder, ascending, without repeats. `points` is owned by the caller (free). */
void topology_ladder(const struct topology *topology, struct ladder_point **points, int *count);

#endif
