/* The thread ladder: which team sizes a sweep visits, and why. Decides nothing about budgets or quotas. */
#include "harness/base/text.h"
#include "harness/machine/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ladder {
    struct ladder_point *point;
    int count;
};

/* Adds a reason, and the point if it is new. */
static void ladder_add(struct ladder *ladder, int threads, bool cores_only, bool boundary, const char *reason)
{
    int at = 0;
    while (at < ladder->count && ladder->point[at].threads < threads)
        at++;
    if (at == ladder->count || ladder->point[at].threads != threads) {
        ladder->point = memory_grow(ladder->point, (size_t)ladder->count + 1, sizeof *ladder->point);
        memmove(&ladder->point[at + 1], &ladder->point[at],
            (size_t)(ladder->count++ - at) * sizeof *ladder->point);
        ladder->point[at] = (struct ladder_point){.threads = threads};
    }
    struct ladder_point *point = &ladder->point[at];
    point->cores_only |= cores_only;
    point->boundary |= boundary;
    size_t used = strlen(point->reason);
    snprintf(point->reason + used, sizeof point->reason - used, "%s%s", used > 0 ? ", " : "", reason);
}

static void ladder_add_classes(struct ladder *ladder, const struct topology *topology)
{
    char reason[80];
    int cores = 0;
    for (int class = 0; class + 1 < topology->class_count; class ++) {
        cores += topology->class_cores[class];
        if (class == 0)
            snprintf(reason, sizeof reason, "all cores of the fastest class");
        else
            snprintf(reason, sizeof reason, "all cores of the %d fastest classes", class + 1);
        ladder_add(ladder, cores, true, true, reason);
    }
}

/* Σ min(s, PUs of the core): so many threads fill s siblings of every core that has them. */
static int count_with_siblings(const struct topology *topology, int siblings)
{
    int threads = 0;
    for (int i = 0; i < topology->usable_pus; i++)
        threads += topology->pu[i].smt < siblings;
    return threads;
}

void topology_ladder(const struct topology *topology, struct ladder_point **points, int *count)
{
    struct ladder ladder = {0};
    char reason[80];
    int cores = topology->usable_cores;
    ladder_add(&ladder, 1, true, true, "one thread, the base");
    if (topology->domain_count > 1)
        ladder_add(&ladder, topology->domain_cores[0], true, true, "all cores of memory domain 0");
    ladder_add_classes(&ladder, topology);
    ladder_add(&ladder, cores, true, true, "all cores");
    for (int siblings = 2; siblings < topology->max_smt; siblings *= 2) {
        snprintf(reason, sizeof reason, "up to %d PUs of each core", siblings);
        ladder_add(&ladder, count_with_siblings(topology, siblings), false, true, reason);
    }
    ladder_add(&ladder, topology->usable_pus, false, true, "all PUs");
    for (int power = 2; power <= cores; power *= 2)
        ladder_add(&ladder, power, true, false, "power of two");
    *points = ladder.point;
    *count = ladder.count;
}
