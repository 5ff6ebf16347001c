/* Which PU each thread of a cell gets, and what the threads of a cell share: cores, kinds, memory domains. A
 * thread without a PU of its own shares nothing that could be counted. */
#include "harness/base/text.h"
#include "harness/measure/plan_parts.h"

#include <stdlib.h>
#include <string.h>

static int *placed_pus(const struct topology *topology, const char *placement, int threads)
{
    const int *order = strcmp(placement, "compact") == 0  ? topology->compact
                       : strcmp(placement, "packed") == 0 ? topology->packed
                                                          : topology->spread;
    if (strcmp(placement, "unbound") == 0)
        return NULL;
    int *pus = memory_new((size_t)threads, sizeof *pus);
    for (int t = 0; t < threads; t++)
        pus[t] = strcmp(placement, "one-pu") == 0 ? order[0] : order[t];
    return pus;
}

/* How many threads of a cell run on each PU, core, kind and domain. */
struct crowd {
    int *core, *class, *domain;
};

static void count_thread(const struct topology *topology, int os_index, struct crowd *crowd)
{
    for (int p = 0; p < topology->usable_pus; p++) {
        const struct topology_pu *pu = &topology->pu[p];
        if (pu->os_index != os_index)
            continue;
        crowd->core[pu->core]++;
        crowd->class[pu->class]++;
        crowd->domain[pu->domain]++;
        return;
    }
}

static int count_used(const int *threads, int count)
{
    int used = 0;
    for (int i = 0; i < count; i++)
        used += threads[i] > 0;
    return used;
}

void plan_place_cell(const struct topology *topology, struct cell *cell)
{
    cell->pus = placed_pus(topology, cell->placement, cell->threads);
    if (cell->pus == NULL)
        return;
    struct crowd crowd = {memory_new((size_t)topology->usable_cores + 1, sizeof(int)),
        memory_new((size_t)topology->class_count + 1, sizeof(int)),
        memory_new((size_t)topology->domain_count + 1, sizeof(int))};
    for (int t = 0; t < cell->threads; t++)
        count_thread(topology, cell->pus[t], &crowd);
    cell->classes = count_used(crowd.class, topology->class_count);
    cell->domains = count_used(crowd.domain, topology->domain_count);
    /* Without Core objects each PU stands for one, and whether they share one is not known. */
    for (int c = 0; topology->cores > 0 && c < topology->usable_cores; c++)
        cell->sharing = crowd.core[c] > cell->sharing ? crowd.core[c] : cell->sharing;
    if (topology->cores > 0)
        cell->cores = count_used(crowd.core, topology->usable_cores);
    free(crowd.core);
    free(crowd.class);
    free(crowd.domain);
}
