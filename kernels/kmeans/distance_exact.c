/* The truth of k-means: squared distances in f64, in index order. Compiled without contraction, because an
 * FMA would move the last bit between instruction sets. Not fast on purpose: speed is the variants' business,
 * and they answer to these bits. */
#include "kernels/kmeans/kmeans.h"

#include <math.h>

double TYPED(kmeans_dist64)(const element *x, const double *centroid, int64_t d)
{
    double sum = 0;
    for (int64_t j = 0; j < d; j++) {
        double difference = (double)x[j] - centroid[j];
        sum += difference * difference;
    }
    return sum;
}

void TYPED(kmeans_dist64_four)(const element *x, const double *centroids, int64_t d, double distance[4])
{
    const double *c0 = centroids, *c1 = c0 + d, *c2 = c1 + d, *c3 = c2 + d;
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (int64_t j = 0; j < d; j++) {
        double v = (double)x[j];
        double d0 = v - c0[j], d1 = v - c1[j], d2 = v - c2[j], d3 = v - c3[j];
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
    }
    distance[0] = s0;
    distance[1] = s1;
    distance[2] = s2;
    distance[3] = s3;
}

int32_t TYPED(kmeans_nearest64)(const element *x, const double *centroids, int64_t k, int64_t d)
{
    double best = INFINITY;
    int32_t label = 0;
    for (int64_t c = 0; c < k; c += 4) {
        double distance[4] = {INFINITY, INFINITY, INFINITY, INFINITY};
        if (c + 4 <= k)
            TYPED(kmeans_dist64_four)(x, centroids + c * d, d, distance);
        else
            for (int64_t i = 0; c + i < k; i++)
                distance[i] = TYPED(kmeans_dist64)(x, centroids + (c + i) * d, d);
        for (int i = 0; i < 4; i++) {
            if (distance[i] < best) {
                best = distance[i];
                label = (int32_t)c + i;
            }
        }
    }
    return label;
}
