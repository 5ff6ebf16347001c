/* One set of sums for the whole team: what the critical and the atomic variant have in common, and what every
 * later rung avoids. The sums of iteration t grow where its centroids will be, its counts where they belong.
 * Not about how threads keep out of each other's way: that is the difference between the two. */
#ifndef ACELERA_KMEANS_SHARED_SUMS_H
#define ACELERA_KMEANS_SHARED_SUMS_H

#include "kernels/kmeans/kmeans.h"

#include <string.h>

/* The sums and counts of all iterations at once, before the team starts: none is touched before its own
 * iteration, and no iteration needs a barrier for it. */
static inline void shared_sums_clear(struct kmeans *p)
{
    memset(p->counts, 0, (size_t)(p->iterations * p->k) * sizeof *p->counts);
    memset(p->centroids + p->k * p->d, 0, (size_t)(p->iterations * p->k * p->d) * sizeof *p->centroids);
}

/* An `update`: sums become means. */
static inline void shared_sums_divide(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    (void)rank;
    const int64_t *counts = p->counts + t * p->k;
    double *next = p->centroids + (t + 1) * p->k * p->d;
    for (int64_t c = begin; c < end; c++)
        for (int64_t j = 0; j < p->d && counts[c] > 0; j++)
            next[c * p->d + j] /= (double)counts[c];
}

#endif
