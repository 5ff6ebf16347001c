/* The labels' reference: brute force over all centroids with the operations of kmeans_dist64, in its order,
 * but a block of points at a time, one in each lane. Written apart from what the variants use, and compiled
 * without contraction; the self-test holds it against the plain loop. */
#include "kernels/kmeans/kmeans.h"
#include "kernels/wide.h"

#include <math.h>

/* Four vectors of points: four chains of additions, so that one does not wait for another. */
enum { CHAINS = KMEANS_REFERENCE_POINTS / (int)WIDE_LANES };
_Static_assert((int)CHAINS == 4, "see_centroid() names its four chains");
typedef int64_t wide_integer __attribute__((vector_size(VECTOR_BYTES)));

/* The nearest centroid so far of the point in each lane. */
struct lane_best {
    wide distance;
    wide_integer label;
};

double TYPED(kmeans_reference_bytes)(double d)
{
    return d * KMEANS_REFERENCE_POINTS * (double)sizeof(double);
}

/* Centroids come by rising c: of equally near ones the first stays. */
static inline void see(struct lane_best *best, wide distance, int64_t c)
{
    wide_integer nearer = distance < best->distance, label = (wide_integer){0} + c;
    best->distance = (wide)((nearer & (wide_integer)distance) | (~nearer & (wide_integer)best->distance));
    best->label = (nearer & label) | (~nearer & best->label);
}

static inline void see_centroid(
    struct lane_best best[CHAINS], const wide_unaligned *block, const double *centroid, int64_t c, int64_t d)
{
    wide s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int64_t j = 0; j < d; j++, block += CHAINS) {
        double v = centroid[j];
        wide d0 = block[0] - v, d1 = block[1] - v, d2 = block[2] - v, d3 = block[3] - v;
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
    }
    see(&best[0], s0, c);
    see(&best[1], s1, c);
    see(&best[2], s2, c);
    see(&best[3], s3, c);
}

void TYPED(kmeans_reference_labels)(const double *block, const double *centroids, int64_t k, int64_t d,
    int64_t label[KMEANS_REFERENCE_POINTS])
{
    struct lane_best best[CHAINS] = {0};
    for (int v = 0; v < CHAINS; v++)
        best[v].distance += INFINITY;
    for (int64_t c = 0; c < k; c++)
        see_centroid(best, (const wide_unaligned *)block, centroids + c * d, c, d);
    for (int i = 0; i < KMEANS_REFERENCE_POINTS; i++)
        label[i] = best[i / WIDE_LANES].label[i % WIDE_LANES];
}
