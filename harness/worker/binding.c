/* Binding goes through sched_setaffinity, thread by thread, and not through the OpenMP runtime: places and
 * proc-bind mean different things to different runtimes, and none of them reads back. */
#include "harness/worker/binding.h"
#include "kernels/team.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

/* What was found out about one thread. */
struct sighting {
    int error;       /* errno of the failed call, 0 */
    int pu;          /* where it runs; −1 for a stranger, who cannot be asked */
    int mask_weight; /* PUs in its mask */
    bool mask_right; /* its PU alone is in the mask */
};

enum { CPUS_AT_LEAST = 1024, CPUS_AT_MOST = 1 << 20 };

/* thread: its id, 0 for the calling one. */
static int bind_thread(pid_t thread, int pu)
{
    int cpus = pu < CPUS_AT_LEAST ? CPUS_AT_LEAST : pu + 1;
    size_t size = CPU_ALLOC_SIZE((size_t)cpus);
    cpu_set_t *set = CPU_ALLOC((size_t)cpus);
    if (set == NULL)
        return ENOMEM;
    CPU_ZERO_S(size, set);
    CPU_SET_S((size_t)pu, size, set);
    int error = sched_setaffinity(thread, size, set) == 0 ? 0 : errno;
    CPU_FREE(set);
    return error;
}

static struct sighting look(pid_t thread, int expected_pu)
{
    struct sighting sighting = {.error = EINVAL, .pu = -1};
    for (size_t cpus = CPUS_AT_LEAST; cpus <= CPUS_AT_MOST && sighting.error == EINVAL; cpus *= 2) {
        size_t size = CPU_ALLOC_SIZE(cpus);
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (set == NULL) {
            sighting.error = ENOMEM;
            break;
        }
        /* EINVAL: the kernel's mask is longer than ours. */
        sighting.error = sched_getaffinity(thread, size, set) == 0 ? 0 : errno;
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
            int error = bind && pus != NULL ? bind_thread(0, pus[rank]) : 0;
            sightings[rank] = look(0, pus != NULL ? pus[rank] : -1);
            sightings[rank].pu = sched_getcpu();
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

/* ---- strangers ---- */

static int compare_ids(const void *a, const void *b)
{
    pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;
    return (left > right) - (left < right);
}

/* The ids of the threads of this process, ascending. NULL: they cannot be listed. Free with free(). */
static pid_t *list_threads(size_t *count)
{
    DIR *folder = opendir("/proc/self/task");
    size_t room = 64, n = 0;
    pid_t *ids = folder != NULL ? malloc(room * sizeof *ids) : NULL;
    for (struct dirent *entry; ids != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        if (n == room) {
            pid_t *more = realloc(ids, (room *= 2) * sizeof *ids);
            if (more == NULL)
                free(ids);
            ids = more;
        }
        if (ids != NULL)
            ids[n++] = (pid_t)strtol(entry->d_name, NULL, 10);
    }
    if (folder != NULL)
        closedir(folder);
    if (ids != NULL)
        qsort(ids, n, sizeof *ids, compare_ids);
    *count = n;
    return ids;
}

/* Keeps those of the ids that are not in the team; returns how many. */
static size_t leave_out_team(int threads, pid_t *ids, size_t count)
{
    size_t kept = 0;
    (void)threads; /* without OpenMP the team is the caller */
#pragma omp parallel num_threads(threads)
    {
        pid_t self = gettid();
#pragma omp critical
        for (size_t i = 0; i < count; i++)
            if (ids[i] == self)
                ids[i] = 0;
    }
    for (size_t i = 0; i < count; i++)
        if (ids[i] != 0)
            ids[kept++] = ids[i];
    return kept;
}

/* A thread that has ended meanwhile is nobody's; but the later ones then move up by one, and a read-back says
 * so: a library whose threads come and go has no placement to report. */
static bool visit_strangers(
    int threads, const int *pus, bool bind, int *strangers, char *why, size_t why_size)
{
    size_t count;
    pid_t *ids = list_threads(&count);
    if (ids == NULL) {
        snprintf(why, why_size, "the threads of this process cannot be listed in /proc/self/task: %s",
            strerror(errno));
        return false;
    }
    count = leave_out_team(threads, ids, count);
    bool good = true;
    int seen = 0;
    for (size_t i = 0; good && i < count; i++) {
        int pu = pus != NULL ? pus[(1 + seen) % threads] : -1;
        int error = bind && pus != NULL ? bind_thread(ids[i], pu) : 0;
        struct sighting sighting = look(ids[i], pu);
        error = error != 0 ? error : sighting.error;
        if (error == ESRCH)
            continue;
        seen++;
        good = error == 0 && (pus == NULL || sighting.mask_right);
        if (error != 0)
            snprintf(why, why_size, "thread %ld of a library cannot be bound to PU %d: %s", (long)ids[i], pu,
                strerror(error));
        else if (!good)
            snprintf(why, why_size,
                "thread %ld of a library should be on PU %d alone, but is not; its mask has %d PUs",
                (long)ids[i], pu, sighting.mask_weight);
    }
    free(ids);
    if (good)
        *strangers = seen;
    return good;
}

/* A thread inherits the mask of the one that starts it: here the initial thread's single PU, on which all
 * threads of a library that starts them in each call would crowd. OpenMP runtimes give attributes of their
 * own, so they are not concerned. Returns 0 or errno. */
static int bind_later_threads(int threads, const int *pus)
{
#ifdef __GLIBC__
    int last = pus[0];
    for (int t = 1; t < threads; t++)
        last = pus[t] > last ? pus[t] : last;
    size_t cpus = (size_t)(last < CPUS_AT_LEAST ? CPUS_AT_LEAST : last + 1), size = CPU_ALLOC_SIZE(cpus);
    cpu_set_t *set = CPU_ALLOC(cpus);
    pthread_attr_t attributes;
    if (set == NULL)
        return ENOMEM;
    CPU_ZERO_S(size, set);
    for (int t = 0; t < threads; t++)
        if (pus[t] != pus[0])
            CPU_SET_S((size_t)pus[t], size, set);
    if (CPU_COUNT_S(size, set) == 0)
        CPU_SET_S((size_t)pus[0], size, set);
    int error = pthread_getattr_default_np(&attributes);
    if (error == 0) {
        error = pthread_attr_setaffinity_np(&attributes, size, set);
        if (error == 0)
            error = pthread_setattr_default_np(&attributes);
        pthread_attr_destroy(&attributes);
    }
    CPU_FREE(set);
    return error;
#else
    (void)threads; /* other libraries have no default mask */
    (void)pus;
    return 0;
#endif
}

/* Only then is there a place for them to be found in. */
static bool strangers_are_bound;

bool binding_form_team(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size)
{
    return visit_team(threads, pus, true, seen, delivered, why, why_size);
}

bool binding_bind_strangers(int threads, const int *pus, int *strangers, char *why, size_t why_size)
{
    int error = pus != NULL ? bind_later_threads(threads, pus) : 0;
    if (error != 0) {
        snprintf(why, why_size, "threads that a library starts cannot be kept off PU %d: %s", pus[0],
            strerror(error));
        return false;
    }
    strangers_are_bound = visit_strangers(threads, pus, true, strangers, why, why_size);
    return strangers_are_bound;
}

bool binding_read_back(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size)
{
    int strangers;
    return visit_team(threads, pus, false, seen, delivered, why, why_size) &&
           (!strangers_are_bound || visit_strangers(threads, pus, false, &strangers, why, why_size));
}
