/* Shared sums without a lock: every coordinate is added by an atomic operation of its own. Right at any
 * number of threads, because sums on the grid do not depend on the order of additions. Threads meet only
 * where they add to one number, or to numbers in one cache line; but each addition pays for the chance, d + 1
 * times a point, even when it is alone. A rung for learning from. */
#include "kernels/kmeans/shared_sums.h"

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    int64_t d = p->d, *counts = p->counts + t * p->k;
    const double *centroids = p->centroids + t * p->k * d;
    double *sums = p->centroids + (t + 1) * p->k * d;
    const double *anchor = p->slabs[rank].anchor;
    for (int64_t i = begin; i < end; i++) {
        const element *x = p->points + i * d;
        int32_t label = TYPED(kmeans_nearest64)(x, centroids, p->k, d);
        p->labels[t * p->n + i] = label;
#pragma omp atomic
        counts[label]++;
        for (int64_t j = 0; j < d; j++) {
            double addend = kmeans_round((double)x[j], anchor[j]);
#pragma omp atomic
            sums[label * d + j] += addend;
        }
    }
}

void TYPED(kmeans_run_atomic)(void *state, struct kernel_lane *lanes)
{
    shared_sums_clear(state);
    TYPED(kmeans_run_lloyd)(state, lanes, assign, shared_sums_divide);
}
