/* The rung where threads share nothing: friendly to the caches, and no thread waits for another. A block of
 * points stays in the first cache while four centroids at a time go past it, and is added to the thread's
 * private sums while it is still there; the private sums are merged after a barrier. Distances are still f64,
 * and scalar. */
#include "kernels/kmeans/kmeans.h"

#include <math.h>

enum { BLOCK = 64 }; /* 8 KiB of f32 points at d = 32 */

/* The nearest of centroids [c, c + many), against what the earlier ones left. */
static void nearer(const element *x, const double *centroids, int64_t c, int64_t many, int64_t d,
    double *best, int32_t *label)
{
    double distance[4];
    if (many == 4)
        TYPED(kmeans_dist64_four)(x, centroids + c * d, d, distance);
    else
        for (int64_t v = 0; v < many; v++)
            distance[v] = TYPED(kmeans_dist64)(x, centroids + (c + v) * d, d);
    for (int64_t v = 0; v < many; v++) {
        if (distance[v] < *best) {
            *best = distance[v];
            *label = (int32_t)(c + v);
        }
    }
}

void TYPED(kmeans_assign_private)(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    const double *centroids = p->centroids + t * p->k * p->d;
    TYPED(kmeans_clear_sums)(p, rank);
    for (int64_t first = begin; first < end; first += BLOCK) {
        int64_t count = end - first < BLOCK ? end - first : BLOCK;
        const element *points = p->points + first * p->d;
        int32_t *labels = p->labels + t * p->n + first;
        double best[BLOCK];
        for (int64_t i = 0; i < count; i++) {
            best[i] = INFINITY;
            labels[i] = 0;
        }
        for (int64_t c = 0; c < p->k; c += 4)
            for (int64_t i = 0; i < count; i++)
                nearer(
                    points + i * p->d, centroids, c, p->k - c < 4 ? p->k - c : 4, p->d, &best[i], &labels[i]);
        for (int64_t i = 0; i < count; i++) {
            slab->counts[labels[i]]++;
            kmeans_add_point(slab->sums + labels[i] * p->d, points + i * p->d, p->d, slab->anchor);
        }
    }
}

void TYPED(kmeans_run_private)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_run_lloyd)(state, lanes, TYPED(kmeans_assign_private), TYPED(kmeans_merge_sums));
}
