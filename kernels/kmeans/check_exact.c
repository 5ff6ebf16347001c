/* The labels' reference: brute force over all centroids with the operations of kmeans_dist64, in its order,
 * but many centroids at a time, one in each lane. Written apart from what the variants use, and compiled
 * without contraction; the self-test holds it against the plain loop. */
#include "kernels/kmeans/kmeans.h"

#include <math.h>

enum { WIDE = VECTOR_BYTES / (int)sizeof(double), CHAINS = 4 };
typedef double wide __attribute__((vector_size(VECTOR_BYTES)));
typedef double wide_unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));
typedef int64_t wide_integer __attribute__((vector_size(VECTOR_BYTES)));

/* The nearest centroid that each lane has seen. */
struct lane_best {
    wide distance;
    wide_integer label;
};

double TYPED(kmeans_reference_bytes)(double k, double d)
{
    return (k + WIDE) * d * 8;
}

/* Vector by vector, coordinate by coordinate; the last vector is filled up with infinitely far centroids. */
void TYPED(kmeans_transpose_reference)(const double *centroids, int64_t k, int64_t d, double *reference)
{
    for (int64_t first = 0; first < k; first += WIDE)
        for (int64_t j = 0; j < d; j++)
            for (int64_t c = first; c < first + WIDE; c++)
                *reference++ = c < k ? centroids[c * d + j] : INFINITY;
}

static inline void see(struct lane_best *best, wide distance, int64_t first)
{
    wide_integer label;
    for (int i = 0; i < WIDE; i++)
        label[i] = first + i;
    wide_integer nearer = distance < best->distance;
    best->distance = (wide)((nearer & (wide_integer)distance) | (~nearer & (wide_integer)best->distance));
    best->label = (nearer & label) | (~nearer & best->label);
}

/* Ties to the lowest label; a lane keeps the lowest of its own. */
static inline int32_t choose_lane(const struct lane_best *best)
{
    int chosen = 0;
    for (int i = 1; i < WIDE; i++) {
        double distance = best->distance[i], least = best->distance[chosen];
        if (distance < least || (distance == least && best->label[i] < best->label[chosen]))
            chosen = i;
    }
    return (int32_t)best->label[chosen];
}

/* CHAINS vectors of centroids at a time, so that one addition does not wait for another. */
static inline void see_chains(
    struct lane_best *best, const element *x, const wide_unaligned *reference, int64_t first, int64_t d)
{
    wide s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int64_t j = 0; j < d; j++, reference++) {
        double v = (double)x[j];
        wide d0 = v - reference[0], d1 = v - reference[d], d2 = v - reference[2 * d],
             d3 = v - reference[3 * d];
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
    }
    see(best, s0, first);
    see(best, s1, first + WIDE);
    see(best, s2, first + 2 * WIDE);
    see(best, s3, first + 3 * WIDE);
}

int32_t TYPED(kmeans_reference_nearest)(const element *x, const double *reference, int64_t k, int64_t d)
{
    struct lane_best best = {.distance = (wide){0} + INFINITY};
    const wide_unaligned *row = (const wide_unaligned *)reference;
    int64_t first = 0;
    for (; first + (CHAINS - 1) * WIDE < k; first += CHAINS * WIDE, row += CHAINS * d)
        see_chains(&best, x, row, first, d);
    for (; first < k; first += WIDE, row += d) {
        wide sum = {0};
        for (int64_t j = 0; j < d; j++) {
            wide difference = (double)x[j] - row[j];
            sum += difference * difference;
        }
        see(&best, sum, first);
    }
    return choose_lane(&best);
}
