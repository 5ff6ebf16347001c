/* The first rung: the textbook. Every point against every centroid, one distance at a time, in f64; then
 * every thread goes through all labels and sums the clusters that are its own, so no two threads write one
 * sum. Not blocked, not vectorized, nothing private. */
#include "kernels/kmeans/kmeans.h"

#include <math.h>
#include <string.h>

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    (void)rank;
    const double *centroids = p->centroids + t * p->k * p->d;
    for (int64_t i = begin; i < end; i++) {
        double best = INFINITY;
        int32_t label = 0;
        for (int64_t c = 0; c < p->k; c++) {
            double distance = TYPED(kmeans_dist64)(p->points + i * p->d, centroids + c * p->d, p->d);
            if (distance < best) {
                best = distance;
                label = (int32_t)c;
            }
        }
        p->labels[t * p->n + i] = label;
    }
}

static void update(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    int64_t d = p->d, *counts = p->counts + t * p->k;
    double *next = p->centroids + (t + 1) * p->k * d;
    memset(counts + begin, 0, (size_t)(end - begin) * sizeof *counts);
    memset(next + begin * d, 0, (size_t)((end - begin) * d) * sizeof *next);
    for (int64_t i = 0; i < p->n; i++) {
        int32_t label = p->labels[t * p->n + i];
        if (label < begin || label >= end)
            continue;
        counts[label]++;
        kmeans_add_point(next + label * d, p->points + i * d, d, p->slabs[rank].anchor);
    }
    for (int64_t c = begin; c < end; c++)
        for (int64_t j = 0; j < d && counts[c] > 0; j++)
            next[c * d + j] /= (double)counts[c];
}

void TYPED(kmeans_run_naive)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_run_lloyd)(state, lanes, assign, update);
}
