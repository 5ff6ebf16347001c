/* Shared sums under a lock: right at any number of threads, and serial where it matters. Each point is
 * labelled in parallel, then added to the sums inside one critical section. A rung for learning from: nobody
 * should ship it. */
#include "kernels/kmeans/shared_sums.h"

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    int64_t d = p->d, *counts = p->counts + t * p->k;
    const double *centroids = p->centroids + t * p->k * d;
    double *sums = p->centroids + (t + 1) * p->k * d;
    for (int64_t i = begin; i < end; i++) {
        const element *x = p->points + i * d;
        int32_t label = TYPED(kmeans_nearest64)(x, centroids, p->k, d);
        p->labels[t * p->n + i] = label;
#pragma omp critical(kmeans_sums)
        {
            counts[label]++;
            kmeans_add_point(sums + label * d, x, d, p->slabs[rank].anchor);
        }
    }
}

void TYPED(kmeans_run_critical)(void *state, struct kernel_lane *lanes)
{
    shared_sums_clear(state);
    TYPED(kmeans_run_lloyd)(state, lanes, assign, shared_sums_divide);
}
