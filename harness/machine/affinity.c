/* sched_getaffinity() with a set that grows until the kernel's fits: cpu_set_t ends at 1024 CPUs. */
#include "harness/machine/affinity.h"

#include "harness/base/text.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { CPUS_FIRST = 1024, CPUS_MAX = 1 << 20 };

enum status affinity_read(struct affinity *affinity, struct error *error)
{
    for (int cpus = CPUS_FIRST; cpus <= CPUS_MAX; cpus *= 2) {
        size_t size = CPU_ALLOC_SIZE((size_t)cpus);
        cpu_set_t *set = memory_new(1, size);
        if (sched_getaffinity(0, size, set) == 0) {
            affinity->count = 0;
            affinity->cpu = memory_new((size_t)CPU_COUNT_S(size, set), sizeof *affinity->cpu);
            for (int cpu = 0; cpu < cpus; cpu++)
                if (CPU_ISSET_S((size_t)cpu, size, set))
                    affinity->cpu[affinity->count++] = cpu;
            free(set);
            return STATUS_OK;
        }
        int cause = errno;
        free(set);
        if (cause != EINVAL) /* EINVAL: the set is too small */
            return error_set(
                error, STATUS_FAILED, "this machine: its affinity mask cannot be read: %s", strerror(cause));
    }
    return error_set(error, STATUS_FAILED, "this machine: its affinity mask has more than %d CPUs", CPUS_MAX);
}

void affinity_free(struct affinity *affinity)
{
    free(affinity->cpu);
    *affinity = (struct affinity){0};
}
