/* Binding goes through sched_setaffinity, thread by thread, and not through the OpenMP runtime: places and
 * proc-bind mean different things to different runtimes, and none of them reads back. */
#include "harness/worker/binding.h"
#include "kernels/team.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one thread found out about itself. */
struct sighting {
    int error;       /* errno of the failed call, 0 */
    int pu;          /* where it runs */
    int mask_weight; /* PUs in its mask */
    bool mask_right; /* its PU alone is in the mask */
};

enum { CPUS_AT_LEAST = 1024, CPUS_AT_MOST = 1 << 20 };

static int bind_self(int pu)
{
    int cpus = pu < CPUS_AT_LEAST ? CPUS_AT_LEAST : pu + 1;
    size_t size = CPU_ALLOC_SIZE((size_t)cpus);
    cpu_set_t *set = CPU_ALLOC((size_t)cpus);
    if (set == NULL)
        return ENOMEM;
    CPU_ZERO_S(size, set);
    CPU_SET_S((size_t)pu, size, set);
    int error = sched_setaffinity(0, size, set) == 0 ? 0 : errno;
    CPU_FREE(set);
    return error;
}

static struct sighting look(int expected_pu)
{
    struct sighting sighting = {.error = EINVAL, .pu = sched_getcpu()};
    for (size_t cpus = CPUS_AT_LEAST; cpus <= CPUS_AT_MOST && sighting.error == EINVAL; cpus *= 2) {
        size_t size = CPU_ALLOC_SIZE(cpus);
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (set == NULL) {
            sighting.error = ENOMEM;
            break;
        }
        /* EINVAL: the kernel's mask is longer than ours. */
        sighting.error = sched_getaffinity(0, size, set) == 0 ? 0 : errno;
        if (sighting.error == 0) {
            sighting.mask_weight = CPU_COUNT_S(size, set);
            sighting.mask_right =
                expected_pu >= 0 && sighting.mask_weight == 1 && CPU_ISSET_S((size_t)expected_pu, size, set);
        }
        CPU_FREE(set);
    }
    return sighting;
}

static bool visit_team(
    int threads, const int *pus, bool bind, int *seen, int *delivered, char *why, size_t why_size)
{
    struct sighting *sightings = calloc((size_t)threads, sizeof *sightings);
    int size = 0;
    if (sightings == NULL) {
        snprintf(why, why_size, "out of memory for a team of %d", threads);
        return false;
    }
#pragma omp parallel num_threads(threads)
    {
        int rank = team_rank();
        if (rank == 0)
            size = team_size();
        if (rank < threads) {
            int error = bind && pus != NULL ? bind_self(pus[rank]) : 0;
            sightings[rank] = look(pus != NULL ? pus[rank] : -1);
            if (error != 0)
                sightings[rank].error = error;
        }
    }
    *delivered = size;
    bool good = size == threads;
    if (!good)
        snprintf(why, why_size, "asked for a team of %d threads, got %d", threads, size);
    for (int t = 0; good && t < threads; t++) {
        seen[t] = sightings[t].pu;
        if (sightings[t].error != 0)
            snprintf(why, why_size, "thread %d cannot be bound to PU %d: %s", t, pus != NULL ? pus[t] : -1,
                strerror(sightings[t].error));
        else if (pus != NULL && (!sightings[t].mask_right || sightings[t].pu != pus[t]))
            snprintf(why, why_size, "thread %d should be on PU %d alone, but is on PU %d with %d in its mask",
                t, pus[t], sightings[t].pu, sightings[t].mask_weight);
        else
            continue;
        good = false;
    }
    free(sightings);
    return good;
}

bool binding_form_team(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size)
{
    return visit_team(threads, pus, true, seen, delivered, why, why_size);
}

bool binding_read_back(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size)
{
    return visit_team(threads, pus, false, seen, delivered, why, why_size);
}
